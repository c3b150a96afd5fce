"""Tables that cells put out as HTML, as Pandoc tables that both formats can show.

In: the tree of an HTML fragment, from great_tables or pandas. Out: one Pandoc table with its
alignments, spanners, colours and notes. The look of tables (fonts, rules, padding) belongs to the
page, so great_tables' own stylesheet stays behind; what is set on single cells comes along.
"""

import math
import re
from collections.abc import Callable, Iterator, Sequence

from uphold.errors import InputError
from uphold.rendering import styles, tree
from uphold.rendering.tree import Element, Elements, Parts

_SIDES = {"left": "AlignLeft", "right": "AlignRight", "center": "AlignCenter"}
_OWN_SHEETS = (".gt_table", ".dataframe tbody")  # marks of the stylesheets that may stay behind
_NUMBER = re.compile(r"[-+−]?[\d.,]+%?")
_OPTION = re.compile(r"--[A-Za-z]")
_PADDING = 0.65  # em left and right of a cell together, where the type is the smallest
SENTENCE = 32  # characters from which a column is one of sentences, which may break into lines


def extract(blocks: Elements, where: str) -> Element:
    """Return the one table of an HTML fragment.

    Raises
    ------
    InputError
        When there is not exactly one table, something stands beside it, or the fragment brings a
        stylesheet of its own.
    """
    tables = [element for element in tree.walk(blocks) if element["t"] == "Table"]
    if len(tables) != 1:
        raise InputError(f"{where} gives HTML with {len(tables)} tables; it must be exactly one.")
    _refuse_company(tree.rewrite(blocks, lambda e: [] if e["t"] == "Table" else None), where)
    for element in tree.walk(tables):
        if element["t"] in ("RawInline", "RawBlock"):
            raise InputError(f"{where} has a table with {element['c'][1]!r}, which is HTML only.")
    _attributes, caption, columns, head, bodies, foot = tables[0]["c"]
    if tree.text(caption[1]):
        raise InputError(f"{where} has a caption inside the table; use the option 'tbl-cap'.")
    head, foot = _section(head, where), _section(foot, where)
    bodies = [[_bare(a), heads, _rows(h, where), _rows(b, where)] for a, heads, h, b in bodies]
    return _aligned({"t": "Table", "c": [["", [], []], caption, columns, head, bodies, foot]})


def _aligned(table: Element) -> Element:
    """Return a table whose columns without an alignment have the one that suits their content."""
    columns = table["c"][2]
    texts: list[list[str]] = [[] for _ in columns]
    for *_, body in table["c"][4]:
        for _, row in body:
            if len(row) == len(columns):
                for column, cell in zip(texts, row, strict=True):
                    column.append(tree.text(cell[4]).strip())
    sides = (
        "AlignRight" if all(map(_NUMBER.fullmatch, column)) else "AlignLeft" for column in texts
    )
    fitting = [
        [{"t": own} if side["t"] == "AlignDefault" else side, width]
        for (side, width), own in zip(columns, sides, strict=True)
    ]
    return {"t": "Table", "c": [*table["c"][:2], fitting, *table["c"][3:]]}


def cells(table: Element) -> Iterator[Parts]:
    """Yield every cell of a table: ``[attributes, alignment, rows, columns, blocks]``."""
    for row in rows(table):
        yield from row[1]


def rows(table: Element) -> Iterator[Parts]:
    """Yield every row of a table: ``[attributes, cells]``."""
    _, _, _, head, bodies, foot = table["c"]
    yield from head[1]
    for _, _, heads, body in bodies:
        yield from (*heads, *body)
    yield from foot[1]


def marked(table: Element) -> Element:
    """Return a table whose cells of values, which may not break, have the class ``value``.

    An option of a command, which may break nowhere either, has the class ``whole``.
    """

    def mark(cell: Parts) -> Parts:
        (identifier, classes, pairs), side, down, across, blocks = cell
        value = [] if len(tree.text(blocks)) >= SENTENCE else ["value"]
        held = tree.rewrite(blocks, _held)
        return [[identifier, [*classes, *value], pairs], side, down, across, held]

    return with_cells(table, body=mark)


def _held(element: Element) -> Elements | None:
    """Return an option of a command under its class."""
    if element["t"] == "Str" and _OPTION.match(element["c"]):
        return [tree.span([element], "whole")]
    return None


def with_cells(
    table: Element,
    *,
    head: Callable[[Parts], Parts] = list,
    body: Callable[[Parts], Parts] = list,
    foot: Callable[[Parts], Parts] = list,
) -> Element:
    """Return a table with its cells exchanged, by different rules in head, body and foot."""
    attributes, caption, columns, (head_as, head_rows), bodies, (foot_as, foot_rows) = table["c"]

    def changed(rows: Parts, change: Callable[[Parts], Parts]) -> Parts:
        return [[row[0], [change(cell) for cell in row[1]]] for row in rows]

    bodies = [[a, n, changed(heads, body), changed(rows, body)] for a, n, heads, rows in bodies]
    top, bottom = [head_as, changed(head_rows, head)], [foot_as, changed(foot_rows, foot)]
    return {"t": "Table", "c": [attributes, caption, columns, top, bodies, bottom]}


def longest(table: Element) -> list[int]:
    """Return for each column the number of characters of its longest cell."""
    lengths = [0] * len(table["c"][2])
    for row in rows(table):
        at = 0
        for _, _, _, columns, blocks in row[1]:
            if columns == 1 and at < len(lengths):
                lengths[at] = max(lengths[at], len(tree.text(blocks)))
            at += columns
    return lengths


def widths(table: Element) -> list[float]:
    """Return for each column about how wide its widest cell is, in em; a head may break."""
    heads = {id(cell) for row in table["c"][3][1] for cell in row[1]}
    return _widest(table, lambda cell, text: text.split() if id(cell) in heads else [text])


def words(table: Element) -> list[float]:
    """Return for each column about how wide its widest word is, in em."""
    return _widest(table, lambda _, text: text.split())


def stub(table: Element) -> int:
    """Return the number of columns that name the rows: the first one, if the table does not say."""
    names: list[int] = [heads for _, heads, _, _ in table["c"][4]]
    return max([1, *names])


def divided(table: Element, widths: Sequence[float], line: float) -> list[Element]:
    """Return a table as so many, one below another, that each fits in the line.

    The columns that name the rows stand in each, notes below the last.

    Parameters
    ----------
    table : element
    widths : sequence of float
        What each column needs, in em.
    line : float
        What there is, in em.
    """
    names = range(stub(table))
    parts: list[list[int]] = []
    for column in range(len(names), len(widths)):
        if not parts or sum(widths[c] for c in (*names, *parts[-1], column)) > line:
            parts.append([])
        parts[-1].append(column)
    if len(parts) < 2:
        return [table]
    attributes, caption, columns, head, bodies, foot = table["c"]
    made: list[Element] = []
    for part in parts:
        kept = [*names, *part]
        last = part is parts[-1]
        content = [
            attributes if not made else ["", attributes[1], []],
            caption if not made else [None, []],
            [columns[column] for column in kept],
            [head[0], _chosen(head[1], kept)],
            [[a, n, _chosen(heads, kept), _chosen(body, kept)] for a, n, heads, body in bodies],
            [foot[0], _chosen(foot[1], kept) if last else []],
        ]
        made.append({"t": "Table", "c": content})
    return made


def _chosen(table_rows: Parts, kept: Sequence[int]) -> Parts:
    """Return rows with what they have in some of the columns."""
    return [
        [
            row[0],
            [
                [*cell[:3], inside, cell[4]]
                for start, cell in placed
                if (inside := sum(start <= column < start + cell[3] for column in kept))
            ],
        ]
        for row, placed in zip(table_rows, _placed(table_rows), strict=True)
    ]


def _placed(table_rows: Parts) -> Iterator[list[tuple[int, Parts]]]:
    """Yield for each row its cells with the columns that they begin in."""
    below: dict[int, int] = {}  # column to the rows that a cell of a row above still covers
    for row in table_rows:
        covered = {column for column, count in below.items() if count}
        below = {column: count - 1 for column, count in below.items() if count}
        placed = []
        at = 0
        for cell in row[1]:
            while at in covered:
                at += 1
            placed.append((at, cell))
            below.update({at + i: cell[2] - 1 for i in range(cell[3])})
            at += cell[3]
        yield placed


def _widest(table: Element, pieces: Callable[[Parts, str], list[str]]) -> list[float]:
    found = [0.0] * len(table["c"][2])
    _, _, _, head, bodies, foot = table["c"]
    for section in (
        head[1],
        *(part for *_, heads, body in bodies for part in (heads, body)),
        foot[1],
    ):
        for placed in _placed(section):
            for at, cell in placed:
                if cell[3] == 1:
                    for piece in pieces(cell, tree.text(cell[4])):
                        found[at] = max(found[at], sum(map(_em, piece)) + _PADDING)
    return found


def lines(table: Element, widths: Sequence[float]) -> int:
    """Return about how many lines of text a table is high whose columns are so wide, in em.

    What stands across several columns does not count.
    """
    *_, bodies, _ = table["c"]
    return sum(
        max(
            math.ceil(sum(map(_em, tree.text(cell[4]))) / (widths[at] - _PADDING))
            for at, cell in placed
            if cell[3] == 1
        )
        for *_, body in bodies
        for placed in _placed(body)
        if any(cell[3] == 1 for _, cell in placed)
    )


def _em(character: str) -> float:
    """Return about how wide a character is, rather too wide than too narrow."""
    if character in "ilj.,:;!|'’ ":
        return 0.3
    return 0.7 if character.isupper() or character in "mwMW%@+−±=<>" else 0.5


def _refuse_company(rest: Elements, where: str) -> None:
    for element in tree.walk(rest):
        if element["t"] in ("RawInline", "RawBlock"):
            text = element["c"][1]
            known = text.startswith("<style") and any(mark in text for mark in _OWN_SHEETS)
            if not known and text.strip() not in ("</style>",):
                raise InputError(
                    f"{where} brings HTML of its own beside the table ({text.strip()[:40]!r}); "
                    "style cells with great_tables."
                )
    if words := tree.text([e for e in rest if e["t"] != "RawBlock"]).strip():
        raise InputError(f"{where} has text beside its table: {words!r}.")


def _section(section: Parts, where: str) -> Parts:
    return [_bare(section[0]), _rows(section[1], where)]


def _rows(table_rows: Parts, where: str) -> Parts:
    return [[_bare(row[0]), [_cell(cell, where) for cell in row[1]]] for row in table_rows]


def _bare(attributes: Parts) -> Parts:
    """Return a row's attributes without identifier and styling that belongs to a stylesheet."""
    kept = [name for name in attributes[1] if name in _ROWS]
    return ["", [_ROWS[name] for name in kept], []]


_ROWS = {
    "gt_group_heading_row": "group",
    "gt_sourcenotes": "note",
    "gt_footnotes": "note",
    "gt_spanner_row": "spanners",
    "gt_heading": "heading",
}


def _cell(cell: Parts, where: str) -> Parts:
    (_, classes, pairs), side, down, across, blocks = cell
    css = styles.properties(dict(pairs).get("style", ""))
    align = css.pop("text-align", None)
    named = (name for name in _SIDES if f"gt_{name}" in classes)
    align = align or next(named, None)
    if {"gt_sourcenote", "gt_footnote"} & {*classes}:
        align = "left"
    if side["t"] == "AlignDefault" and align in _SIDES:
        side = {"t": _SIDES[align]}
    style = "; ".join(f"{name}: {value}" for name, value in css.items())
    try:
        styles.to_typst(style)
    except InputError as error:
        raise InputError(f"{where}: {error}") from None
    spanner = ["spanner"] if "gt_column_spanner_outer" in classes else []
    group = ["group"] if "gt_group_heading" in classes else []
    attributes = ["", spanner + group, [["style", style]] if style else []]
    return [attributes, side, down, across, _without_wrappers(blocks)]


def _without_wrappers(blocks: Elements) -> Elements:
    """Return a cell's content without great_tables' own spans, whose classes mean nothing here.

    All but one: the mark of a footnote must stay raised, or it would be read as a digit.
    """

    def change(element: Element) -> Elements | None:
        if element["t"] in ("Span", "Div"):
            identifier, classes, pairs = tree.attributes(element)
            if "gt_footnote_marks" in classes:
                return [{"t": "Superscript", "c": element["c"][1]}]
            own = classes and all(name.startswith("gt_") for name in classes)
            if own or not (identifier or classes or pairs):
                inside: Elements = element["c"][1]
                return inside
        return None

    return tree.rewrite(blocks, change)
