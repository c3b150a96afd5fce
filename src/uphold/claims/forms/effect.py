"""What a contrast and an interaction share: an effect with a sign, and the words for it.

No form by itself: the forms say which arms are compared, and what the effect is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from uphold.claims.claim import Claim
from uphold.claims.expectations import EXPECTED, Expectation
from uphold.claims.wording import interval, not_after, p_text, signed
from uphold.format import exact

if TYPE_CHECKING:
    from uphold.claims.judgement import Judgement
    from uphold.claims.outcomes import Outcome
    from uphold.statistics.power import SeedsNeeded


class EffectClaim(Claim):
    """A claim about an effect of one or two steps."""

    expects: ClassVar[tuple[Expectation, ...]] = tuple(EXPECTED)
    over_items: ClassVar[bool] = True

    @property
    def everywhere(self) -> bool:
        return self.expected.everywhere

    def seeds_it_takes(self, outcome: Outcome, margin: float, alpha: float) -> SeedsNeeded | None:
        if outcome.unscored and self.everywhere:
            return None
        return super().seeds_it_takes(outcome, margin, alpha)

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
        value, span = signed(o.value, j.metric.margin), interval(o, j.metric.margin)
        expected, verb = self.expectation, "rises" if o.value > 0 else "falls"
        if j.verdict == "inconclusive":
            if j.suggests is None:
                return f"{change} may be anything from {span} (95 % interval; {{runs}})."
            seen = {
                "difference": f"{subject} {verb} {when}",
                "equivalence": f"{change} is beyond ±{margin}",
                "bound": f"{subject} {verb} by more than {margin} {when}",
            }[self.expected.aim]
            if j.suggests == "equivalent" or (j.suggests, expected) == ("supported", "no-effect"):
                seen = f"{change} is within ±{margin}"
            elif j.suggests == "supported" and expected in ("no-increase", "no-decrease"):
                fall = "fall" if expected == "no-decrease" else "rise"
                seen = f"{subject} does not {fall} by {margin} {when}"
            return f"Suggestive, {not_after(j)}: {seen}, {value} (95 % interval {span}; {{runs}})."
        sure = f"(95 % interval {span}; adjusted {p_text(j.p_adjusted)}; {{runs}})"
        if j.verdict == "equivalent" or (j.verdict, expected) == ("supported", "no-effect"):
            over = o.contexts.effect.size
            average = f" on average over {over} settings of other factors" if over > 1 else ""
            return f"{change} is within ±{margin}{average}: {value} {sure}."
        if expected in ("no-increase", "no-decrease"):
            falls = expected == "no-decrease"
            if j.verdict == "refuted":
                worse = "falls" if falls else "rises"
                return f"{subject} {worse} by more than {margin} {when}: {value} {sure}."
            end = o.lower() if falls else o.upper()
            side = f"at {'least' if falls else 'most'} {signed(end, j.metric.margin)}"
            return (
                f"{subject} does not {'fall' if falls else 'rise'} by {margin} {when}: the change"
                f" is {side} with one-sided 95 % confidence, {value} on average {sure}."
            )
        if expected == "no-effect":
            return f"{change} is beyond ±{margin}: {value} {sure}."
        against = ", against the claim" if j.verdict == "refuted" else ""
        return f"{subject} {verb} {when}{against}: {value} {sure}."
