"""The tables of data, designs, runs and effects, each from one part of an analysis.

One with nothing to show says so in its one row.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from great_tables import GT

from uphold import format
from uphold.analysis.model.estimates import Description
from uphold.format import (
    MISSING,
    count,
    counted,
    crossed,
    interval,
    level,
    name,
    number,
    p_value,
    short,
    signed,
)
from uphold.pages.table import SHARES, bold, coloured, nothing, plain
from uphold.pages.writeup import Page, Shown, Sweep
from uphold.palette import colour

MOST_REASONS = 3
"""So many reasons why runs failed are told."""
ON, OFF = "✓", "–"
"""A switch in a table; sentences say on and off."""
SWITCH = {ON: colour("neutral")}
"""A ground for the eye to find what is on; none of those that stand for verdicts."""


def data(page: Page) -> GT:
    """The prepared data: what each split holds."""
    found = page.writeup.data["splits"]
    heads = list(next(iter(found.values())))
    rows = [
        [level(split), *(_listed_or_number(part[h]) for h in heads)]
        for split, part in found.items()
    ]
    return plain(rows, ["split", *heads])


def design(sweep: Sweep) -> GT:
    """Factors and levels, what was held fixed, seeds and runs."""
    found = sweep.designed.design
    rows = [(name(factor), _listed(levels)) for factor, levels in found.levels.items()]
    rows += [
        ("seeds", _listed(found.seeds)),
        *([("fixed", format.settings(found.fixed))] if found.fixed else []),
        ("starts from", found.after),
        ("runs", runs_text(sweep)),
        *([("failed", _why(sweep.designed.failed))] if sweep.designed.failed else []),
    ]
    return plain(rows, ["factor", "levels"]).cols_width({"factor": "26%", "levels": "74%"})


def _why(failed: Mapping[str, str]) -> str:
    """Say why runs failed, and how many for each reason: the last line that a run said."""
    reasons = Counter(text.strip().splitlines()[-1] for text in failed.values())
    told = [f"{count(many)} by {reason}" for reason, many in reasons.most_common(MOST_REASONS)]
    others = len(failed) - sum(many for _, many in reasons.most_common(MOST_REASONS))
    return "; ".join([*told, *([f"{count(others)} by others"] if others else [])])


def runs_text(sweep: Sweep) -> str:
    """Return such as ``"18 (1 failed)"``, and how many ensembles are made of them."""
    found = sweep.designed
    made = f", and {counted(found.ensembles, 'ensemble')} of them" if found.ensembles else ""
    return f"{count(found.runs)} ({count(len(found.failed))} failed){made}"


def top(
    sweep: Sweep,
    spread: Sequence[str],
    mean: Sequence[str],
    more: Sequence[str] = (),
    rows: int = 5,
) -> GT:
    """The best configurations by the primary metric, and what they may fall short of the best by.

    Parameters
    ----------
    sweep : Sweep
        The sweep.
    spread, more : sequence of str
        Metrics shown as mean ± SD over the runs; `more` comes last.
    mean : sequence of str
        Metrics of which the mean alone is shown.
    rows : int
        How many configurations.
    """
    spread = sweep.page.there(*spread)
    mean = [m for m in sweep.page.there(*mean) if m not in spread]
    more = [m for m in sweep.page.there(*more) if m not in (*spread, *mean)]
    table = [
        [
            *(cell(c.levels.get(f, MISSING)) for f in sweep.factors),
            *(mean_sd(sweep, c, m) for m in spread),
            *(number(sweep.metric(c, m).mean, sweep.page.digits(m)) for m in mean),
            *(mean_sd(sweep, c, m) for m in more),
            runs(sweep, sweep.metric(c, sweep.page.primary)),
            _short_of_best(sweep, c),
        ]
        for c in sweep.configurations[:rows]
    ]
    labels = [sweep.page.label(m) for m in (*spread, *mean, *more)]
    heads = [*map(name, sweep.factors), *labels, "runs", "short of the best"]
    return bold(coloured(plain(table, heads), SWITCH), rows=[0] * bool(table))


def _short_of_best(sweep: Sweep, configuration: Shown) -> str:
    """Return by how much at most a configuration falls short of the best, all taken together."""
    short = configuration.short
    if short is None or short.most is None:
        return MISSING
    return f"≤ {number(short.most, sweep.page.digits(sweep.page.primary))}"


def effects(sweep: Sweep, metric: str | None = None) -> GT:
    """The effect of moving each factor, one value a seed or whatever else is replicated."""
    metric = metric or sweep.page.primary
    digits = sweep.page.digits(metric)
    rows = [
        (
            name(e.factor),
            f"{level(e.from_)} → {level(e.to)}",
            signed(e.value, digits),
            interval(e, digits),
            p_value(e.p),
            str(e.n),
            number(e.hedges_g, 2),
        )
        for e in sweep.found.effects[metric]
    ]
    if not rows:
        return nothing("effects", "no factor of two levels or a few is there to compare")
    label, units = sweep.page.label(metric), f"{sweep.unit}s"
    return plain(rows, ["factor", "step", label, "95 % interval", "p", units, "Hedges’ g"])


def interactions(sweep: Sweep) -> GT:
    """How much the effect of one factor changes with another."""
    digits = sweep.page.digits(sweep.page.primary)
    rows = [
        (
            crossed((i.of, i.by)),
            signed(i.value, digits),
            interval(i, digits),
            p_value(i.p),
            str(i.n),
        )
        for i in sweep.designed.interactions
    ]
    label = f"difference of differences, {sweep.page.label(sweep.page.primary)}"
    return plain(rows, ["factors", label, "95 % interval", "p", f"{sweep.unit}s"])


def anova(sweep: Sweep) -> GT:
    """Type II ANOVA of the primary metric, seeds as a block where the design allows it.

    The permutation p is shown where residuals are far enough from normal to ask for one.
    """
    found = sweep.found.anova
    permuted = any(a.p_permutation is not None for a in found)
    rows = [
        (
            crossed(a.term),
            number(a.F, 2),
            f"{number(a.df, 0)}, {number(a.df_resid, 0)}",
            p_value(a.p),
            *([p_value(a.p_permutation)] if permuted else []),
            number(a.eta_sq_partial, SHARES),
            number(a.omega_sq_partial, SHARES),
        )
        for a in found
    ]
    if not rows:
        return nothing("term", "no factor of two levels or a few has enough runs")
    extra = ["p (permutation)"] if permuted else []
    return plain(rows, ["term", "F", "df", "p", *extra, "partial η²", "partial ω²"])


def levels(sweep: Sweep, metric: str | None = None) -> GT:
    """Every configuration with n, mean, SD, SEM and interval."""
    metric = metric or sweep.page.primary
    digits = sweep.page.digits(metric)
    by_levels = sorted(sweep.configurations, key=lambda c: _order(c, sweep.factors))
    rows = [
        [
            *(cell(c.levels.get(f, MISSING)) for f in sweep.factors),
            *(runs(sweep, m), *(number(part, digits) for part in (m.mean, m.sd, m.sem))),
            interval(m, digits),
        ]
        for c in by_levels
        for m in [sweep.metric(c, metric)]
    ]
    heads = [*map(name, sweep.factors), "runs", "mean", "SD", "SEM", "95 % interval"]
    best = [c for c in sweep.configurations[:1] if sweep.metric(c, metric).mean is not None]
    return bold(coloured(plain(rows, heads), SWITCH), rows=[by_levels.index(c) for c in best])


def splits(sweep: Sweep, metrics: Sequence[str], rows: int = 5) -> GT:
    """The best configurations with the mean and 95 % interval of several metrics.

    Metrics that these data do not have are left out.
    """
    shown = sweep.configurations
    there = [m for m in metrics if any(sweep.metric(c, m).n for c in shown)]
    metrics = there or list(metrics)
    table = [
        [short(c.levels), *(_mean_interval(sweep, c, m) for m in metrics)]
        for c in sweep.configurations[:rows]
    ]
    return plain(table, ["configuration", *map(sweep.page.label, metrics)])


def runs(sweep: Sweep, metric: Description) -> str:
    """Return how many runs are behind a mean, and from how many units where some occur twice."""
    n, seeds = int(metric.n), int(metric.seeds)
    return count(n) if n == seeds else f"{count(n)} from {counted(seeds, sweep.unit)}"


def mean_sd(sweep: Sweep, configuration: Shown, metric: str) -> str:
    """Return a configuration's mean ± SD, with the decimals that the metric has everywhere."""
    found = sweep.metric(configuration, metric)
    return format.spread(found.mean, found.sd, sweep.page.digits(metric)) if found.n else MISSING


def _mean_interval(sweep: Sweep, configuration: Shown, metric: str) -> str:
    found, digits = sweep.metric(configuration, metric), sweep.page.digits(metric)
    mean = number(found.mean, digits)
    return mean if found.ci_low is None else f"{mean} ({interval(found, digits)})"


def _listed_or_number(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return number(value, 2) if isinstance(value, float) else count(value)


def cell(value: Any) -> str:
    """Return a level as a table shows it."""
    return (ON if value else OFF) if isinstance(value, bool) else level(value)


def _listed(levels: Iterable[Any]) -> str:
    return ", ".join(map(level, levels))


def _order(configuration: Shown, factors: Mapping[str, Sequence[Any]]) -> list[int]:
    places = []
    for factor, levels in factors.items():
        names = [_listed([v]) for v in levels]
        shown = level(configuration.levels.get(factor, MISSING))
        places.append(names.index(shown) if shown in names else -1)
    return places
