"""Pandoc's document tree, as its JSON gives it: reading it, changing it, building pieces of it.

An element is ``{"t": type, "c": content}``. Blocks and inlines are lists of elements. Attributes
are ``[identifier, [class, ...], [[key, value], ...]]``.
"""

from collections.abc import Callable, Iterator
from typing import Any

Element = dict[str, Any]
Elements = list[Element]
Parts = list[Any]
"""What an element holds where it is more than one thing, in Pandoc's order."""


def walk(node: Any) -> Iterator[Element]:
    """Yield every element under `node`, parents before their children, in document order."""
    waiting = [node]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            if "t" in here:
                yield here
            here = list(here.values())
        # texts and numbers, most of what there is, need not wait
        waiting += [value for value in reversed(here) if isinstance(value, (dict, list))]


def rewrite(nodes: Elements, change: Callable[[Element], Elements | None]) -> Elements:
    """Return a copy of `nodes` with elements exchanged, children before their parents.

    Parameters
    ----------
    nodes : blocks or inlines
    change : callable
        Gets an element, returns the elements that take its place, or None to leave it.
    """
    rewritten: Elements = _rewritten(nodes, change)
    return rewritten


def _rewritten(node: Any, change: Callable[[Element], Elements | None]) -> Any:
    if isinstance(node, dict):
        return {
            key: _rewritten(value, change) if isinstance(value, (dict, list)) else value
            for key, value in node.items()
        }
    out: Parts = []
    for value in node:
        if isinstance(value, dict):
            value = _rewritten(value, change)
            new = change(value) if "t" in value else None
            out.extend([value] if new is None else new)
        else:
            out.append(_rewritten(value, change) if isinstance(value, list) else value)
    return out


def attributes(element: Element) -> tuple[str, list[str], dict[str, str]]:
    """Return identifier, classes and key-values of an element that has attributes."""
    identifier, classes, pairs = element["c"][1 if element["t"] == "Header" else 0]
    return identifier, classes, dict(pairs)


def text(node: Any) -> str:
    """Return the plain text of inlines or blocks: words and spaces, without marks."""
    parts = []
    for element in walk(node):
        match element["t"]:
            case "Str":
                parts.append(element["c"])
            case "Space" | "SoftBreak" | "LineBreak":
                parts.append(" ")
            case "Code" | "Math":
                parts.append(element["c"][1])
    return "".join(parts)


def words(string: str) -> Elements:
    """Return inlines that show `string` literally, whatever characters it has."""
    out: Elements = []
    for index, word in enumerate(string.split(" ")):
        if index:
            out.append({"t": "Space"})
        if word:
            out.append({"t": "Str", "c": word})
    return out


def plain(inlines: Elements) -> Element:
    """Return inlines as a block without the space of a paragraph."""
    return {"t": "Plain", "c": inlines}


def strong(inlines: Elements) -> Element:
    """Return inlines in bold."""
    return {"t": "Strong", "c": inlines}


def span(inlines: Elements, *classes: str) -> Element:
    """Return inlines under classes."""
    return {"t": "Span", "c": [["", list(classes), []], inlines]}


def div(blocks: Elements, *classes: str) -> Element:
    """Return blocks under classes."""
    return {"t": "Div", "c": [["", list(classes), []], blocks]}


def code(string: str, *classes: str) -> Element:
    """Return a block of text that is shown as it is."""
    return {"t": "CodeBlock", "c": [["", list(classes), []], string]}


def link(inlines: Elements, target: str) -> Element:
    """Return a link."""
    return {"t": "Link", "c": [["", [], []], inlines, [target, ""]]}
