"""A page as one HTML file that needs nothing else: no network, no other file.

In: a `RenderedPage` and its `ProjectSettings`.
Out: the text of the file. Pictures, style, script and mathematics are in
it; a table that is wider than the page scrolls by itself. The page is whole without its script.
"""

from dataclasses import fields
from pathlib import Path

from uphold.rendering import callouts, linked_pictures, pandoc, tables, tree
from uphold.rendering.page import RenderedPage
from uphold.rendering.project import ProjectSettings
from uphold.rendering.tree import Element, Elements
from uphold.rendering.website import Navigation, Place


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
        f"--variable=include-after:{settings.after}",
        "--mathml",
        f"--toc-depth={settings.toc_depth}",
    ]
    if settings.toc:
        arguments.append("--toc")
    if page.cites:
        arguments += ["--citeproc", f"--bibliography={settings.bibliography}"]
    meta = page.meta(settings)
    if settings.navigation:
        meta |= _navigation(settings.navigation)
    blocks = linked_pictures.inside(shaped(page.blocks), page.pictures)
    blocks = tree.rewrite(blocks, _anchored)
    return pandoc.write(blocks, meta, arguments, where, folder)


def shaped(blocks: Elements) -> Elements:
    """Return the tree as the stylesheet wants it.

    Each table is in a box that scrolls, each callout that folds is what a browser folds.
    """
    return tree.rewrite(blocks, _shape)


def _shape(element: Element) -> Elements | None:
    if element["t"] == "Table":
        return [_table(element)]
    if callouts.folds(element):
        return _folding(element)
    return None


def _folding(callout: Element) -> Elements:
    """Return a callout as ``details``, closed, whose title stays in sight."""
    title, body = callouts.parts(callout)
    return [
        _raw(f'<details class="callout {callouts.kind(callout)}">'),
        _raw(f'<summary class="{callouts.TITLE}">'),
        tree.plain(title),
        _raw("</summary>"),
        tree.div(body, callouts.BODY),
        _raw("</details>"),
    ]


def _raw(html: str) -> Element:
    return {"t": "RawBlock", "c": ["html", html]}


def _anchored(element: Element) -> Elements | None:
    """Return a heading with a link to itself, which the stylesheet gives a mark."""
    if element["t"] != "Header" or not (identifier := tree.attributes(element)[0]):
        return None
    level, attributes, inlines = element["c"]
    said = ["", ["anchor"], [["aria-label", "Link to this section"]]]
    anchor = {"t": "Link", "c": [said, [], [f"#{identifier}", ""]]}
    return [{"t": "Header", "c": [level, attributes, [*inlines, anchor]]}]


def _navigation(navigation: Navigation) -> dict[str, Element]:
    """Return where a page leads as Pandoc's metadata, by the names in the template."""
    turns = {"t": "MetaBool", "c": bool(navigation.previous or navigation.next)}
    sections = {"t": "MetaList", "c": list(map(_place, navigation.sections))}
    leads = {field.name: getattr(navigation, field.name) for field in fields(navigation)}
    single = {name: _place(lead) for name, lead in leads.items() if isinstance(lead, Place)}
    return {"turns": turns, "sections": sections, **single}


def _place(place: Place) -> Element:
    """Return what a link says and where it leads as Pandoc's metadata."""
    said = {key: {"t": "MetaString", "c": value} for key, value in place._asdict().items()}
    return {"t": "MetaMap", "c": said}


def _table(table: Element) -> Element:
    """Return a table in a box; its caption stays outside, so that it does not scroll along."""
    (identifier, _, _), caption, *rest = tables.marked(table)["c"]
    bare = {"t": "Table", "c": [["", [], []], [None, []], *rest]}
    box = tree.div([bare], "table-box")
    if not identifier and not caption[1]:
        return box
    return {"t": "Figure", "c": [[identifier, ["table"], []], caption, [box]]}
