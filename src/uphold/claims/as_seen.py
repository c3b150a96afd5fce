"""The seeds that decide a claim if the true effect is what was seen.

In: an estimate, the margin, and the level that the family leaves. Out: a range of seeds, and what
they show. Promised: where a direction is claimed, an effect at least one margin large is to be
seen; a smaller one is to be shown within the margin or to be seen, whichever takes fewer. Where a
margin is claimed, it is to be told from the margin on the side on which it was seen.
"""

from math import inf
from typing import NamedTuple

from uphold.statistics.estimate import Estimate
from uphold.statistics.power import SeedsNeeded, seeds_needed


class AsSeen(NamedTuple):
    """What it takes if the true effect is as seen.

    Attributes
    ----------
    needed : SeedsNeeded
    within : bool
        Whether they show the effect to be within the margin, and not that it is there.
    """

    needed: SeedsNeeded
    within: bool


def as_seen(
    estimate: Estimate, effect: float, margin: float, alpha: float, bounded: bool
) -> AsSeen | None:
    """Return the seeds for the effect that was seen; None where no number of them is known.

    Parameters
    ----------
    estimate : Estimate
    effect, margin : float
        On the scale of the estimate's error.
    alpha : float
    bounded : bool
        Whether more seeds can show that the effect is within the margin.
    """
    plan = (estimate.se, estimate.df, estimate.seeds)
    size = abs(effect)
    found = [AsSeen(seen, False)] if (seen := seeds_needed(*plan, size, alpha=alpha)) else []
    if bounded and size < margin:
        inside = seeds_needed(*plan, margin, "equivalence", alpha, true=size)
        found += [AsSeen(inside, True)] if inside else []
    # That a little effect could be seen by more seeds than anyone trains is no news.
    reached = [
        one
        for one in found
        if one.needed.low is not None and (one.needed.high or one.within or size >= margin)
    ]
    return min(reached, key=lambda one: (one.needed.low, one.needed.high or inf), default=None)


def from_margin(
    estimate: Estimate, effect: float, margin: float, aim: str, alpha: float, bounded: bool
) -> AsSeen | None:
    """Return the seeds that tell the effect that was seen from the margin.

    Parameters
    ----------
    estimate : Estimate
    effect : float
        Its size, or for a margin on one side the effect in that direction.
    margin : float
    aim : {"equivalence", "bound"}
    alpha : float
    bounded : bool
        Whether more seeds can show that the effect is within the margin.
    """
    plan = (estimate.se, estimate.df, estimate.seeds)
    if effect > margin:
        needed = seeds_needed(*plan, effect - margin, "bound", alpha)
    elif not bounded:
        return None
    elif aim == "equivalence":
        needed = seeds_needed(*plan, margin, aim, alpha, true=effect)
    else:
        needed = seeds_needed(*plan, margin - effect, aim, alpha)
    return AsSeen(needed, effect <= margin) if needed else None
