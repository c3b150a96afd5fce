"""Ensembles of seeds beside their members, fold by fold. Nothing is computed here."""

from great_tables import GT

from uphold.format import level, number, signed
from uphold.pages.run_tables import mean_sd
from uphold.pages.table import plain
from uphold.pages.writeup import Sweep


def ensembles(sweep: Sweep) -> GT:
    """Single runs and their ensemble on each fold, and what it gains over their mean."""
    page, metric, gain = sweep.page, sweep.page.primary, "ensemble_gain"
    size = max(sweep.levels("members"))
    rows = []
    for fold in sweep.levels("fold"):
        (single,) = sweep.chosen([{"fold": fold, "members": 1}])
        (several,) = sweep.chosen([{"fold": fold, "members": size}])
        rows.append(
            (
                level(fold),
                mean_sd(sweep, single, metric),
                number(sweep.metric(several, metric).mean, page.digits(metric)),
                signed(sweep.metric(several, gain).mean, page.digits(gain)),
            )
        )
    return plain(rows, ["tested fold", "single runs", f"ensemble of {level(size)}", "gain"])
