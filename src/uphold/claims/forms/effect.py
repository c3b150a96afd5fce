"""What a contrast and an interaction share: an effect with a sign, and the words for it.

No form by itself: the forms say which arms are compared, and what the effect is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from uphold.claims.claim import Claim
from uphold.claims.expectations import EXPECTED, Expectation
from uphold.claims.wording import interval, p_text, signed
from uphold.error_rates import ALPHA
from uphold.format import exact

if TYPE_CHECKING:
    from uphold.claims.judgement import Judgement


class EffectClaim(Claim):
    """A claim about an effect of one or two steps."""

    expects: ClassVar[tuple[Expectation, ...]] = tuple(EXPECTED)
    for_difference: ClassVar[bool] = True

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
        p = f"adjusted {p_text(j.p_adjusted)}; " if j.p_adjusted >= 0 else ""
        if j.verdict == "inconclusive":
            return f"{change} may be anything from {span} (unadjusted 95 %; {p}{{runs}})."
        sure = f"(unadjusted 95 % interval {span}; {p}{{runs}})"
        expected = self.expectation
        if j.verdict == "equivalent" or (j.verdict == "supported" and expected == "no-effect"):
            real = "real but " if j.p_adjusted < ALPHA else ""
            return f"{change} is {real}too small to matter: {value}, within ±{margin} {sure}."
        if j.verdict == "supported" and expected in ("no-increase", "no-decrease"):
            falls = expected == "no-decrease"
            side = (
                f"at least {signed(o.lower(), j.metric.margin)}"
                if falls
                else f"at most {signed(o.upper(), j.metric.margin)}"
            )
            return (
                f"{subject} does not {'fall' if falls else 'rise'} by {margin} {when}: the change"
                f" is {side} with one-sided 95 % confidence, {value} on average {sure}."
            )
        verb = "rises" if o.value > 0 else "falls"
        against = ", against the claim" if j.verdict == "refuted" else ""
        return f"{subject} {verb} {when}{against}: {value} {sure}."
