r"""What a claim may expect: which decisions its test allows, how to plan for it, and its words.

In: the word that stands under ``expect``, and an outcome. Out: the decisions that can be made about
a claim, each with its p. Promised: one table and nothing else, in which what is NaN decides
nothing.

| expectation | supported | refuted | equivalent |
|---|---|---|---|
| increase | effect > 0 | effect < 0 | \|effect\| < margin |
| decrease | effect < 0 | effect > 0 | \|effect\| < margin |
| difference | effect ≠ 0 | | \|effect\| < margin |
| no-effect | \|effect\| < margin | \|effect\| > margin | |
| no-increase | effect < margin | effect > margin | |
| no-decrease | effect > -margin | effect < -margin | |

Each cell is a test of the contrary. The p of a direction is two-sided and stands for both; that of
a margin is one-sided. Nothing is refuted for another value than the one that it speaks of: a rise
that is real and stays below the margin does not refute that there is no rise that matters. An
effect is within the margin in every context, or it is not said to be: one number for contexts that
go apart would hide them. The same holds of an effect that is not to rise, or to fall, by it. Of
a context of which all runs of one side failed that is not known, and nothing so is shown of all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import nan
from typing import TYPE_CHECKING, Literal, NamedTuple

from uphold.claims.again import Verdict

if TYPE_CHECKING:
    from uphold.claims.outcomes import Outcome

Expectation = Literal[
    "increase", "decrease", "no-effect", "no-increase", "no-decrease", "difference"
]


class Decision(NamedTuple):
    """A verdict, and the p of the test that would allow it, of one side or of two."""

    verdict: Verdict
    p: float
    sides: int = 1


Decisions = tuple[Decision, ...]
"""What may be decided about a claim: each rejects a null hypothesis, and one at most is true."""


@dataclass(frozen=True)
class Expected:
    """What a claim expects.

    Attributes
    ----------
    decisions : callable
        Of an outcome and the metric's margin.
    aim : {"difference", "equivalence", "bound"}
        What runs that are to show it are planned for; see `uphold.statistics.power`.
    to_show : str
        Words before the margin: to … it would take so many seeds.
    to_refute : str
        The same for a claim about a margin whose effect was seen beyond it.
    everywhere : bool
        Whether it is supported in every context or not at all.
    """

    decisions: Callable[[Outcome, float], Decisions]
    aim: str
    to_show: str
    to_refute: str = ""
    everywhere: bool = False


def _directed(up: Verdict, down: Verdict) -> Callable[[Outcome, float], Decisions]:
    def decisions(o: Outcome, margin: float) -> Decisions:
        direction = Decision(up if o.value > 0 else down, o.p, sides=2)
        return (direction, Decision("equivalent", o.same_p(margin)))

    return decisions


def _no_effect(o: Outcome, margin: float) -> Decisions:
    return (Decision("supported", o.same_p(margin)), Decision("refuted", o.apart_p(margin)))


def _no_increase(o: Outcome, margin: float) -> Decisions:
    above = o.above_p(margin)
    below = 1 - above if o.contexts.below(margin) else 1.0
    below = below if not o.unscored else nan
    return (Decision("supported", below), Decision("refuted", above))


def _no_decrease(o: Outcome, margin: float) -> Decisions:
    above = o.above_p(-margin)
    kept = above if o.contexts.above(-margin) else 1.0
    kept = kept if not o.unscored else nan
    return (Decision("supported", kept), Decision("refuted", 1 - above))


EXPECTED: dict[Expectation, Expected] = {
    "difference": Expected(
        _directed("supported", "supported"), "difference", "see a difference of "
    ),
    "increase": Expected(_directed("supported", "refuted"), "difference", "see a change of "),
    "decrease": Expected(_directed("refuted", "supported"), "difference", "see a change of "),
    "no-effect": Expected(
        _no_effect,
        "equivalence",
        "show that it stays within ±",
        "show a change of more than ",
        True,
    ),
    "no-increase": Expected(
        _no_increase, "bound", "rule out a rise of ", "show a rise of more than ", True
    ),
    "no-decrease": Expected(
        _no_decrease, "bound", "rule out a fall of ", "show a fall of more than ", True
    ),
}

_BACK = {
    "increase": "decrease",
    "decrease": "increase",
    "no-increase": "no-decrease",
    "no-decrease": "no-increase",
}


def backwards(expectation: str) -> str:
    """Return what is expected of the step back where this is expected of a step."""
    return _BACK.get(expectation, expectation)
