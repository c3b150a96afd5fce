"""What was logged step by step → the last value of each name, and which of them are results.

In: a CSV with a row a step, JSON with a line a step, or values that may be nested. Out: by name,
the last value that is not empty. A last line that is cut is left out, and a note says so.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from uphold.errors import InputError
from uphold.runlog.importers.framing import content
from uphold.runlog.importers.imported import RESULT, TAG
from uphold.runlog.importers.json_text import json_of

AT_ONCE = 10_000
"""How many lines are held in memory."""


def of_table(path: Path, notes: list[str]) -> dict[str, tuple[int, str]]:
    """Return by column of a CSV its last cell that is not empty, and that cell's line.

    Raises
    ------
    InputError
        It cannot be read or is damaged.
    """
    try:
        cells = csv.reader(io.StringIO(_whole_lines(path, notes), newline=""), strict=True)
        return _last_cells(cells, path)
    except csv.Error as error:
        raise damaged(path, str(error)) from None


def of_lines(path: Path, notes: list[str]) -> dict[str, Any]:
    """Return by name the last value in lines of JSON objects.

    Raises
    ------
    InputError
        It cannot be read, or a line is no object in JSON.
    """
    found: dict[str, Any] = {}
    for number, line in enumerate(_whole_lines(path, notes).splitlines(), start=1):
        if line:
            held = json_of(line, f"{path}, line {number}")
            if not isinstance(held, dict):
                raise damaged(path, f"line {number} is no object")
            found |= {name: value for name, value in held.items() if value is not None}
    return found


def value_of(cell: str) -> Any:
    """Return a cell as the number or truth value that it is, else as its text."""
    for kind in (int, float):
        try:
            return kind(cell) if "_" not in cell else cell
        except ValueError:
            pass
    return {"true": True, "false": False}.get(cell.lower(), cell)


def results(values: Mapping[str, Any], kind: str = "") -> dict[str, Any]:
    """Return nested values by column: numbers are results, texts tags, lists neither."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            found |= results(value, f"{kind}{name}.")
        elif isinstance(value, str | bool):
            found[f"{TAG}{kind}{name}"] = value
        elif isinstance(value, int | float):
            found[f"{RESULT}{kind}{name}"] = value
    return found


def damaged(path: Path, reason: str) -> InputError:
    """Return the error that says what is wrong with a file of steps."""
    return InputError(
        f"{path} is damaged: {reason}. Copy it again from where it was written, or move its run"
        " away."
    )


def _whole_lines(path: Path, notes: list[str]) -> str:
    with content(path) as data:
        try:
            text = data[:].decode("utf-8")
        except UnicodeDecodeError as error:
            raise damaged(path, f"byte {error.start} is no text in UTF-8") from None
    if text and not text.endswith("\n"):
        notes.append(f"The last line of {path} is cut: it was left out.")
        text = text[: text.rfind("\n") + 1]
    return text


def _last_cells(reader: Iterator[list[str]], path: Path) -> dict[str, tuple[int, str]]:
    header = next(reader, [])
    last: dict[str, tuple[int, str]] = {}
    line = 2
    while rows := list(islice(reader, AT_ONCE)):
        for i, row in enumerate(rows):
            if len(row) != len(header):
                raise damaged(path, f"line {line + i} has {len(row)} cells, not {len(header)}")
        for column, name in enumerate(header):
            for i in range(len(rows) - 1, -1, -1):
                if rows[i][column]:
                    last[name] = line + i, rows[i][column]
                    break
        line += len(rows)
    return last
