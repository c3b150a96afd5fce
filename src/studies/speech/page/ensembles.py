"""Ensembles of seeds beside their members, fold by fold. Nothing is computed here."""

from great_tables import GT

from uphold.format import level, signed
from uphold.pages.run_tables import mean_sd
from uphold.pages.table import plain
from uphold.pages.writeup import Sweep


def ensembles(sweep: Sweep) -> GT:
    """Single runs and their ensembles on each fold, and what these gain over their members."""
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
                mean_sd(sweep, several, metric),
                signed(sweep.metric(several, gain).mean, page.digits(gain)),
            )
        )
    return plain(rows, ["tested fold", "single runs", f"ensembles of {level(size)}", "gain"])
