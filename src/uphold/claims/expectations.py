"""What a claim may expect of a difference: when that is met, how to plan for it, and its words.

In: the word that stands under ``expect``. Out: an `Expected`. Promised: one table and nothing else,
in which what is NaN meets no rule.

| expectation | supported | refuted | equivalent |
|---|---|---|---|
| increase | p < .05 upwards | p < .05 downwards | inside ± margin, whatever p |
| decrease | p < .05 downwards | p < .05 upwards | inside ± margin, whatever p |
| no-effect | inside ± margin | p < .05 and not inside | |
| no-increase | upper bound < margin | lower bound > 0 and not supported | |
| no-decrease | lower bound > -margin | upper bound < 0 and not supported | |
| difference | p < .05 | | every pair inside ± margin, whatever p |

p is adjusted by Holm; bounds are one-sided 95 %; "inside" is TOST at .05. An effect that is real
but too small to matter is equivalent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from uphold.claims.outcomes import Outcome

Expectation = Literal[
    "increase", "decrease", "no-effect", "no-increase", "no-decrease", "difference"
]


class Met(NamedTuple):
    """What a rule finds; equivalent goes before supported, and that before refuted."""

    supported: bool
    refuted: bool
    equivalent: bool = False


Rule = Callable[["Outcome", bool, float], Met]
"""Of an outcome, whether its adjusted p is below .05, and the metric's margin."""


@dataclass(frozen=True)
class Expected:
    """What a claim expects.

    Attributes
    ----------
    rule : callable
        When that is met.
    aim : {"difference", "equivalence", "bound"}
        What runs that are to show it are planned for; see `uphold.statistics.power`.
    to_show : str
        Words before the margin: to … it would take so many seeds.
    """

    rule: Rule
    aim: str
    to_show: str


def _increase(o: Outcome, significant: bool, margin: float) -> Met:
    return Met(significant and o.value > 0, significant and o.value < 0, o.within)


def _decrease(o: Outcome, significant: bool, margin: float) -> Met:
    return Met(significant and o.value < 0, significant and o.value > 0, o.within)


def _no_effect(o: Outcome, significant: bool, margin: float) -> Met:
    return Met(o.within, significant)


def _no_increase(o: Outcome, significant: bool, margin: float) -> Met:
    return Met(o.upper() < margin, o.lower() > 0)


def _no_decrease(o: Outcome, significant: bool, margin: float) -> Met:
    return Met(o.lower() > -margin, o.upper() < 0)


def _difference(o: Outcome, significant: bool, margin: float) -> Met:
    return Met(significant, False, o.within)


EXPECTED: dict[Expectation, Expected] = {
    "difference": Expected(_difference, "difference", "see a difference of "),
    "increase": Expected(_increase, "difference", "see a change of "),
    "decrease": Expected(_decrease, "difference", "see a change of "),
    "no-effect": Expected(_no_effect, "equivalence", "show that it stays within ±"),
    "no-increase": Expected(_no_increase, "bound", "rule out a rise of "),
    "no-decrease": Expected(_no_decrease, "bound", "rule out a fall of "),
}
