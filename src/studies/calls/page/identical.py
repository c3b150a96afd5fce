"""Arms that trained on the same set, seed by seed: between them the factor did nothing."""

from collections.abc import Mapping, Sequence

from great_tables import GT

from uphold.analysis.model.found import Level
from uphold.format import counted, level, named
from uphold.pages.table import plain
from uphold.pages.writeup import Page, Sweep


def sentence(sweep: Sweep) -> str:
    """Say whether any arms of a sweep were the same arm under several names."""
    groups = sweep.designed.identical_arms
    arms = len(sweep.configurations)
    if not groups:
        return (
            f"In {sweep.title}, no two of the {arms} arms that differ only in how their training"
            " set is made have the same one."
        )
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


def overview(page: Page) -> str:
    """Say of which sweeps arms are one arm under several names; nothing where there is none."""
    return " ".join(sentence(sweep) for sweep in page.sweeps if sweep.designed.identical_arms)


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


def table(page: Page) -> GT:
    """Arms whose actual training sets are the same, seed by seed, in each sweep."""
    rows = [
        (sweep.title, str(len(names)), "; ".join(_levels_of(sweep, n) for n in names))
        for sweep in page.sweeps
        for names in sweep.designed.identical_arms
    ]
    none = [("all sweeps", "0", "every arm has a training set of its own")]
    return plain(rows or none, ["sweep", "arms", "which"])


def _levels_of(sweep: Sweep, arm: str) -> str:
    """Return an arm's levels without the factors' names: ``0.1 linear``."""
    levels = {c.configuration: c.levels for c in sweep.designed.configurations}[arm]
    return " ".join(map(level, levels.values()))
