"""What a picture of claims carries for a page's script: scores, and verdicts under other rules.

In: the page's claims and what `uphold.analysis.what_if` found. Out: mappings of plain values, every
number as the page would print it. The script decides nothing: it shows what stands here.
"""

from typing import Any

from uphold.analysis.model.writeup import Claim
from uphold.format import exact, number
from uphold.pages.verdicts import LOOKS, NOT_TESTED
from uphold.pages.writeup import Page


def behind(page: Page, claim: Claim) -> dict[str, Any]:
    """Return a claim in words, and what its arms scored, unit by unit, where that is known."""
    look, reason = LOOKS[claim.verdict], claim.outcome.reason
    said = f"{NOT_TESTED}: {reason}" if reason else f"{look.mark} {look.word}: {page.shown(claim)}"
    found: dict[str, Any] = {"says": claim.says, "found": said}
    if claim.behind is None:
        return found
    digits = page.digits(claim.metric)
    return found | {
        "metric": page.label(claim.metric),
        "arms": claim.behind.arms,
        "unit": page.sweep(claim.sweep).unit,
        "units": claim.behind.units,
        "scores": [[number(x, digits) for x in arm] for arm in claim.behind.scores],
    }


def asked(page: Page) -> dict[str, Any]:
    """Return the verdicts under other margins and without single units; nothing if not tried."""
    found = page.found.what_if
    if found is None:
        return {}
    several = len(page.sweeps) > 1
    return {
        "words": {of[0]: f"{look.mark} {look.word}" for of, look in LOOKS.items()},
        "says": {key: claim.says.rstrip(".") for key, claim in page.found.claims.items()},
        "times": found.times,
        "verdicts": found.verdicts,
        "parts": [
            {
                "title": page.sweep(part.sweep).title if several else "",
                "unit": page.sweep(part.sweep).unit,
                "units": part.units,
            }
            for part in found.left_out
        ],
        "margins": [
            f"{page.label(metric)} {exact(page.margin(metric))}"
            for metric in dict.fromkeys(c.metric for c in page.found.claims.values())
        ],
    }
