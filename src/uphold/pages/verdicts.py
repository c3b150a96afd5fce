"""How a verdict looks wherever it stands: its word, its mark, its colours.

Blue holds, orange does not, grey is no difference or open; the mark says the same to whoever sees
no colours.
"""

from typing import NamedTuple

from uphold.analysis.model.writeup import Claim
from uphold.palette import colour


class Look(NamedTuple):
    """How one verdict looks.

    Attributes
    ----------
    word : str
        What a reader is told.
    mark : str
        One character, in text.
    marker : str
        The same for matplotlib.
    colour : str
        Of the mark in figures.
    ground : str
        The name of the colour of its cells.
    """

    word: str
    mark: str
    marker: str
    colour: str
    ground: str


LOOKS = {
    "supported": Look("supported", "●", "o", colour("supported"), "holds"),
    "refuted": Look("refuted", "◆", "D", colour("refuted"), "fails"),
    "equivalent": Look("no difference that matters", "■", "s", colour("equivalent"), "same"),
    "inconclusive": Look("undecided", "○", "o", colour("undecided"), "open"),
}
"""By verdict, in the order in which they are counted."""


def ground(of: str, fragile: bool = False) -> str:
    """Return the colour behind a verdict, in a cell of a table."""
    return colour(f"{LOOKS[of].ground}{'-fragile' * fragile}")


NOT_TESTED = "– not tested"
CELLS = {NOT_TESTED: ground("inconclusive")} | {
    f"{look.mark} {look.word}{', fragile' * fragile}": ground(of, fragile)
    for of, look in LOOKS.items()
    for fragile in (False, True)
}
"""The colour behind a cell, by a verdict as tables show it."""


def verdict(claim: Claim) -> str:
    """Return a claim's verdict as tables show it: ``● supported``, ``○ undecided, fragile``."""
    look = LOOKS[claim.verdict]
    return f"{look.mark} {look.word}{', fragile' * claim.fragile}"


def tested(claim: Claim) -> str:
    """Return the same, or that a claim was not tested."""
    return NOT_TESTED if claim.outcome.reason else verdict(claim)
