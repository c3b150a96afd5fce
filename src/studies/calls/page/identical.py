"""Arms that trained on the same set, seed by seed, are one arm under several names."""

from collections.abc import Mapping, Sequence

from great_tables import GT

from uphold.analysis.model.found import Level
from uphold.analysis.model.runs import Configuration
from uphold.format import counted, level, name, named, number
from uphold.pages.run_tables import mean_sd, runs
from uphold.pages.table import bold, plain
from uphold.pages.writeup import Page, Sweep


def overview(page: Page) -> str:
    """Say of which sweeps arms are one arm under several names; nothing where there is none."""
    return " ".join(_sentence(sweep) for sweep in page.sweeps if sweep.designed.identical_arms)


def distinct(sweep: Sweep) -> list[list[Configuration]]:
    """Return the arms of a sweep, best first; those with one training set together."""
    groups = sweep.designed.identical_arms
    found: dict[str, list[Configuration]] = {}
    for one in sweep.designed.configurations:
        same = next((group[0] for group in groups if one.configuration in group), one.configuration)
        found.setdefault(same, []).append(one)
    return list(found.values())


def scores(sweep: Sweep, spread: Sequence[str], mean: Sequence[str]) -> GT:
    """Every arm, best first and in bold; arms with one training set are one row.

    Parameters
    ----------
    sweep : Sweep
    spread : sequence of str
        Metrics shown as mean ± SD over the runs; of the first the standard error is shown too.
    mean : sequence of str
        Metrics of which the mean alone is shown.
    """
    spread, mean = sweep.page.there(*spread), sweep.page.there(*mean)
    first, arms = spread[0], distinct(sweep)
    rows = [
        (
            _names(sweep, group, of=arms),
            *(mean_sd(sweep, one, metric) for metric in spread[:1]),
            number(sweep.metric(one, first).sem, sweep.page.digits(first)),
            *(mean_sd(sweep, one, metric) for metric in spread[1:]),
            *(number(sweep.metric(one, m).mean, sweep.page.digits(m)) for m in mean),
            runs(sweep, sweep.metric(one, first)),
        )
        for group in arms
        for one in group[:1]
    ]
    label = sweep.page.label
    heads = [label(first), "SEM", *map(label, (*spread[1:], *mean)), "runs"]
    table = plain(rows, [", ".join(map(name, sweep.factors)), *heads])
    return bold(table, rows=[0] if len(rows) > 1 else [])


def _names(
    sweep: Sweep, group: Sequence[Configuration], of: Sequence[Sequence[Configuration]]
) -> str:
    """Return the levels of arms without the factors' names: ``0.1 linear; 0.2 linear``."""
    if len(of) == 1 < len(group):
        return f"all {counted(len(group), 'arm')}"
    by_design = sorted(group, key=lambda one: _place(sweep, one))
    return "; ".join(" ".join(map(level, one.levels.values())) for one in by_design)


def _place(sweep: Sweep, one: Configuration) -> list[int]:
    """Return where an arm stands in the design; a factor that does nothing in it comes first."""
    return [
        levels.index(one.levels[factor]) if factor in one.levels else -1
        for factor, levels in sweep.factors.items()
    ]


def _sentence(sweep: Sweep) -> str:
    groups = sweep.designed.identical_arms
    arms = len(sweep.configurations)
    factors = _idle(sweep)
    idle, them = named(factors), "it" if len(factors) == 1 else "them"
    if max(map(len, groups)) == arms:
        return (
            f"In {sweep.title}, all {arms} arms have the same training set, seed by seed: {idle}"
            f" changed nothing, so that this sweep cannot say anything about {them}."
        )
    text = (
        f"In {sweep.title}, {sum(map(len, groups))} of {arms} arms share their training set with"
        f" another arm ({counted(len(groups), 'group')}): between these {idle} did nothing"
    )
    everywhere = len(groups) == len({_apart(c.levels, factors) for c in sweep.configurations})
    if everywhere and sum(map(len, groups)) == arms:
        return f"{text}, so that this sweep cannot say anything about {them}."
    return f"{text}."


def beside(sweep: Sweep, levels: Mapping[str, Level]) -> str:
    """Say how many of the arms beside one learn from its training set.

    Parameters
    ----------
    sweep : Sweep
    levels : mapping
        Those of the one.
    """
    one = sweep.chosen([levels])[0].configuration
    others = len(sweep.configurations) - 1
    groups = sweep.designed.identical_arms
    same = next((len(group) - 1 for group in groups if one in group), 0)
    if same == 0:
        return f"The other {others} arms of the main sweep learn from other clips."
    if same == others:
        return f"The other {others} arms of the main sweep learn from the very same clips."
    return f"Of the other {others} arms of the main sweep, {same} learn from the very same clips."


def _idle(sweep: Sweep) -> list[str]:
    """Return the factors in which arms with one training set differ."""
    levels = {c.configuration: c.levels for c in sweep.designed.configurations}
    seen: dict[str, None] = {}
    for group in sweep.designed.identical_arms:
        for factor in sweep.factors:
            # A factor without effect in an arm (the mode of no upsampling) is not told apart by it.
            if len({levels[arm][factor] for arm in group if factor in levels[arm]}) > 1:
                seen[factor] = None
    return list(seen)


def _apart(levels: Mapping[str, Level], idle: Sequence[str]) -> tuple[tuple[str, Level], ...]:
    return tuple((factor, level) for factor, level in levels.items() if factor not in idle)
