"""What the primary claims could have found: their detectable effects beside what matters.

In: the primary claims of a page. Out: a sentence and a table. The detectable effect is that of the
claim's own test, at the level that its family leaves it, by the errors that the runs showed: an
effect of this size is found with the power that plans ask for. Promised: a claim whose test has
none, such as one on spreads, is counted as such and left out of no table in silence.
"""

from great_tables import GT

from uphold.analysis.model.writeup import Claim
from uphold.error_rates import POWER
from uphold.format import MISSING, count, counted, exact, number, percent
from uphold.pages.table import nothing, plain
from uphold.pages.writeup import Page

ENOUGH = 2.0
"""At most so many margins is what a test should be able to find."""

OUT_OF_REACH = 100.0
"""So many margins are an effect that no metric has: the test finds nothing yet."""


def sentence(page: Page) -> str:
    """Say how many primary claims could find an effect of twice the margin."""
    primary = page.primary_claims.values()
    known = [margins for c in primary if (margins := in_margins(page, c)) is not None]
    if not known:
        return ""
    enough = sum(margins <= ENOUGH for margins in known)
    left = len(primary) - len(known)
    if len(known) == 1:
        which = f"The test of {'one' if left else 'the one'} primary claim"
        which += " would" if enough else " would not"
    elif enough == 0:
        them = f"{'' if left else 'the '}{counted(len(known), 'primary claim')}"
        which = f"None of the tests of {them} would"
    else:
        which = f"The tests of {_how_many(enough, len(known), left)} would"
    unknown = f" For {counted(left, 'further one')} this is not known." * bool(left)
    return (
        f"{which} find an effect of twice the smallest difference that matters in at least"
        f" {percent(POWER)} of repetitions.{unknown}"
    )


def _how_many(enough: int, of: int, left: int) -> str:
    if left and enough == of:
        return counted(of, "primary claim")
    if enough < of:
        return f"{count(enough)} of {counted(of, 'primary claim')}"
    return "both primary claims" if of == 2 else f"all {counted(of, 'primary claim')}"


def table(page: Page) -> GT:
    """Each primary claim: the smallest difference that matters, and what its test would find."""
    rows = [
        (
            c.says,
            exact(page.margin(c.metric)),
            *_found(page, c),
        )
        for c in page.primary_claims.values()
    ]
    heads = ["claim", "matters from", "would be found from", "in margins"]
    if not rows:
        return nothing("claim", "none is primary")
    return plain(rows, heads).cols_width(
        dict(zip(heads, ("52%", "16%", "18%", "14%"), strict=True))
    )


def _found(page: Page, claim: Claim) -> tuple[str, str]:
    """Return a claim's detectable effect, in the metric and in margins."""
    margins = in_margins(page, claim)
    if margins is None:
        return MISSING, MISSING
    if margins > OUT_OF_REACH:
        return "nothing yet", f"> {number(OUT_OF_REACH, 0)} ×"
    return number(claim.detectable, page.digits(claim.metric)), f"{number(margins, 1)} ×"


def in_margins(page: Page, claim: Claim) -> float | None:
    """Return a claim's detectable effect as a multiple of the margin; None where it has none."""
    return claim.detectable / page.margin(claim.metric) if _known(claim) else None  # type: ignore[operator]


def _known(claim: Claim) -> bool:
    """Whether it has one: that of a ratio is no part of a metric's margin."""
    return claim.detectable is not None and claim.estimates != "ratio"
