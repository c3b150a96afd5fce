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
    """

    word: str
    mark: str
    marker: str
    colour: str


LOOKS = {
    "supported": Look("supported", "●", "o", colour("supported")),
    "refuted": Look("refuted", "◆", "D", colour("refuted")),
    "equivalent": Look("no difference that matters", "■", "s", colour("equivalent")),
    "inconclusive": Look("undecided", "○", "o", colour("undecided")),
}
"""By verdict, in the order in which they are counted."""

CELLS = {
    "supported": colour("holds"),
    "refuted": colour("fails"),
    "equivalent": colour("same"),
    "inconclusive": colour("open"),
    "supported, fragile": colour("holds-fragile"),
    "refuted, fragile": colour("fails-fragile"),
    "equivalent, fragile": colour("same-fragile"),
    "inconclusive, fragile": colour("open"),
}
"""The ground of a cell, by a verdict as tables show it."""


def verdict(claim: Claim) -> str:
    """Return a claim's verdict as tables show it."""
    return f"{claim.verdict}, fragile" if claim.fragile else claim.verdict


def marked(claim: Claim) -> str:
    """Return a claim's verdict with its mark: ``● supported``, ``○ undecided, fragile``."""
    look = LOOKS[claim.verdict]
    return f"{look.mark} {look.word}{', fragile' * claim.fragile}"


MARKED = {
    f"{look.mark} {look.word}{also}": CELLS[f"{of}{also}"]
    for of, look in LOOKS.items()
    for also in ("", ", fragile")
}
"""The ground of a cell, by a marked verdict."""
