"""The text of a CSV → columns of text.

In: rows separated by ``,`` ``;`` tab or ``|``, below a header of one line or two, which lines of
``#`` comments or a line ``sep=;`` may precede. Out: a column of text by its name. Promised: a row
with too few or too many cells and a column that stands twice are errors that name the row and the
column, and what was passed over is said.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from uphold.errors import InputError
from uphold.format import counted
from uphold.runlog.cells import MISSING, refuse_twice
from uphold.runlog.table_limits import MOST_CELLS, refuse_cells, refuse_too_many

SEPARATORS = ",;\t|"
_DECLARED = re.compile(r"\ufeff?\"?sep=(.)\"?\s*", re.IGNORECASE)
_COMMENT = re.compile(r"\s*(#[^\n]*)(?:\n|\Z)")
_NUMBER = re.compile(r"[+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?\s*%?")


@dataclass(frozen=True)
class Text:
    """The columns of a CSV, all of text.

    Attributes
    ----------
    columns : mapping of str to sequence of str
    comma : bool
        Whether a comma may be a decimal one: it does not separate.
    notes : tuple of str
        What was passed over or joined, a sentence each.
    """

    columns: Mapping[str, Sequence[str]]
    comma: bool
    notes: tuple[str, ...] = ()


def csv_text(text: str, path: Path) -> Text:
    """Return the columns of a CSV.

    Raises
    ------
    InputError
        It cannot be read as one.
    """
    text, separator, notes = _body(text)
    separator = separator or _separator(text)
    rows = _rows(text, separator, path)
    names = [name.strip() for name in rows[0]] if rows else []
    body = rows[1:]
    if joined := _two_lines(names, body):
        names, body = joined, body[1:]
        notes.append("The header has two lines, which were joined.")
    for number, row in enumerate(body, start=1):
        if len(row) != len(names):
            raise InputError(
                f"{path}, row {number}: {len(row)} cells, but the header names {len(names)} columns"
                f" (separated by {separator!r})."
            )
    cells = list(zip(*body, strict=True)) or [()] * len(names)
    refuse_twice(filter(None, names), path)
    # A column without a name (the index that some tools write) cannot be spoken of.
    columns = {n: c for n, c in zip(names, cells, strict=True) if n}
    return Text(columns, separator != ",", tuple(notes))


def _rows(text: str, separator: str, path: Path) -> list[list[str]]:
    """Return the cells of each row that has any."""
    # Not StringIO, which takes four bytes for each letter.
    lines = io.TextIOWrapper(io.BytesIO(text.encode()), "utf-8", newline="")
    reader = csv.reader(lines, delimiter=separator, strict=True)
    rows: list[list[str]] = []
    cells = 0
    try:
        for row in reader:
            # An empty line is a cell, so that there is an end to them.
            cells += len(row) or 1
            if cells > MOST_CELLS or not rows:
                refuse_too_many(len(row), path)
                refuse_cells(cells, path)
            if any(cell.strip() for cell in row):
                rows.append(row)
    except csv.Error as error:
        raise InputError(f"{path} is not a readable CSV: {error}.") from None
    return rows


def _body(text: str) -> tuple[str, str, list[str]]:
    """Return a text from its header on, the separator that it declares, and what was said."""
    lines = text.split("\n", 1)
    declared = _DECLARED.fullmatch(lines[0])
    separator = declared.group(1) if declared else ""
    if declared:
        text = lines[1] if len(lines) > 1 else ""
    comments: list[str] = []
    at = 0
    while comment := _COMMENT.match(text, at):
        comments.append(comment[1])
        at = comment.end()
    rest = text[at:]
    if not comments:
        return text, separator, []
    # The header itself may be written as a comment, as numpy does.
    named = comments[-1].lstrip("# ")
    cut = separator or _separator(f"{named}\n{rest}")
    first = rest.lstrip().partition("\n")[0]
    width = len(named.split(cut))
    if 1 < width == len(first.split(cut)) and any(map(_is_number, first.split(cut))):
        comments.pop()
        rest = f"{named}\n{rest}"
    said = [f"{counted(len(comments), 'line')} of comments above the header passed over."]
    return rest, separator, said if comments else []


def _two_lines(names: list[str], body: list[list[str]]) -> list[str] | None:
    """Return the names of a header of two lines, joined; None where it has one.

    It has two where names of the first recur or are left out and the second has no number, or
    where the second has a text wherever every other row has a number.
    """
    if len(body) < 2 or any(len(row) != len(names) for row in body[:3]):
        return None
    second = [cell.strip() for cell in body[0]]
    if any(map(_is_number, second)) or len({name for name in second if name}) < 2:
        return None
    below = body[1:51]
    numbers = [
        all(_is_number(row[i]) or row[i].strip().lower() in MISSING for row in below)
        and any(_is_number(row[i]) for row in below)
        for i in range(len(names))
        if all(len(row) == len(names) for row in below)
    ]
    above = [bool(cell) and number for cell, number in zip(second, numbers, strict=False)]
    if not any(above) or any(second[i].lower() in MISSING - {""} for i in range(len(second))):
        return None
    recurs = any(n > 1 for name, n in Counter(names).items() if name)
    gaps = any(not name and cell for name, cell in zip(names, second, strict=True))
    if not (recurs or gaps) and sum(above) < max(2, sum(numbers)):
        return None
    joined, last = [], ""
    for name, cell in zip(names, second, strict=True):
        # What a spreadsheet merged stands in the first of its cells alone.
        last = name or (last if cell else "")
        joined.append(" ".join(filter(None, [last, cell])))
    return joined


def _is_number(cell: str) -> bool:
    return _NUMBER.fullmatch(cell.strip()) is not None


def _separator(text: str) -> str:
    """Return the separator under which most of the first rows have the most, equal, cells."""
    head = "\n".join(text[:1_000_000].splitlines()[:50])

    def quality(separator: str) -> tuple[int, int]:
        try:
            widths = Counter(len(r) for r in csv.reader(io.StringIO(head), delimiter=separator))
        except csv.Error:
            return (0, 0)
        width, rows = max(widths.items(), key=lambda item: (item[0] > 1, item[1]))
        return (rows if width > 1 else 0, width)

    return max(SEPARATORS, key=quality)
