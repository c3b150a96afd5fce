"""Which verdicts may be acted upon: one rule for all advice of a page.

In: a page, and the claims that advice follows from. Out: the advice, or why none is given.
Promised: nothing is advised that depends on one run or seed, that fresh seeds alone do not bear
out, or that turns round or changes its sign at a larger scale. What was tried on neither is advised
all the same.
"""

from collections.abc import Iterable

from uphold.pages import larger, replicated
from uphold.pages.writeup import Page

OPEN = "Not confirmed at a larger scale."
"""What stands behind advice that a larger scale left open."""

TURNS = "it turns round at a larger scale"
SIGN = "at a larger scale the effect points the other way"
AGAINST = "fresh seeds alone decide against it"
SHAKEN = "fresh seeds alone do not bear it out"
FRAGILE = "it depends on one part of the runs, so repeat it first"


def given(page: Page, claims: Iterable[str], advice: str) -> str:
    """Return advice, or that none is given, and why.

    Parameters
    ----------
    page : Page
    claims : iterable of str
        The decided claims that it follows from.
    advice : str
        What their verdicts allow.
    """
    claims = list(claims)
    if why := why_not(page, claims):
        return f"No advice: {why}."
    return f"{advice.rstrip('.')}. {OPEN}" if larger.unconfirmed(page, claims) else advice


def why_not(page: Page, claims: Iterable[str]) -> str:
    """Return why nothing is advised by some claims, the weightiest reason; else nothing."""
    reasons = {_reason(page, claim) for claim in claims}
    ranked = (TURNS, AGAINST, SIGN, SHAKEN, FRAGILE)
    return next((reason for reason in ranked if reason in reasons), "")


def sure(page: Page, claim: str) -> bool:
    """Whether nothing keeps a verdict from being acted upon."""
    return not _reason(page, claim)


def _reason(page: Page, claim: str) -> str:
    if larger.turns_round(page, claim):
        return TURNS
    if larger.sign_differs(page, claim):
        return SIGN
    if replicated.word(page, claim) == replicated.TURNED:
        return AGAINST
    if replicated.shaken(page, claim):
        return SHAKEN
    return FRAGILE if page.claim(claim).fragile else ""
