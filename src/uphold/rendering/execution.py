"""One execution of a document, from which every format is written.

In: a `Document` that passed its checks, and the interpreter for it. Out: an `Execution`: what each
cell put out and what each inline expression says. Cells and expressions run in the order of the
document, each once. An exception ends it, with the document, the line, the cell and the exception
in the message.
"""

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from uphold.errors import InputError
from uphold.rendering.document import Cell, Document, Expression
from uphold.rendering.kernel import Ended, Session

_ANSI = re.compile(r"\x1b\[[0-9;]*m")

Output = Mapping[str, Any]  # as in a notebook: output_type, and data or name and text


@dataclass(frozen=True)
class Value:
    """What an inline expression says: literal text, or Markdown where the object is Markdown."""

    text: str
    markdown: bool = False


@dataclass(frozen=True)
class Execution:
    """What a document's code gave.

    Attributes
    ----------
    outputs : mapping of int to list of Output
        Cell number to its outputs, in order.
    values : mapping of int to Value
        Expression number to what it says.
    """

    outputs: Mapping[int, list[Output]] = field(default_factory=dict)
    values: Mapping[int, Value] = field(default_factory=dict)


def execute(document: Document, session: Session) -> Execution:
    """Run a document's cells and inline expressions.

    Raises
    ------
    InputError
        When a cell or an expression raises, or an expression gives something that is not text.
    """
    outputs: dict[int, list[Output]] = {}
    values: dict[int, Value] = {}
    for part in document.parts:
        if isinstance(part, Cell):
            outputs[part.number] = _run(session, part, document)
        elif part.expressions:
            values.update(_evaluate(session, part.expressions, document))
    return Execution(outputs, values)


def _run(session: Session, cell: Cell, document: Document) -> list[Output]:
    try:
        found = session.run(cell.source)
    except Ended as end:
        raise InputError(f"{document.path}:{cell.line}: {cell.name} did not end: {end}") from None
    if error := found["error"]:
        trace = _ANSI.sub("", error["trace"])
        lines = re.findall(r"Cell In\s*\[\d+\], line (\d+)", trace)
        line = cell.source_line + int(lines[0]) - 1 if lines else cell.line
        refusal = InputError(
            f"{document.path}:{line}: {cell.name} failed: {error['name']}: {error['value']}"
        )
        refusal.add_note(trace)
        raise refusal
    return list(found["outputs"])


def _evaluate(
    session: Session, expressions: tuple[Expression, ...], document: Document
) -> dict[int, Value]:
    """Return the values of the expressions between two cells, evaluated as Quarto does it."""
    try:
        results = session.evaluate({str(each.number): each.source for each in expressions})
    except Ended as end:
        raise InputError(
            f"{document.path}:{expressions[0].line}: inline expressions did not end: {end}"
        ) from None
    values = {}
    for expression in expressions:
        where = f"{document.path}:{expression.line}: inline expression {expression.source!r}"
        result = results[str(expression.number)]
        if result["status"] != "ok":
            raise InputError(f"{where} failed: {result['ename']}: {result['evalue']}")
        values[expression.number] = _value(result["data"], where)
    return values


def _value(data: Mapping[str, str], where: str) -> Value:
    """Return what a result says.

    A string is shown as it is, whatever characters it has; an object that shows itself as
    Markdown is read as Markdown. A float has no fixed number of digits, so it is refused.
    """
    if "text/markdown" in data:
        return Value(data["text/markdown"], markdown=True)
    shown = data.get("text/plain", "")
    try:
        value = ast.literal_eval(shown)
    except (ValueError, SyntaxError):
        value = None
    if isinstance(value, str) or type(value) is int:
        return Value(str(value))
    raise InputError(
        f"{where} gives {shown!r}, which is neither text nor a whole number; uphold.pages "
        "formats results."
    )
