"""Arms that trained on the same set, seed by seed: between them the factor did nothing."""

from great_tables import GT

from uphold.format import counted, level
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
    largest = max(map(len, groups))
    if largest == arms:
        return (
            f"In {sweep.title}, all {arms} arms have the same training set, seed by seed: the"
            " factor added no clip at any level, so that this sweep cannot say anything about it."
        )
    same = sum(map(len, groups))
    return (
        f"In {sweep.title}, {same} of {arms} arms share their training set with another arm"
        f" ({counted(len(groups), 'group')}): between these the factor did nothing."
    )


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
