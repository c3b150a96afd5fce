"""Labels, numbers, and references to them.

Figures and tables are numbered in the order in which they stand, sections by their headings. The
numbers are set into the tree before either format is written, so that HTML and PDF cannot number
differently. A label given twice and a reference that leads nowhere are refused.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from uphold.rendering import tree
from uphold.rendering.skeleton import Skeleton
from uphold.rendering.tree import Element, Elements
from uphold.rendering.vocabulary import REFERENCES, Complaint, is_reference

_LABELLED = frozenset({"Header", "Table", "Figure"})


@dataclass(frozen=True)
class Label:
    """A name that a reference can lead to, and a regular expression that finds it in the text."""

    name: str
    pattern: str


def in_tree(blocks: Elements) -> Iterator[Label]:
    """Yield the labels of headings, tables and pictures, in order."""
    for element in tree.walk(blocks):
        if element["t"] in _LABELLED and (name := tree.attributes(element)[0]):
            yield Label(name, rf"#{re.escape(name)}\b")


def defined(skeleton: Skeleton) -> list[tuple[str, int]]:
    """Return every label of a document and its line, those of cells included."""
    document = skeleton.document
    found = [(c.label, c.options["label"].line) for c in document.cells if c.label]
    seen: Counter[str] = Counter()
    for label in in_tree(skeleton.blocks):
        found.append((label.name, document.find(label.pattern, seen[label.name])))
        seen[label.name] += 1
    return found


def unresolved(
    blocks: Elements, known: set[str], sections_are_numbered: bool
) -> Iterator[Complaint]:
    """Yield a complaint for each cross-reference or inner link that leads nowhere.

    Parameters
    ----------
    blocks : list of elements
    known : set of str
        Every label of the document.
    sections_are_numbered : bool
        Whether a reference to a section has a number to show.
    """
    for element in tree.walk(blocks):
        if element["t"] == "Link" and (target := element["c"][2][0]).startswith("#"):
            if target[1:] not in known:
                yield Complaint(
                    f"link to {target!r}, which is not a label here.", re.escape(target)
                )
        elif element["t"] == "Cite":
            for key in filter(is_reference, keys(element)):
                pattern = rf"@{re.escape(key)}\b"
                if key not in known:
                    yield Complaint(f"reference '@{key}' to a label that does not exist.", pattern)
                elif key.startswith("sec-") and not sections_are_numbered:
                    yield Complaint(f"'@{key}' needs 'number-sections: true'.", pattern)


def cited(blocks: Elements) -> dict[str, str]:
    """Return the keys of the works that are cited, each with a pattern that finds it."""
    cites = (element for element in tree.walk(blocks) if element["t"] == "Cite")
    found = (key for cite in cites for key in keys(cite))
    return {key: f"@{re.escape(key)}" for key in found if not is_reference(key)}


def keys(cite: Element) -> list[str]:
    """Return what a `Cite` cites."""
    return [citation["citationId"] for citation in cite["c"][0]]


def number(blocks: Elements, number_sections: bool) -> Elements:
    """Return the tree with numbers in captions and headings, and with references resolved."""
    numbers = _numbers(blocks, number_sections)

    def change(element: Element) -> Elements | None:
        match element["t"]:
            case "Header":
                return [_numbered_heading(element, numbers)]
            case "Table" | "Figure":
                return [_numbered_caption(element, numbers)]
            case "Cite" if any(map(is_reference, keys(element))):
                return _references(element, numbers)
        return None

    return tree.rewrite(blocks, change)


def _numbers(blocks: Elements, number_sections: bool) -> dict[str, str]:
    """Return label to number: ``"3"`` for figures and tables, ``"2.1"`` for sections."""
    numbers: dict[str, str] = {}
    counts = {"Figure": 0, "Table": 0}
    headings = [element for element in tree.walk(blocks) if element["t"] == "Header"]
    top = min((heading["c"][0] for heading in headings), default=1)
    section: list[int] = []
    for element in tree.walk(blocks):
        kind = element["t"]
        if kind == "Header" and number_sections:
            identifier, classes, _ = tree.attributes(element)
            if "unnumbered" not in classes:
                depth = element["c"][0] - top + 1
                section = (section + [0] * depth)[:depth]
                section[-1] += 1
                numbers[identifier] = ".".join(map(str, section))
        elif kind in counts and (identifier := tree.attributes(element)[0]):
            counts[kind] += 1
            numbers[identifier] = str(counts[kind])
    return numbers


def _numbered_heading(header: Element, numbers: Mapping[str, str]) -> Element:
    level, attributes, inlines = header["c"]
    if attributes[0] not in numbers:
        return header
    mark = tree.span(tree.words(numbers[attributes[0]]), "header-section-number")
    return {"t": "Header", "c": [level, attributes, [mark, tree.words("\u2002")[0], *inlines]]}


def _numbered_caption(element: Element, numbers: Mapping[str, str]) -> Element:
    attributes, (short, blocks), *rest = element["c"]
    if attributes[0] not in numbers:
        return element
    word = REFERENCES[attributes[0].partition("-")[0]]
    mark = tree.strong(tree.words(f"{word}\u00a0{numbers[attributes[0]]}:"))
    inlines = blocks[0]["c"] if blocks else []
    caption = [tree.plain([mark, {"t": "Space"}, *inlines]), *blocks[1:]]
    return {"t": element["t"], "c": [attributes, [short, caption], *rest]}


def _references(cite: Element, numbers: Mapping[str, str]) -> Elements:
    """Return links such as 'Figure 2, Table 1' in the place of '[@fig-x; @tbl-y]'."""
    out: Elements = []
    for citation in cite["c"][0]:
        key = citation["citationId"]
        bare = citation["citationMode"]["t"] == "SuppressAuthor"  # [-@fig-x]: the number alone
        word = "" if bare else REFERENCES[key.partition("-")[0]] + "\u00a0"
        if out:
            out.extend(tree.words(", "))
        out.append(tree.link([{"t": "Str", "c": word + numbers[key]}], f"#{key}"))
    return out
