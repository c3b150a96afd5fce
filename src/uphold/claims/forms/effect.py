"""What a contrast and an interaction share: an effect with a sign, and the words for it.

No form by itself: the forms say which arms are compared, and what the effect is called.
"""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING, ClassVar

from uphold.claims.claim import Claim
from uphold.claims.expectations import EXPECTED, Expectation
from uphold.claims.in_margins import InMargins, of_difference
from uphold.claims.wording import interval, named_contexts, narrow, not_after, p_text, signed
from uphold.format import difference, digits_of, exact

if TYPE_CHECKING:
    import numpy as np

    from uphold.claims.as_seen import AsSeen
    from uphold.claims.judgement import Judgement
    from uphold.claims.metric import Metric
    from uphold.claims.outcomes import Outcome
    from uphold.statistics.power import SeedsNeeded


class EffectClaim(Claim):
    """A claim about an effect of one or two steps."""

    expects: ClassVar[tuple[Expectation, ...]] = tuple(EXPECTED)
    over_items: ClassVar[bool] = True

    @property
    def everywhere(self) -> bool:
        return self.expected.everywhere

    def tested(self) -> str:
        # A rise, a fall and any difference are decided by one test against no effect.
        return "difference" if self.expected.aim == "difference" else super().tested()

    def seeds_it_takes(self, outcome: Outcome, margin: float, alpha: float) -> SeedsNeeded | None:
        if outcome.unscored and self.everywhere:
            return None
        return super().seeds_it_takes(outcome, margin, alpha)

    def seeds_as_seen(self, outcome: Outcome, margin: float, alpha: float) -> AsSeen | None:
        from uphold.claims.as_seen import as_seen, from_margin

        aim, value, contexts = self.expected.aim, outcome.value, outcome.contexts
        match self.expectation:
            case "no-increase":
                effect, kept = value, contexts.below(margin)
            case "no-decrease":
                effect, kept = -value, contexts.above(-margin)
            case _:
                effect, kept = abs(value), contexts.inside(margin)
        bounded = kept and not outcome.unscored
        if aim == "difference":
            return as_seen(outcome, value, margin, alpha, bounded)
        return from_margin(outcome, effect, margin, aim, alpha, bounded)

    def average_p(self, outcome: Outcome, margin: float) -> float:
        if outcome.unscored or not outcome.se > 0:
            return nan
        match self.expectation:
            case "no-increase":
                return 1 - outcome.above_p(margin)
            case "no-decrease":
                return outcome.above_p(-margin)
        return outcome.equivalence_p(margin)

    def outside(self, outcome: Outcome, margin: float) -> np.ndarray:
        match self.expectation:
            case "no-increase":
                return outcome.contexts.not_below(margin)
            case "no-decrease":
                return outcome.contexts.not_above(-margin)
        return super().outside(outcome, margin)

    def seen(self, outcome: Outcome, metric: Metric) -> str:
        return signed(outcome.value, metric.margin)

    def shown(self, outcome: Outcome, metric: Metric) -> str:
        return difference(outcome, digits_of(metric.margin))

    def in_margins(self, outcome: Outcome, metric: Metric) -> InMargins:
        return of_difference(outcome.value, outcome, metric.margin)

    def effect(self, j: Judgement, subject: str, change: str, when: str) -> str:
        """Return what was measured, in the words of the verdict.

        Parameters
        ----------
        j : Judgement
        subject : str
            What rises or falls.
        change : str
            By how much, as a noun.
        when : str
            Under which step.
        """
        o, margin = j.outcome, exact(j.metric.margin)
        value = signed(o.value, j.metric.margin)
        # A direction goes by the 95 % interval, a margin by the one of 90 %.
        wide = f"95 % interval {interval(o, j.metric.margin)}"
        tight = narrow(o, j.metric.margin)
        expected, verb = self.expectation, "rises" if o.value > 0 else "falls"
        kept = f"does not {'fall' if expected == 'no-decrease' else 'rise'} by {margin} {when}"
        one_sided = expected in ("no-increase", "no-decrease")
        many = o.contexts.effect.size
        if j.verdict == "inconclusive":
            if j.on_average:
                seen = f"{subject} {kept}" if one_sided else f"{change} is within ±{margin}"
                which = "" if j.differs else f": {named_contexts(j)}"
                sure = "" if j.on_average == "shown" else f"Suggestive, {not_after(j)}: "
                return (
                    f"{sure}on average {seen}, {value} ({tight}; {{runs}}), but this is not shown"
                    f" in {len(j.beyond)} of {many} settings of other factors{which}."
                )
            if j.suggests is None:
                span = interval(o, j.metric.margin)
                return f"{change} may be anything from {span} (95 % interval; {{runs}})."
            seen = {
                "difference": f"{subject} {verb} {when}",
                "equivalence": f"{change} is beyond ±{margin}",
                "bound": f"{subject} {verb} by more than {margin} {when}",
            }[self.expected.aim]
            if j.suggests == "equivalent" or (j.suggests, expected) == ("supported", "no-effect"):
                seen = f"{change} is within ±{margin}"
            elif j.suggests == "supported" and one_sided:
                seen = f"{subject} {kept}"
            directed = self.expected.aim == "difference" and j.suggests != "equivalent"
            by = wide if directed else tight
            return f"Suggestive, {not_after(j)}: {seen}, {value} ({by}; {{runs}})."
        sure = f"adjusted {p_text(j.p_adjusted)}; {{runs}})"
        if j.verdict == "equivalent" or (j.verdict, expected) == ("supported", "no-effect"):
            each = f", on average and in each of {many} settings of other factors"
            return f"{change} is within ±{margin}{each * (many > 1)}: {value} ({tight}; {sure}."
        if one_sided:
            falls = expected == "no-decrease"
            if j.verdict == "refuted":
                worse = "falls" if falls else "rises"
                return f"{subject} {worse} by more than {margin} {when}: {value} ({tight}; {sure}."
            end = o.lower() if falls else o.upper()
            side = f"at {'least' if falls else 'most'} {signed(end, j.metric.margin)}"
            each = f", on average and in each of {many} settings of other factors" * (many > 1)
            return (
                f"{subject} {kept}{each}: the change is {side} with one-sided 95 % confidence,"
                f" {value} on average ({wide}; {sure}."
            )
        if expected == "no-effect":
            return f"{change} is beyond ±{margin}: {value} ({tight}; {sure}."
        against = ", against the claim" if j.verdict == "refuted" else ""
        return f"{subject} {verb} {when}{against}: {value} ({wide}; {sure}."
