"""A write-up as it is, and as it was at a larger scale → what agrees, and what turns round.

In: the analysis of a page, and what is kept of the same sweeps on more data, with longer training
or wider networks. Out: each effect of a step with its sign at both scales, and what the larger
scale says of each verdict. Promised: nothing is told of a sweep with other factors,
levels or arms, nor of a claim with another test, role or margin: those count as not tried.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from uphold.analysis.model.estimates import Effect
from uphold.analysis.model.larger import Larger, LargerEffect, Signs
from uphold.analysis.model.runs import Design
from uphold.analysis.model.writeup import Writeup
from uphold.claims.again import Held, Stand, held


class Sides(NamedTuple):
    """An effect at the scale of the page, at the larger one, and how their signs compare."""

    sweep: str
    here: Effect
    there: LargerEffect | None
    signs: Signs


def design_of(design: Design) -> str:
    """Return a digest of what a sweep compares: its factors, levels and arms."""
    return digest([design.kind, design.levels, design.arms])


def effects(found: Writeup, larger: Larger) -> Iterator[Sides]:
    """Yield the effect of each step on the metric that leads, beside the one at a larger scale."""
    margin = found.metrics[found.primary].margin
    for name, sweep in found.sweeps.items():
        tried = larger.primary == found.primary and _same_design(found, larger, name)
        known = larger.sweeps[name].effects.values() if tried else ()
        there = {(e.factor, e.from_, e.to): e for e in known}
        for here in sweep.effects.get(found.primary, ()):
            other = there.get((here.factor, here.from_, here.to))
            yield Sides(name, here, other, _signs(here, other, margin))


def _signs(here: Effect, there: LargerEffect | None, margin: float) -> Signs:
    """Compare the signs of two estimates, each with its interval.

    Both are near zero where neither interval excludes zero and both estimates are within the
    margin: which side they are on is chance, and of no consequence.
    """
    if here.value is None or there is None or there.estimate is None:
        return "not tried"
    if here.value * there.estimate >= 0:
        return "same sign"
    sides = excludes(here.ci_low, here.ci_high), excludes(there.ci_low, there.ci_high)
    if all(sides):
        return "turns round"
    small = abs(here.value) <= margin and abs(there.estimate) <= margin
    return "both near zero" if small and not any(sides) else "sign differs"


def excludes(low: float | None, high: float | None, none: float = 0.0) -> int:
    """Return 1 or −1 where an interval lies on that side of no effect, and 0 where it does not."""
    if low is not None and low > none:
        return 1
    return -1 if high is not None and high < none else 0


def verdict(found: Writeup, larger: Larger, name: str) -> Held | Literal["not tried"]:
    """Return what the larger scale says of a verdict; of one that is open, that it was not tried.

    It contradicts the verdict as fresh seeds would, by `uphold.claims.again.held`. Where it leaves
    the claim open it does so as well if its interval lies on the other side of no effect than the
    one here, or if the effect that does not matter here is shown to be beyond the margin there.
    """
    claim, other = found.claims.get(name), larger.claims.get(name)
    if claim is None or other is None or claim.verdict == "inconclusive":
        return "not tried"
    if not claim.test or other.test != claim.test or not _same_design(found, larger, claim.sweep):
        return "not tried"
    outcome = claim.outcome
    first = Stand(claim.verdict, claim.direction, claim.beyond)
    said = held(first, Stand(other.verdict, other.direction, other.beyond))
    if said != "not decided again" or outcome.anova is not None:
        return said
    none = 1.0 if outcome.ratio else 0.0
    ends = (outcome.ci_low, outcome.ci_high), (other.ci_low, other.ci_high)
    turned = excludes(*ends[0], none) * excludes(*ends[1], none) < 0
    beyond = claim.verdict == "equivalent" and other.beyond
    return "contradicted" if turned or beyond else said


def _same_design(found: Writeup, larger: Larger, sweep: str) -> bool:
    there = larger.sweeps.get(sweep)
    return there is not None and there.design == design_of(found.sweeps[sweep].design)


def digest(of: Any) -> str:
    """Return a digest of anything that JSON can hold."""
    text = json.dumps(of, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
