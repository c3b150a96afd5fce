"""How much of a page is text, and how much is tables.

In: the tree of a page. Out: the words of its text and the cells of its tables, of what a reader
sees without opening anything, and the cells of the rest.
"""

from dataclasses import dataclass

from uphold.rendering import callouts, tables, tree
from uphold.rendering.tree import Elements

_TEXT = ("Para", "Plain", "Header")
_NO_TEXT = ("Table", "Figure", "CodeBlock")


@dataclass(frozen=True)
class Amounts:
    """What there is of each.

    Attributes
    ----------
    words : int
        Of paragraphs, lists and headings that stand open, without captions and listings.
    cells : int
        Of tables that stand open, without empty ones.
    folded : int
        The cells in callouts that fold.
    """

    words: int
    cells: int
    folded: int

    @classmethod
    def of(cls, blocks: Elements) -> "Amounts":
        """Return how much there is of each on a page."""
        shown = tree.rewrite(blocks, lambda e: [] if callouts.folds(e) else None)
        text = tree.rewrite(shown, lambda e: [] if e["t"] in _NO_TEXT else None)
        words = sum(len(tree.text(e).split()) for e in tree.walk(text) if e["t"] in _TEXT)
        cells = _cells(shown)
        return cls(words, cells, _cells(blocks) - cells)

    def __str__(self) -> str:
        return f"{self.words:,} words, {self.cells:,} cells open, {self.folded:,} folded"


def _cells(blocks: Elements) -> int:
    each = (e for e in tree.walk(blocks) if e["t"] == "Table")
    return sum(bool(tree.text(cell[4]).strip()) for table in each for cell in tables.cells(table))
