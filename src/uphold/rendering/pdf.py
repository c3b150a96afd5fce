"""A page as PDF, by Typst.

In: a `RenderedPage` and its `ProjectSettings`.
Out: the bytes of the file. Fonts are those that Typst carries, so
that the page looks the same on every machine; no time of day is written into it. A table is made
to fit by page.typ of the theme, which measures it; here it is said which columns may break into
lines, and a table that no type is small enough for is divided.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations
from pathlib import Path

from uphold.disk import naming
from uphold.errors import InputError
from uphold.rendering import callouts, pandoc, styles, tables, tree
from uphold.rendering.page import RenderedPage
from uphold.rendering.project import ProjectSettings
from uphold.rendering.tree import Element, Elements, Parts

_LINE = 68.0  # em of the smallest type of a table that a line of the page holds
_NARROWEST = 12.0  # of them that a column of sentences has at least
_STEPS = (16.0, 8.0, 4.0, 2.0, 1.0)  # of them that one such column gives another at a time


def source(page: RenderedPage, settings: ProjectSettings, folder: Path, where: str) -> str:
    """Return the page as Typst."""
    headings = (e["c"][0] for e in tree.walk(page.blocks) if e["t"] == "Header")
    above = min(headings, default=1) - 1  # levels that the document leaves to its title
    arguments = [
        "--to=typst-smart",  # quotes stay as they are: after a digit Typst makes primes of them
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
    arguments += [f"--lua-filter={file}" for file in settings.filters]
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
    with naming(file):
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
            return _table(element)
        case "Span":
            return _span(element)
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
    head = tree.plain([_raw(f'#boxed("{name}", ['), *title, _raw("])[")])
    return [head, *body, tree.plain([_raw("]")])]


def _table(table: Element) -> Elements:
    """Return a table as one that fits in the line, or as several, one below another."""
    words = tables.words(table)
    stub = sum(words[: tables.stub(table)])
    if any(stub + word > _LINE for word in words[tables.stub(table) :]) or stub > _LINE:
        name = repr(table["c"][0][0] or "a table")
        raise InputError(f"{name} has words too wide for paper; divide it, or shorten them.")
    return [_styled(part) for part in tables.divided(table, _narrowest(table), _LINE)]


def _styled(table: Element) -> Element:
    bold = {"typst:text:weight": '"bold"'}
    columns = table["c"][2]

    def wide(cell: Parts) -> Parts:
        """Let what stands across the whole table ask for no width."""
        *place, across, blocks = cell
        if across < len(columns) or across == 1:
            return cell
        return [*place, across, [tree.plain([_raw("#spread[")]), *blocks, tree.plain([_raw("]")])]]

    shaped = tables.with_cells(
        table,
        head=lambda cell: wide(_cell(cell, {**bold, "typst:align": "bottom"})),
        body=lambda cell: wide(_cell(cell, bold if "group" in cell[0][1] else {})),
        foot=lambda cell: wide(_cell(cell, {"typst:text:fill": "muted"})),
    )
    attributes, caption, _, *rest = shaped["c"]
    columns = [[side, width] for (side, _), width in zip(columns, _shares(table), strict=True)]
    return {"t": "Table", "c": [attributes, caption, columns, *rest]}


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


def _narrowest(table: Element) -> list[float]:
    """Return for each column the width that it cannot do without."""
    each = zip(tables.widths(table), tables.words(table), tables.longest(table), strict=True)
    return [
        min(width, max(_NARROWEST, word)) if length >= tables.SENTENCE else width
        for width, word, length in each
    ]


def _shares(table: Element) -> list[Element]:
    """Return for columns of sentences their share of what the others leave of the line.

    Each has what it cannot do without; the rest is divided so that the table is as short as may be.
    """
    widths = _narrowest(table)
    said = [at for at, n in enumerate(tables.longest(table)) if n >= tables.SENTENCE]
    shares = _divided(table, widths, said) if said else widths
    values = sum(width for at, width in enumerate(widths) if at not in said)
    return [
        {"t": "ColWidth", "c": round(width / (_LINE - values), 3)}
        if at in said
        else {"t": "ColWidthDefault"}
        for at, width in enumerate(shares)
    ]


def _divided(table: Element, least: Sequence[float], said: Sequence[int]) -> list[float]:
    """Return widths of columns, those of sentences so that the table is short, in em.

    A column four times as long as another begins with twice as much: by length, a short sentence
    beside a long one would be a column of single words. From there on, one gives another of its
    width as long as the table becomes shorter by it.
    """
    longest = tables.longest(table)
    roots = [math.sqrt(n) if at in said else 0.0 for at, n in enumerate(longest)]
    rest = max(0.0, _LINE - sum(least))
    widths = [one + rest * root / sum(roots) for one, root in zip(least, roots, strict=True)]
    high = tables.lines(table, widths)
    for step in _STEPS:
        while tried := list(_moved(widths, least, said, step)):
            lines, best = min((tables.lines(table, one), one) for one in tried)
            if lines >= high:
                break
            high, widths = lines, best
    return widths


def _moved(
    widths: Sequence[float], least: Sequence[float], said: Sequence[int], step: float
) -> Iterator[list[float]]:
    """Yield widths of which one column has given another a step."""
    for giver, taker in permutations(said, 2):
        if widths[giver] - step >= least[giver]:
            moved = list(widths)
            moved[giver] -= step
            moved[taker] += step
            yield moved


def _raw(typst: str) -> Element:
    return {"t": "RawInline", "c": ["typst", typst]}
