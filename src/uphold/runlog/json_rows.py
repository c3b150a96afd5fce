"""The text of JSON lines, or of one JSON file → rows.

In: an object a line; or a list of objects, objects by the name of their run, one object that holds
such a list, or columns as lists. Out: a table. Promised: nested objects become columns with dotted
names; lists stay lists, which no log accepts as a level or a score; and what cannot be read is an
error that names the line.
"""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from uphold.errors import InputError
from uphold.format import count
from uphold.runlog.cells import encodable, plain, refuse_twice
from uphold.runlog.table_limits import (
    DEEPEST,
    MOST_CELLS,
    MOST_OBJECTS,
    SMALLER,
    refuse_cells,
    refuse_too_many,
)

LONGEST_INTEGER = 300
_LINE_END = re.compile(r"\r\n|\n|\r")
"""What may part lines of JSON. Other letters that Python takes for the end of a line may stand in a
text of JSON as they are."""


def json_rows(text: str, path: Path) -> pd.DataFrame:
    """Return the table of a JSON text.

    Raises
    ------
    InputError
        It is no JSON, or none of rows, or has more than any log.
    """
    _refuse_more(text, path)
    rows: list[Mapping[str, Any]] = []
    values: dict[str, int] = {}
    objects: dict[str, int] = {}
    for number, found in _objects(text, path):
        if not isinstance(found, dict):
            raise InputError(f"{path}, line {number}: each line is one run, as an object.")
        leaves = list(_flat(found, objects, len(rows) + 1))
        refuse_twice((name for name, _ in leaves), path)
        rows.append(dict(leaves))
        values |= {name: len(rows) for name, value in leaves if value is not None}
        refuse_too_many(max(len(leaves), len(values)), path)
    for name in values.keys() & objects.keys():
        raise InputError(
            f"{path}: {name!r} is an object in row {objects[name]} and a value in row"
            f" {values[name]}. Let it be one of them throughout."
        )
    # Each row takes a cell in each column, whether or not it has a value there.
    refuse_cells(len(rows) * max(len(values), 1), path)
    return pd.DataFrame(rows).infer_objects()


def _refuse_more(text: str, path: Path) -> None:
    """Refuse a text of more objects or values than any log has, before memory is taken for them."""
    if text.count("{") > MOST_OBJECTS:
        raise InputError(
            f"{path} has more than {count(MOST_OBJECTS)} objects, which no log of runs has."
            f" {SMALLER}"
        )
    if sum(map(text.count, ",[{")) > MOST_CELLS:
        refuse_cells(MOST_CELLS + 1, path)


def _objects(text: str, path: Path) -> Iterable[tuple[int, Any]]:
    """Yield each object with the line that it stands in."""
    head = text.lstrip()
    if head.startswith("["):
        found = _parsed(text, path, 1)
        yield from ((1, row) for row in (found if isinstance(found, list) else [found]))
    elif head.startswith("{") and not _is_whole(head.partition("\n")[0]):
        yield from ((1, row) for row in _of_one(_parsed(text, path, 1), path))
    else:
        parted = enumerate(_LINE_END.split(text), start=1)
        lines = [(number, line) for number, line in parted if line.strip()]
        if len(lines) > MOST_OBJECTS:
            refuse_cells(MOST_CELLS + 1, path)
        found = [(number, _parsed(line, path, number)) for number, line in lines]
        if len(found) == 1 and isinstance(found[0][1], dict) and _holds_rows(found[0][1]):
            yield from ((1, row) for row in _of_one(found[0][1], path))
        else:
            yield from found


def _is_whole(line: str) -> bool:
    """Return whether a line may be an object of its own; one that is broken is told as a line."""
    return len(line.strip()) > 1 and not line.rstrip().endswith(("{", "[", ","))


def _holds_rows(found: Mapping[str, Any]) -> bool:
    lists = [v for v in found.values() if isinstance(v, list) and v]
    return any(all(isinstance(row, dict) for row in rows) for rows in lists)


def _of_one(found: Any, path: Path) -> list[Any]:
    """Return the rows that one object holds: in a list of it, by their names, or by columns."""
    if not isinstance(found, dict) or not found:
        return [found]
    lists = [
        value
        for value in found.values()
        if isinstance(value, list) and value and all(isinstance(row, dict) for row in value)
    ]
    if len(lists) > 1:
        raise InputError(f"{path} holds several lists of objects: give the one of runs by itself.")
    if lists:
        return list(lists[0])
    kinds = {type(value) for value in found.values()}
    if kinds == {dict}:
        return [{"run": name, **row} for name, row in found.items()]
    if kinds == {list} and len({len(value) for value in found.values()}) == 1:
        return [dict(zip(found, row, strict=True)) for row in zip(*found.values(), strict=True)]
    return [found]


def _parsed(text: str, path: Path, line: int) -> Any:
    try:
        found = json.loads(
            text, object_pairs_hook=lambda pairs: _unique(pairs, path), parse_int=_integer
        )
    except (json.JSONDecodeError, RecursionError) as error:
        raise InputError(f"{path}, line {line} is not JSON: {error}.") from None
    _refuse_depth(found, f"{path}, line {line}")
    return found


def _refuse_depth(found: Any, where: str) -> None:
    level = [found]
    # The rows may stand in a list, and that in an object.
    for _ in range(DEEPEST + 2):
        held = [v.values() if isinstance(v, dict) else v for v in level if _is_nested(v)]
        level = [v for values in held for v in values if _is_nested(v)]
        if not level:
            return
    raise InputError(f"{where} is nested more than {DEEPEST} deep, which no log of runs is.")


def _is_nested(value: Any) -> bool:
    return isinstance(value, dict | list)


def _unique(pairs: list[tuple[str, Any]], path: Path) -> dict[str, Any]:
    pairs = [(encodable(key), value) for key, value in pairs]
    refuse_twice((key for key, _ in pairs), path)
    return dict(pairs)


def _flat(
    row: Mapping[str, Any], objects: dict[str, int], number: int, prefix: str = ""
) -> Iterable[tuple[str, Any]]:
    """Yield the leaves of nested objects with dotted names, and note the objects with their row."""
    for key, value in row.items():
        if isinstance(value, dict):
            objects[prefix + key] = number
            yield from _flat(value, objects, number, f"{prefix}{key}.")
        else:
            yield prefix + key, plain(value)


def _integer(digits: str) -> int | float:
    """Return a whole number; one beyond every float is infinite, and no finite score."""
    return int(digits) if len(digits) <= LONGEST_INTEGER else float(digits)
