"""How a promoted configuration stands among all of its sweep, in words.

The rule takes the best of the stable ones. That may be a poor one, where few are stable: a page
and a card that say what was promoted say this with it.
"""

from typing import Protocol

from uphold.format import count, exact, name, number


class Promoted(Protocol):
    """What is known of a promotion; see `uphold.pipeline.promotion`."""

    @property
    def by(self) -> str: ...

    @property
    def higher(self) -> bool: ...

    @property
    def mean(self) -> float | None: ...

    @property
    def stable(self) -> int: ...

    @property
    def configurations(self) -> int: ...

    @property
    def rule_met(self) -> bool: ...

    @property
    def rank(self) -> int | None: ...

    @property
    def best(self) -> float | None: ...

    @property
    def floor(self) -> float | None: ...


def among(found: Promoted) -> str:
    """Return what it was the best of, which is not always the best of all."""
    many, by = count(found.configurations), f"mean {name(found.by)}"
    if not found.rule_met:
        return f"the best of {many} by {by}, since none was stable"
    if found.stable == found.configurations:
        return f"the best of {many} by {by}"
    if found.stable == 1:
        return f"the only one of {many} configurations that was stable in {name(found.by)}"
    return f"the best by {by} of the {count(found.stable)} of {many} that were stable"


def standing(found: Promoted, margin: float, digits: int) -> str:
    """Say where its mean stands: its place among all, how far below the best, and at what floor.

    Nothing where it is the best of all and above the floor, or where this is not known.

    Parameters
    ----------
    found : Promoted
    margin : float
        The smallest difference of the score that matters.
    digits : int
        How many decimals the score has.
    """
    if found.mean is None:
        return ""
    sign, parts = 1 if found.higher else -1, []
    if found.rank is not None and found.best is not None and found.rank > 1:
        # what has a better mean is not stable, or it would have been promoted
        behind = sign * (found.best - found.mean)
        matters = f": {number(behind, digits)} better, where {exact(margin)} matters"
        parts.append(
            f"By its mean it is number {count(found.rank)} of {count(found.configurations)}. The"
            f" best mean, of one that is not stable, is {number(found.best, digits)}"
            f"{matters if behind > margin else ''}."
        )
    if found.floor is not None and sign * (found.mean - found.floor) <= margin:
        parts.append(
            f"One answer for every item scores {number(found.floor, digits)}, and it is not more"
            f" than {exact(margin)} better: nothing shows that it learned anything."
        )
    return " ".join(parts)
