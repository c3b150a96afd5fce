"""A page as one HTML file that needs nothing else: no network, no other file.

In: a `RenderedPage` and its `ProjectSettings`.
Out: the text of the file. Pictures, style and mathematics are in
it; a table that is wider than the page scrolls by itself.
"""

from pathlib import Path

from uphold.rendering import linked_pictures, pandoc, tables, tree
from uphold.rendering.page import RenderedPage
from uphold.rendering.project import ProjectSettings
from uphold.rendering.tree import Element, Elements


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
    blocks = linked_pictures.inside(shaped(page.blocks), page.pictures)
    return pandoc.write(blocks, page.meta(settings), arguments, where, folder)


def shaped(blocks: Elements) -> Elements:
    """Return the tree as the stylesheet wants it: each table in a box that scrolls."""
    return tree.rewrite(blocks, lambda e: [_table(e)] if e["t"] == "Table" else None)


def _table(table: Element) -> Element:
    """Return a table in a box; its caption stays outside, so that it does not scroll along."""
    (identifier, _, _), caption, *rest = tables.marked(table)["c"]
    bare = {"t": "Table", "c": [["", [], []], [None, []], *rest]}
    box = tree.div([bare], "table-box")
    if not identifier and not caption[1]:
        return box
    return {"t": "Figure", "c": [[identifier, ["table"], []], caption, [box]]}
