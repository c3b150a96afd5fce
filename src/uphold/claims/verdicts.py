"""What was found → a verdict, by one table and nothing else.

In: what a claim expects, its `Outcome`, its p adjusted over all claims, and the metric's margin.
Out: one of four words. Promised: what could not be tested is inconclusive, because every rule asks
for something that a NaN never meets.

| expectation | supported | refuted | equivalent |
|---|---|---|---|
| increase | p < .05 upwards | p < .05 downwards | inside ± margin, whatever p |
| decrease | p < .05 downwards | p < .05 upwards | inside ± margin, whatever p |
| no-effect | inside ± margin | p < .05 and not inside | |
| no-increase | upper bound < margin | lower bound > 0 and not supported | |
| no-decrease | lower bound > -margin | upper bound < 0 and not supported | |
| difference | p < .05 | | every pair inside ± margin, whatever p |
| bound | no mean and no interval breaks it, and all have one | a mean breaks it | |
| gain | lower bound ≥ it | upper bound < it | |

p is adjusted by Holm; bounds are one-sided 95 %; "inside" is TOST at .05; the intervals of a bound
hold for all configurations at once. An effect that is real but too small to matter is equivalent.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from uphold.statistics import Anova, Estimate

ALPHA = 0.05
Verdict = Literal["supported", "refuted", "equivalent", "inconclusive"]


@dataclass(frozen=True, kw_only=True)
class Outcome(Estimate):
    """What a claim's test gave. What could not be computed is NaN.

    The value of a bound is the mean that comes closest to it (or lies furthest beyond), with its
    simultaneous interval; of an ANOVA it is partial omega squared, and ``se`` and ``df`` are the
    residual SD and its df. p is for a difference; bounds and gains have none. Without a test there
    is neither p nor interval.

    Attributes
    ----------
    within : bool
        Whether TOST found the value (of an ANOVA: every pair of levels) inside ± margin.
    limit : float
        What a bound or a gain claims.
    levels : int
        Of an ANOVA its levels, of a bound its configurations.
    breaking, beyond, reaching, unknown : int
        Of a bound: how many means break it, how many by more than noise, how many intervals reach
        past it, and how many means have no interval.
    at_most : bool
        Whether a bound is an upper one.
    hedges_g : float
    unmatched : tuple of str
    anova : Anova, optional
    reason : str
        Why no test was possible, or nothing.
    takes : str
        Without a test: why no number of seeds can be given.
    seeds_help : bool
        Whether more seeds could ever decide the claim.
    """

    within: bool = False
    limit: float = np.nan
    levels: int = 0
    breaking: int = 0
    beyond: int = 0
    reaching: int = 0
    unknown: int = 0
    at_most: bool = True
    hedges_g: float = np.nan
    unmatched: tuple[str, ...] = ()
    anova: Anova | None = None
    reason: str = ""
    takes: str = ""
    seeds_help: bool = True


def verdict(expectation: str, outcome: Outcome, p_adjusted: float, margin: float) -> Verdict:
    """Return the verdict of a claim.

    Parameters
    ----------
    expectation : str
        As in the table above.
    outcome : Outcome
    p_adjusted : float
        NaN for a bound, a gain, and where there was no test.
    margin : float
    """
    if outcome.reason:
        return "inconclusive"
    supported, refuted, equivalent = _RULES[expectation](outcome, p_adjusted < ALPHA, margin)
    if equivalent:
        return "equivalent"
    if supported:
        return "supported"
    return "refuted" if refuted else "inconclusive"


Rule = tuple[bool, bool, bool]


def _increase(o: Outcome, significant: bool, margin: float) -> Rule:
    return significant and o.value > 0, significant and o.value < 0, o.within


def _decrease(o: Outcome, significant: bool, margin: float) -> Rule:
    return significant and o.value < 0, significant and o.value > 0, o.within


def _no_effect(o: Outcome, significant: bool, margin: float) -> Rule:
    return o.within, significant, False


def _no_increase(o: Outcome, significant: bool, margin: float) -> Rule:
    return o.upper() < margin, o.lower() > 0, False


def _no_decrease(o: Outcome, significant: bool, margin: float) -> Rule:
    return o.lower() > -margin, o.upper() < 0, False


def _difference(o: Outcome, significant: bool, margin: float) -> Rule:
    return significant, False, o.within


def _bound(o: Outcome, significant: bool, margin: float) -> Rule:
    return o.breaking == o.reaching == o.unknown == 0, o.breaking > 0, False


def _gain(o: Outcome, significant: bool, margin: float) -> Rule:
    return o.lower() >= o.limit, o.upper() < o.limit, False


_RULES = {
    "increase": _increase,
    "decrease": _decrease,
    "no-effect": _no_effect,
    "no-increase": _no_increase,
    "no-decrease": _no_decrease,
    "difference": _difference,
    "bound": _bound,
    "gain": _gain,
}
