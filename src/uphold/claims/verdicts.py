"""What was found → a verdict, by the rule of the claim's form and nothing else.

In: a claim, its `Outcome`, its p adjusted over all claims, and the metric's margin. Out: one of
four words. Promised: what could not be tested is inconclusive, and so is what meets no rule; every
rule asks for something that a NaN never meets. The rules are in `uphold.claims.expectations`, and
in the files of the forms that say themselves what they expect.
"""

from typing import Literal

from uphold.claims.claim import Claim
from uphold.claims.outcomes import Outcome
from uphold.error_rates import ALPHA

Verdict = Literal["supported", "refuted", "equivalent", "inconclusive"]


def verdict(claim: Claim, outcome: Outcome, p_adjusted: float, margin: float) -> Verdict:
    """Return the verdict of a claim.

    Parameters
    ----------
    claim : Claim
    outcome : Outcome
    p_adjusted : float
        NaN where there was no test, and for forms that have no p.
    margin : float
    """
    if outcome.reason:
        return "inconclusive"
    met = claim.expected.rule(outcome, p_adjusted < ALPHA, margin)
    if met.equivalent:
        return "equivalent"
    if met.supported:
        return "supported"
    return "refuted" if met.refuted else "inconclusive"
