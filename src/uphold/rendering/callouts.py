"""Callouts in one shape, whichever way their title was written.

Quarto takes a callout's title from an attribute or from a heading at its beginning, and names the
callout by its kind where it has neither. Out: a block of the callout's class with two blocks in
it, the title and the body. One with ``collapse="true"`` is folded on a screen until a reader opens
it, and open on paper.
"""

from uphold.rendering import tree
from uphold.rendering.tree import Element, Elements
from uphold.rendering.vocabulary import CALLOUTS

TITLE = "callout-title"  # the class that the reader gives to a title that was an attribute
BODY = "callout-body"
COLLAPSE = "collapse"


def titled(blocks: Elements) -> Elements:
    """Return the tree with every callout as title and body."""

    def change(element: Element) -> Elements | None:
        name = kind(element)
        return [_titled(element, name)] if name else None

    return tree.rewrite(blocks, change)


def kind(element: Element) -> str | None:
    """Return the class of a callout, such as ``callout-note``, None for any other element."""
    if element["t"] != "Div":
        return None
    return next((name for name in tree.attributes(element)[1] if name in CALLOUTS), None)


def folds(element: Element) -> bool:
    """Return whether an element is a callout that is folded on a screen."""
    return kind(element) is not None and COLLAPSE in tree.attributes(element)[2]


def parts(callout: Element) -> tuple[Elements, Elements]:
    """Return the title's inlines and the body's blocks of a callout that `titled` returned."""
    title, body = callout["c"][1]
    return title["c"][1][0]["c"], body["c"][1]


def _titled(callout: Element, name: str) -> Element:
    blocks = callout["c"][1]
    first = blocks[0] if blocks else None
    if first and first["t"] == "Div" and TITLE in tree.attributes(first)[1]:
        title, body = first["c"][1][0]["c"], blocks[1:]
    elif first and first["t"] == "Header":
        title, body = first["c"][2], blocks[1:]
    else:
        title, body = tree.words(CALLOUTS[name]), blocks
    parts = [tree.div([tree.plain(title)], TITLE), tree.div(body, BODY)]
    titled = tree.div(parts, "callout", name)
    if folds(callout):
        titled["c"][0][2].append([COLLAPSE, "true"])
    return titled
