"""What a document's code gave, read, shaped and held to the rules.

In: an `Execution`. Out: `Results`, the blocks of each cell and the inlines of each expression.
What code prints as Markdown obeys the rules of the prose around it, digits apart: those are
results. It may not bring headings or labels of its own, since references are checked before
anything runs.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from typing import NamedTuple

from uphold.errors import InputError
from uphold.rendering import labels, outputs, skeleton, tree, vocabulary
from uphold.rendering.document import Cell, Document, Problem
from uphold.rendering.execution import Execution
from uphold.rendering.outputs import Piece
from uphold.rendering.project import ProjectSettings
from uphold.rendering.skeleton import Skeleton
from uphold.rendering.tree import Element, Elements
from uphold.rendering.vocabulary import Complaint

_ESCAPED = re.compile(r"\\.")
"""What Markdown takes for a sign and no mark."""


@dataclass(frozen=True)
class Results:
    """What stands in the places that a skeleton keeps.

    Attributes
    ----------
    cells : mapping of int to list of elements
        Cell number to blocks.
    expressions : mapping of int to list of elements
        Expression number to inlines.
    pictures : mapping of str to bytes
        File name to content, for the figures in `cells`.
    tables : mapping of str to element
        HTML that a cell put out to the table that was read from it.
    """

    cells: Mapping[int, Elements]
    expressions: Mapping[int, Elements]
    pictures: Mapping[str, bytes]
    tables: Mapping[str, Element]


class _Found(NamedTuple):
    """A result to be judged: where it comes from, what is shown, what it was made of."""

    line: int
    name: str
    label: str | None
    blocks: Elements
    pieces: list[Piece]


def read(kept: Skeleton, settings: ProjectSettings, execution: Execution) -> Results:
    """Return the results of an execution, for the places kept in a skeleton.

    Raises
    ------
    InputError
        Naming the cell or the expression, when its result is not what its label announces, cannot
        be shown in both formats, or breaks a rule.
    """
    document = kept.document
    pieces, values = _pieces(document, settings, execution)
    found: list[_Found] = []
    pictures: dict[str, bytes] = {}
    tables: dict[str, Element] = {}
    for cell in document.cells:
        captions = {phrase.key: phrase.inlines for phrase in kept.phrases if phrase.cell is cell}
        own = outputs.extracted(pieces[cell.number], _where(document, cell))
        tables |= {piece.source: piece.blocks[0] for piece in own if piece.kind == "table"}
        blocks, drawn = outputs.blocks(cell, own, captions, settings, _where(document, cell))
        found.append(_Found(cell.line, cell.name, cell.label, blocks, own))
        pictures |= drawn
    for expression in document.expressions:
        name = f"expression {expression.source!r}"
        value = values[expression.number]
        inlines = _inlines(value, f"{document.path}:{expression.line}: {name}")
        found.append(_Found(expression.line, name, None, inlines, [value]))
    known = {name for name, _ in labels.defined(kept)}
    document.refuse(
        [
            Problem(each.line, f"{each.name} gives this: {complaint.text}")
            for each in found
            for complaint in _complaints(each, document, settings, known, frozenset(pictures))
        ]
    )
    shown = iter(each.blocks for each in found)
    cells = {cell.number: next(shown) for cell in document.cells}
    expressions = {each.number: next(shown) for each in document.expressions}
    return Results(cells, expressions, pictures, tables)


def _complaints(
    found: _Found,
    document: Document,
    settings: ProjectSettings,
    known: set[str],
    drawn: frozenset[str],
) -> Iterator[Complaint]:
    yield from vocabulary.complaints(found.blocks, document.path.parent, drawn)
    yield from labels.unresolved(found.blocks, known, settings.number_sections)
    for piece in found.pieces:
        if piece.kind == "markdown":
            marks = _ESCAPED.sub("", piece.source)
            left = vocabulary.leftovers(list(piece.blocks))
            yield from (complaint for complaint in left if re.search(complaint.pattern, marks))
    for label in labels.in_tree(found.blocks):
        if label.name != found.label:
            yield Complaint(f"a heading or label {label.name!r}; those stand in the text.", "")


def _pieces(
    document: Document, settings: ProjectSettings, execution: Execution
) -> tuple[dict[int, list[Piece]], dict[int, Piece]]:
    """Return the pieces of cells and the values of expressions by number, all read in one go."""
    cells = {
        cell.number: outputs.pieces(
            cell, execution.outputs[cell.number], settings, _where(document, cell)
        )
        for cell in document.cells
    }
    values = [
        Piece("markdown" if value.markdown else "text", value.text)
        for value in execution.values.values()
    ]
    flat = [*chain.from_iterable(cells.values()), *values]
    parsed = iter(outputs.parsed(flat, f"{document.path}, results of its code"))
    by_cell = {number: list(islice(parsed, len(each))) for number, each in cells.items()}
    return by_cell, dict(zip(execution.values, parsed, strict=True))


def _inlines(value: Piece, where: str) -> Elements:
    if value.kind == "text":
        return tree.words(value.source)
    inlines = skeleton.one_paragraph(list(value.blocks))
    if inlines is None:
        raise InputError(f"{where} gives more than one paragraph.")
    return inlines


def _where(document: Document, cell: Cell) -> str:
    return f"{document.path}:{cell.line}: {cell.name}"
