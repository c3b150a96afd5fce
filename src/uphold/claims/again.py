"""A verdict and another one on the same claim, from other runs → whether it held.

What comes in: how the claim stands by each. What goes out: held, not decided again, contradicted.
Promised: nothing contradicts a verdict but a decisive verdict that cannot be true beside it.
"""

from typing import Literal, NamedTuple

Verdict = Literal["supported", "refuted", "equivalent", "inconclusive"]
Held = Literal["held", "not decided again", "contradicted"]


class Stand(NamedTuple):
    """How a claim stands by some runs, as far as other runs can speak against it.

    Attributes
    ----------
    verdict : Verdict
    direction : int
        1 or −1 where the claim is that there is a difference, whichever way, and this way was
        seen; 0 where the verdict itself says the way, and where several means differ.
    beyond : bool
        Whether the effect is shown to be beyond the margin.
    """

    verdict: Verdict
    direction: int
    beyond: bool


def held(first: Stand, again: Stand) -> Held:
    """Return what other runs say of a verdict; both are decisive where one contradicts the other.

    An effect may well have a direction and be within the margin. So these two verdicts contradict
    each other only where the one with the direction is shown to be beyond the margin.
    """
    if again.verdict == "inconclusive":
        return "not decided again"
    if again.verdict == first.verdict:
        turned = again.verdict == "supported" and first.direction != again.direction
        return "contradicted" if turned else "held"
    if "equivalent" not in (first.verdict, again.verdict):
        return "contradicted"
    directed = first if again.verdict == "equivalent" else again
    return "contradicted" if directed.beyond else "not decided again"
