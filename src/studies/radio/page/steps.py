"""How each arm scores, and what each step between arms does where.

In: a sweep whose configurations are arms or cells of a small grid. Out: tables and sentences, rows
in the order of the design. Nothing is computed here: steps, their parts and whether they add up
come from the analysis.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from great_tables import GT, loc, style

from uphold.analysis.model.estimates import Additivity, Estimate
from uphold.analysis.model.runs import Configuration
from uphold.errors import InputError
from uphold.format import counted, difference, level, name, p_text
from uphold.pages.arms import ARM
from uphold.pages.run_tables import mean_sd, runs
from uphold.pages.table import plain
from uphold.pages.writeup import Sweep


def scores(sweep: Sweep, metrics: Mapping[str, str]) -> GT:
    """Each configuration with mean ± SD by several metrics, the best by each in bold.

    Parameters
    ----------
    sweep : Sweep
    metrics : mapping of str to str
        Metric to the head of its column; one that no run has is left out.
    """
    rows = ordered(sweep)
    shown = {m: head for m, head in metrics.items() if any(sweep.metric(c, m).n for c in rows)}
    cells = [
        (
            *_levels(sweep, c),
            *(mean_sd(sweep, c, metric) for metric in shown),
            runs(sweep, sweep.metric(c, next(iter(metrics)))),
        )
        for c in rows
    ]
    table = plain(cells, [*map(name, sweep.factors), *shown.values(), "runs"])
    for metric, head in shown.items():
        means = [sweep.metric(c, metric).mean for c in rows]
        lower = sweep.page.found.metrics[metric].better == "lower"
        known = [m for m in means if m is not None]
        best = means.index(min(known) if lower else max(known))
        body = loc.body(columns=[head], rows=[best])
        table = table.tab_style(style=style.text(weight="bold"), locations=body)
    return table


def ordered(sweep: Sweep) -> list[Configuration]:
    """Return the configurations in the order of the design."""
    places = {f: {level(v): i for i, v in enumerate(v)} for f, v in sweep.factors.items()}
    return sorted(
        sweep.designed.configurations,
        key=lambda c: [places[f].get(level(c.levels.get(f)), -1) for f in sweep.factors],
    )


def together(sweep: Sweep, metrics: Mapping[str, str]) -> GT:
    """What single arms give, their sum, what the arm that joins them gives, and the difference."""
    arms = {c.configuration: level(c.levels[ARM]) for c in sweep.designed.configurations}
    found = [_named(_together(sweep, metric), arms) for metric in metrics]
    rows = [
        (
            text,
            *(difference(g[text], sweep.page.digits(m)) for m, g in _at(metrics, found)),
            str(gain.seeds),
        )
        for text, gain in found[0].items()
    ]
    return plain(rows, ["change", *metrics.values(), "seeds"])


def adds_up(sweep: Sweep, metrics: Mapping[str, str]) -> str:
    """Say, metric by metric, whether what single arms give adds up to what they give together."""
    labels: dict[str, list[str]] = {}
    for metric, label in metrics.items():
        excess, margin = _together(sweep, metric).excess, sweep.page.margin(metric)
        labels.setdefault(_added(excess, margin), []).append(label)
    parts = [f"{words} ({', '.join(about)})" for words, about in labels.items()]
    return f"Do the single changes add up to the joint one? {'; '.join(parts)}."


def stopping(sweep: Sweep) -> str:
    """Say by which rules its runs could end before their last epoch."""
    fixed = sweep.designed.design.fixed
    patience, flat = (fixed.get(key) for key in ("patience", "flat_patience"))
    rules = [f"after {counted(patience, 'epoch')} without a better one"] if patience else []
    rules += [f"once flat for {counted(flat, 'epoch')}"] if flat else []
    return f"Runs end {' or '.join(rules)}." if rules else "Every run goes on to its last epoch."


def _added(excess: Estimate, margin: float) -> str:
    low, high = excess.ci_low, excess.ci_high
    if low is None or high is None:
        return "Too few seeds to tell"
    p = p_text(excess.p)
    if low > 0:
        return f"No, together they give more than their sum, {p}"
    if high < 0:
        return f"No, together they give less than their sum, {p}"
    if -margin < low and high < margin:
        return "Yes, within the smallest difference that matters"
    return "These runs cannot tell"


def _together(sweep: Sweep, metric: str) -> Additivity:
    found: Mapping[str, Additivity] = sweep.designed.together
    if metric not in found:
        raise InputError(
            f"{sweep.name} has no arm that joins what others change one by one, or {metric!r} is no"
            " band of its primary metric."
        )
    return found[metric]


def _at(metrics: Mapping[str, str], found: Sequence[Any]) -> list[tuple[str, Any]]:
    return list(zip(metrics, found, strict=True))


def _named(found: Additivity, arms: Mapping[str, str]) -> dict[str, Estimate]:
    """Return the gains as a table names them, those of single arms first."""
    return {
        **{arms[key]: gain for key, gain in found.alone.items()},
        "sum of these": found.total,
        "all at once": found.joint,
        "all at once less the sum": found.excess,
    }


def _levels(sweep: Sweep, configuration: Configuration) -> list[str]:
    return [level(configuration.levels.get(factor)) for factor in sweep.factors]
