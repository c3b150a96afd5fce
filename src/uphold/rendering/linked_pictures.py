"""Pictures whose marks lead to other places of their page, as parts of the page.

In: the tree of a page and its pictures. Out: such SVG as HTML, for the place of the image in either
renderer, each link named by the text that it leads to, since letters are drawn there. Any other
picture stays an image: to a browser its links are dead.
"""

import re
from collections.abc import Mapping
from html import escape
from pathlib import Path

from uphold.rendering import tree
from uphold.rendering.tree import Element, Elements

_LEADS = re.compile(r'<a xlink:href="#([^"]+)"(?: target="_blank")?')


def inside(blocks: Elements, pictures: Mapping[str, bytes]) -> Elements:
    """Return the tree with the pictures in it that lead somewhere."""
    linked = parts(blocks, pictures)

    def change(element: Element) -> Elements | None:
        part = linked.get(element["c"][2][0]) if element["t"] == "Image" else None
        return [part] if part else None

    return tree.rewrite(blocks, change)


def parts(blocks: Elements, pictures: Mapping[str, bytes]) -> dict[str, Element]:
    """Return what takes the place of each picture that leads somewhere, an inline by its name."""
    spans = (e for e in tree.walk(blocks) if e["t"] == "Span" and tree.attributes(e)[0])
    names = {tree.attributes(span)[0]: tree.text(span) for span in spans}
    found = {}
    for image in (e for e in tree.walk(blocks) if e["t"] == "Image"):
        name = image["c"][2][0]
        text = pictures.get(name, b"").decode("utf-8", "replace")
        if _LEADS.search(text):
            part = _part(text, Path(name).stem, tree.text(image["c"][1]), names)
            found[name] = {"t": "RawInline", "c": ["html", part]}
    return found


def _part(picture: str, name: str, alternative: str, names: Mapping[str, str]) -> str:
    """Return an SVG as part of a page: its own identifiers are not those of another picture."""
    svg = picture[picture.index("<svg") :]
    own = set(re.findall(r'\bid="([^"]+)"', svg))

    def renamed(found: re.Match[str]) -> str:
        return f"{found[1]}{f'{name}-' * (found[2] in own)}{found[2]}"

    def link(found: re.Match[str]) -> str:
        return f'<a href="#{found[1]}" aria-label="{escape(names.get(found[1], found[1]))}"'

    svg = re.sub(r'(\bid="|href="#|url\(#)([^")]+)', renamed, svg)
    label = f'role="group" aria-label="{escape(alternative)}" '
    return _LEADS.sub(link, svg.replace("<svg ", f"<svg {label}", 1))
