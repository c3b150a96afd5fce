"""A page as PDF, by Typst.

In: a `RenderedPage` and its `ProjectSettings`.
Out: the bytes of the file. Fonts are those that Typst carries, so
that the page looks the same on every machine; no time of day is written into it. A table is made
to fit: one of values by a smaller size, one with sentences by giving the sentences what is left.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from uphold.errors import InputError
from uphold.rendering import callouts, pandoc, styles, tables, tree
from uphold.rendering.page import RenderedPage
from uphold.rendering.project import ProjectSettings
from uphold.rendering.tree import Element, Elements, Parts

_LINE = 100  # characters of a table's size that a line of the page holds
_NARROWEST = 20  # characters that a column of sentences holds at least
_SMALLEST = 0.6  # of the usual size of type: what can still be read
# words that Typst reads as marks where they begin a line or a cell, which Pandoc does not escape;
# closing quotes, which Pandoc writes as straight ones: after a digit Typst makes primes of them
_MARK = re.compile(r"=+|[-+/]|\d+\.|.*(\.\.\.|--|-\?|’).*")


def source(page: RenderedPage, settings: ProjectSettings, folder: Path, where: str) -> str:
    """Return the page as Typst."""
    headings = (e["c"][0] for e in tree.walk(page.blocks) if e["t"] == "Header")
    above = min(headings, default=1) - 1  # levels that the document leaves to its title
    arguments = [
        "--to=typst",
        "--standalone",
        f"--template={Path(__file__).with_name('page.typ')}",
        f"--include-in-header={settings.paper}",
        "--syntax-highlighting=none",
        f"--shift-heading-level-by={-above}",
        f"--variable=toc-depth={settings.toc_depth - above}",
    ]
    if settings.toc:
        arguments.append("--toc")
    if page.cites:
        arguments += ["--citeproc", f"--bibliography={settings.bibliography}"]
    meta = {
        key: {**value, "c": shaped(value["c"])} if value["t"] == "MetaInlines" else value
        for key, value in page.meta(settings).items()
    }
    return pandoc.write(shaped(page.blocks), meta, arguments, where, folder)


def write(page: RenderedPage, settings: ProjectSettings, folder: Path, where: str) -> bytes:
    """Return the page as PDF. Parameters as for `uphold.rendering.html.write`."""
    import typst

    # in the folder, because Typst looks for pictures and for the palette beside the source
    file = folder / "page.typ"
    file.write_text(source(page, settings, folder, where), encoding="utf-8")
    compiler = typst.Compiler(str(file), root=str(folder), ignore_system_fonts=True)
    try:
        content, warnings = compiler.compile_with_warnings(format="pdf")
    except typst.TypstError as error:
        raise InputError(f"{where}: Typst says: {error.diagnostic}") from None
    if warnings:
        raise InputError(f"{where}: Typst warns: {warnings[0].diagnostic}")
    assert isinstance(content, bytes)  # one file, whatever the number of its pages
    return content


def shaped(blocks: Elements) -> Elements:
    """Return the tree with callouts, tables and styles as Typst needs them."""
    return tree.rewrite(blocks, _shape)


def _shape(element: Element) -> Elements | None:
    match element["t"]:
        case "Div" if name := callouts.kind(element):
            return _callout(element, name)
        case "Table":
            return [_table(element)]
        case "Span":
            return _span(element)
        case "Str" if _MARK.fullmatch(element["c"]):
            return [_literal(element["c"])]
        case "CodeBlock":
            return [tree.code(element["c"][1])]  # no language: no colours on paper
    return None


def _span(span: Element) -> Elements:
    (identifier, classes, pairs), inlines = span["c"]
    said = dict(_typst(pairs))
    fill = said.pop("typst:fill", None)  # Pandoc's writer gives a span no ground of its own
    out = {
        "t": "Span",
        "c": [[identifier, classes, [list(pair) for pair in said.items()]], inlines],
    }
    return [_raw(f"#highlight(fill: {fill})["), out, _raw("]")] if fill else [out]


def _callout(callout: Element, kind: str) -> Elements:
    title, body = callouts.parts(callout)
    name = kind.removeprefix("callout-")
    head = tree.plain([_raw(f'#callout("{name}", ['), *title, _raw("])[")])
    return [head, *body, tree.plain([_raw("]")])]


def _table(table: Element) -> Element:
    bold = {"typst:text:weight": '"bold"'}
    shaped = tables.with_cells(
        table,
        head=lambda cell: _cell(cell, {**bold, "typst:align": "bottom"}),
        body=lambda cell: _cell(cell, bold if "group" in cell[0][1] else {}),
        foot=lambda cell: _cell(cell, {"typst:text:fill": "muted"}),
    )
    (identifier, classes, pairs), caption, columns, *rest = shaped["c"]
    widths, size = _widths(table)
    columns = [[side, width] for (side, _), width in zip(columns, widths, strict=True)]
    pairs = [*pairs, ["typst:text:size", f"{size:.3f}em"]] if size < 1 else pairs
    return {"t": "Table", "c": [[identifier, classes, pairs], caption, columns, *rest]}


def _cell(cell: Parts, said: Mapping[str, str]) -> Parts:
    """Return a cell with its style in Typst's terms, on top of what is `said` of its like."""
    (_, classes, pairs), side, down, across, blocks = cell
    rule = {"typst:stroke": "(bottom: hairline)"} if {"group", "spanner"} & {*classes} else {}
    merged = {**said, **rule, **dict(_typst(pairs))}
    return [["", [], [list(pair) for pair in merged.items()]], side, down, across, blocks]


def _typst(pairs: Parts) -> Parts:
    """Return key-values with a ``style`` said in Typst's terms."""
    style = dict(pairs).get("style")
    return [list(pair) for pair in styles.to_typst(style).items()] if style else pairs


def _widths(table: Element) -> tuple[list[Element], float]:
    """Return the columns' widths, and the size of type that they need as a share of the usual.

    Columns of values have the width of their values. Columns of sentences share what is left of
    the line by the length of their sentences; where that would be too little, the whole table is
    set smaller.
    """
    longest = tables.longest(table)
    sentences = [length for length in longest if length >= tables.SENTENCE]
    values = sum(length + 3 for length in longest if length < tables.SENTENCE)
    if not sentences or values + sum(sentences) <= _LINE:
        return [{"t": "ColWidthDefault"} for _ in longest], 1.0
    line = max(_LINE, values + _NARROWEST * len(sentences))
    if line > _LINE / _SMALLEST:
        name = repr(table["c"][0][0] or "a table")
        raise InputError(f"{name} is too wide for paper; divide it, or shorten its values.")
    free = line - values - _NARROWEST * len(sentences)
    widths: list[Element] = []
    for length in longest:
        if length < tables.SENTENCE:
            widths.append({"t": "ColWidthDefault"})
        else:
            share = (_NARROWEST + free * length / sum(sentences)) / line
            widths.append({"t": "ColWidth", "c": round(share, 3)})
    return widths, _LINE / line


def _literal(word: str) -> Element:
    """Return a word as a string of Typst's, in which nothing is a mark."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return _raw(f'#"{escaped}";')


def _raw(typst: str) -> Element:
    return {"t": "RawInline", "c": ["typst", typst]}
