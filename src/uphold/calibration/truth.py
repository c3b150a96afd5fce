"""What is true of a claim → the verdicts about it that are false.

In: a claim and the true effect behind the runs. Promised: at a limit itself (an effect of exactly
one margin, a mean exactly at its bound) every verdict that needs to be on either side of it counts
as false, since no runs can tell.
"""

from math import log

from uphold.claims.again import Verdict
from uphold.claims.claim import Claim
from uphold.claims.forms.bound import BoundClaim
from uphold.claims.forms.gain import GainClaim
from uphold.claims.forms.stability import StabilityClaim
from uphold.errors import InputError


def false_verdicts(
    claim: Claim, effect: float, margin: float, furthest: float = 0.0
) -> frozenset[Verdict]:
    """Return the verdicts about a claim that are false.

    Parameters
    ----------
    claim : Claim
    effect : float
        The true effect: what the step changes, what is gained, of a bound the mean that is
        nearest to it or furthest beyond, of stability the ratio of the standard deviations.
    margin : float
    furthest : float
        The largest true effect in a single context: that nothing changes has to hold in each.

    Raises
    ------
    InputError
        What the claim expects is not known here, as of a new form.
    """
    if isinstance(claim, BoundClaim):
        side = -1 if claim.bound.upper else 1
        return _beyond(side * effect, side * claim.bound.limit)
    if isinstance(claim, GainClaim):
        return _beyond(effect, claim.gain.at_least)
    if isinstance(claim, StabilityClaim):
        effect, margin = log(effect), log(claim.stability.by)
    false: set[Verdict] = set()
    match claim.expectation:
        case "difference":
            false = {"supported"} if effect == 0 else set()
        case "increase":
            false = set(_beyond(effect, 0.0))
        case "decrease":
            false = set(_beyond(-effect, 0.0))
        case "no-effect":
            apart: frozenset[Verdict] = frozenset({"supported"} if furthest >= margin else ())
            return _beyond(-abs(effect), -margin) | apart
        case "no-increase":
            return _beyond(-effect, -margin)
        case "no-decrease":
            return _beyond(effect, -margin)
        case unknown:
            raise InputError(
                f"Which verdicts are false of a {claim.form} that expects {unknown!r} is not known:"
                " say it in src/uphold/calibration/truth.py."
            )
    return frozenset(false | ({"equivalent"} if max(abs(effect), furthest) >= margin else set()))


def _beyond(effect: float, limit: float) -> frozenset[Verdict]:
    """Return what is false of the claim that an effect is above a limit."""
    false: set[Verdict] = set()
    if effect <= limit:
        false.add("supported")
    if effect >= limit:
        false.add("refuted")
    return frozenset(false)
