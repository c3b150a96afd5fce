"""A page as one HTML file that needs nothing else: no network, no other file.

In: a `RenderedPage` and its `ProjectSettings`.
Out: the text of the file. Pictures, style and mathematics are in
it; a table that is wider than the page scrolls by itself.
"""

import re
from collections.abc import Mapping
from html import escape
from pathlib import Path

from uphold.rendering import pandoc, tables, tree
from uphold.rendering.page import RenderedPage
from uphold.rendering.project import ProjectSettings
from uphold.rendering.tree import Element, Elements

_LEADS = re.compile(r'xlink:href="#claim-')


def write(page: RenderedPage, settings: ProjectSettings, folder: Path, where: str) -> str:
    """Return the page as HTML.

    Parameters
    ----------
    page : RenderedPage
    settings : ProjectSettings
    folder : Path
        Where the page's pictures lie.
    where : str
        The document, for messages.
    """
    arguments = [
        "--to=html5",
        "--standalone",
        f"--template={Path(__file__).with_name('page.html')}",
        "--embed-resources",
        *(f"--css={file}" for file in settings.screen),
        "--mathml",
        f"--toc-depth={settings.toc_depth}",
    ]
    if settings.toc:
        arguments.append("--toc")
    if page.cites:
        arguments += ["--citeproc", f"--bibliography={settings.bibliography}"]
    blocks = with_links(shaped(page.blocks), page.pictures)
    return pandoc.write(blocks, page.meta(settings), arguments, where, folder)


def shaped(blocks: Elements) -> Elements:
    """Return the tree as the stylesheet wants it: each table in a box that scrolls."""
    return tree.rewrite(blocks, lambda e: [_table(e)] if e["t"] == "Table" else None)


def with_links(blocks: Elements, pictures: Mapping[str, bytes]) -> Elements:
    """Return the tree with the pictures in it whose marks lead to places of the page.

    The links of any other picture are dead, since it is an image to the browser.
    """

    def change(element: Element) -> Elements | None:
        if element["t"] != "Image":
            return None
        name = element["c"][2][0]
        text = pictures.get(name, b"").decode("utf-8", "replace")
        if not _LEADS.search(text):
            return None
        alternative = tree.text(element["c"][1])
        return [{"t": "RawInline", "c": ["html", _inside(text, Path(name).stem, alternative)]}]

    return tree.rewrite(blocks, change)


def _inside(picture: str, name: str, alternative: str) -> str:
    """Return an SVG as part of a page: its own identifiers are not those of another picture."""
    svg = picture[picture.index("<svg") :]
    own = {found[1] for found in re.finditer(r'\bid="([^"]+)"', svg)}
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', svg)
    for mark in (r'(href="#)([^"]+)"', r"(url\(#)([^)]+)\)"):
        end = mark[-1]
        svg = re.sub(
            mark,
            lambda found, end=end: f"{found[1]}{f'{name}-' * (found[2] in own)}{found[2]}{end}",
            svg,
        )
    label = f'role="group" aria-label="{escape(alternative)}" '
    return svg.replace("<svg ", f"<svg {label}", 1).replace(' target="_blank"', "")


def _table(table: Element) -> Element:
    """Return a table in a box; its caption stays outside, so that it does not scroll along."""
    (identifier, _, _), caption, *rest = tables.marked(table)["c"]
    bare = {"t": "Table", "c": [["", [], []], [None, []], *rest]}
    box = tree.div([bare], "table-box")
    if not identifier and not caption[1]:
        return box
    return {"t": "Figure", "c": [[identifier, ["table"], []], caption, [box]]}
