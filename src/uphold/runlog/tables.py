"""Anyone's table file → a table of numbers, truth values and text.

In: a CSV (separated by ``,`` ``;`` tab or ``|``), a parquet or a JSON lines file. Out: a
`pandas.DataFrame`, one row a row of the file. Promised: nothing in the file is executed or used as
a path; a row with too few or too many cells, a column that stands twice, a file without rows and
text that cannot be decoded are errors that name the row and the column. Every cell is kept: "None"
is a level like any other, and only what is empty or says NA, NaN or null is missing. Objects in
JSON become columns with dotted names; lists stay lists, which no log accepts as a level or a score.
"""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from uphold.encoding import codec
from uphold.errors import InputError

SEPARATORS = ",;\t|"
MISSING = frozenset({"", "na", "n/a", "nan", "null", "<na>"})
JSON_SUFFIXES = frozenset({".jsonl", ".ndjson", ".json"})
PARQUET_SUFFIXES = frozenset({".parquet", ".pq"})
LONGEST_INTEGER = 300
_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*")
_DECIMAL = re.compile(r"\d+\.\d+")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+(,\d+)?([eE][+-]?\d+)?")


def read_table(path: Path, levels: Collection[str] = ()) -> pd.DataFrame:
    """Read a table; its kind is told by the suffix, and anything else is taken as CSV.

    Parameters
    ----------
    path : Path
    levels : collection of str
        The columns whose cells are levels and no measurements. In a CSV they stay text where 1.1
        and 1.10 both occur, which are two releases and one number. Where they are text, a number
        with an exponent is the same level as that number without one: 1e-2 is 0.01.

    Raises
    ------
    InputError
        The file cannot be used.
    """
    try:
        if path.suffix.lower() in PARQUET_SUFFIXES:
            table = _parquet(path)
        else:
            text = _text(path)
            lines = path.suffix.lower() in JSON_SUFFIXES
            table = _json_lines(text, path) if lines else _csv(text, path, levels)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from None
    if table.empty:
        raise InputError(f"{path} holds no rows: a log has one row a run.")
    # Where no column is known to hold levels yet, any of text may.
    some = [name for name in levels or table.columns if name in table]
    return table.assign(**{name: _without_exponents(table[name]) for name in some})


def _text(path: Path) -> str:
    data = path.read_bytes()
    encoding = codec(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if b"\0" in data and encoding == "utf-8-sig":
            raise _binary(path) from None
        line = data[: error.start].count(b"\n") + 1
        raise InputError(
            f"{path} is not text in UTF-8 (line {line}). Save it as CSV in UTF-8, or give parquet."
        ) from None
    if "\0" in text:
        raise _binary(path)
    if not text.strip():
        raise InputError(f"{path} is empty: a log has a header and one row a run.")
    return text


def _binary(path: Path) -> InputError:
    return InputError(
        f"{path} is a binary file and no text. Give a log as CSV in UTF-8, as JSON lines (.jsonl),"
        " or as parquet with .parquet at the end of its name."
    )


def _csv(text: str, path: Path, levels: Collection[str]) -> pd.DataFrame:
    separator = _separator(text)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise InputError(f"{path} is not a readable CSV: {error}.") from None
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    names = [name.strip() for name in rows[0]] if rows else []
    for number, row in enumerate(rows[1:], start=1):
        if len(row) != len(names):
            raise InputError(
                f"{path}, row {number}: {len(row)} cells, but the header names {len(names)} columns"
                f" (separated by {separator!r})."
            )
    cells = list(zip(*rows[1:], strict=True)) or [()] * len(names)
    _refuse_twice(filter(None, names), path)
    comma = separator != ","
    # A column without a name (the index that some tools write) cannot be spoken of.
    typed = {n: typed_column(c, comma) for n, c in zip(names, cells, strict=True) if n}
    as_written = {
        n: pd.Series(c, dtype=object).str.strip()
        for n, c in zip(names, cells, strict=True)
        if n in levels and _written_apart(c)
    }
    return pd.DataFrame(typed | as_written)


def _separator(text: str) -> str:
    """Return the separator under which most of the first rows have the most, equal, cells."""
    head = "\n".join(text.splitlines()[:50])

    def quality(separator: str) -> tuple[int, int]:
        try:
            widths = Counter(len(r) for r in csv.reader(io.StringIO(head), delimiter=separator))
        except csv.Error:
            return (0, 0)
        width, rows = max(widths.items(), key=lambda item: (item[0] > 1, item[1]))
        return (rows if width > 1 else 0, width)

    return max(SEPARATORS, key=quality)


def _written_apart(cells: Sequence[str]) -> bool:
    """Return whether all cells are plain decimals, of which two differ in closing zeros alone."""
    words = {cell.strip() for cell in cells}
    plainly = all(map(_DECIMAL.fullmatch, words))
    return plainly and len({float(word) for word in words}) < len(words)


def _without_exponents(column: pd.Series) -> pd.Series:
    """Return a column in which a number has no spelling with an exponent beside another one.

    Spellings without an exponent stay as they are: 1.1 and 1.10 may be two releases.
    """
    if pd.api.types.is_numeric_dtype(column) or column.map(_holds_several).any():
        return column
    cells = column.dropna().unique().tolist()
    numbers = [c for c in cells if isinstance(c, int | float) and not isinstance(c, bool)]
    spelled = [c for c in cells if isinstance(c, str) and _NUMBER.fullmatch(c)]
    with_exponent = [c for c in spelled if "e" in c.lower()]
    plainly = [c for c in spelled if c not in with_exponent]
    of_number: dict[float, Any] = {}
    for cell in (*numbers, *plainly, *with_exponent):
        of_number.setdefault(float(cell), cell)
    same = {cell: of_number[float(cell)] for cell in with_exponent}
    return column.astype(object).replace(same) if any(k != v for k, v in same.items()) else column


def _holds_several(cell: Any) -> bool:
    return isinstance(cell, list | dict)


def typed_column(cells: Sequence[str], decimal_comma: bool = False) -> pd.Series:
    """Return a column as numbers or truth values where every cell that is not missing is one."""
    text = pd.Series(cells, dtype=object)
    number = pd.to_numeric(text, errors="coerce")
    if number.notna().all():
        return number
    # Everything below works on the different cells, of which a column of text has few.
    given = {cell: cell.strip() for cell in text[number.isna()].unique()}
    given = {cell: word for cell, word in given.items() if word.lower() not in MISSING}
    if not given:
        return number
    if number.isna().all() and {word.lower() for word in given.values()} <= {"true", "false"}:
        truth = text.map({cell: word.lower() == "true" for cell, word in given.items()})
        return truth if truth.isna().any() else truth.astype(bool)
    if decimal_comma and all(_DECIMAL_COMMA.fullmatch(word) for word in given.values()):
        return number.fillna(text.map({c: float(w.replace(",", ".")) for c, w in given.items()}))
    words = {cell: cell.strip() for cell in text.unique()}
    return text.map({c: np.nan if w.lower() in MISSING else w for c, w in words.items()})


def _json_lines(text: str, path: Path) -> pd.DataFrame:
    rows: list[Mapping[str, Any]] = []
    values: dict[str, int] = {}
    objects: dict[str, int] = {}
    whole = text.lstrip().startswith("[")
    for number, line in enumerate([text] if whole else text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found = json.loads(
                line, object_pairs_hook=lambda pairs: _unique(pairs, path), parse_int=_integer
            )
        except (json.JSONDecodeError, RecursionError) as error:
            raise InputError(f"{path}, line {number} is not JSON: {error}.") from None
        for row in found if whole and isinstance(found, list) else [found]:
            if not isinstance(row, dict):
                raise InputError(f"{path}, line {number}: each line is one run, as an object.")
            leaves = list(_flat(row, objects, len(rows) + 1))
            _refuse_twice((name for name, _ in leaves), path)
            rows.append(dict(leaves))
            values |= {name: len(rows) for name, value in leaves if value is not None}
    for name in values.keys() & objects.keys():
        raise InputError(
            f"{path}: {name!r} is an object in row {objects[name]} and a value in row"
            f" {values[name]}. Let it be one of them throughout."
        )
    return pd.DataFrame(rows).infer_objects()


def _unique(pairs: list[tuple[str, Any]], path: Path) -> dict[str, Any]:
    pairs = [(_encodable(key), value) for key, value in pairs]
    _refuse_twice((key for key, _ in pairs), path)
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
            yield prefix + key, _plain(value)


def _integer(digits: str) -> int | float:
    """Return a whole number; one beyond every float is infinite, and no finite score."""
    return int(digits) if len(digits) <= LONGEST_INTEGER else float(digits)


def _parquet(path: Path) -> pd.DataFrame:
    from pyarrow import ArrowException

    if not path.is_file():
        found = "it is a folder" if path.is_dir() else "no such file"
        raise InputError(f"{path} cannot be read: {found}.")
    try:
        table = pd.read_parquet(path)
        # An index without a name counts rows; one with a name was a column.
        table = table.reset_index([name for name in table.index.names if name is not None])
    except (ArrowException, ValueError) as error:
        raise InputError(f"{path} is not a readable parquet file: {error}.") from None
    table.columns = [str(name) for name in table.columns]
    _refuse_twice(table.columns, path)
    for name, column in table.items():
        if column.dtype == np.float32:
            # The shortest decimal that the number prints as: .0005, not .0005000000237.
            table[name] = column.astype(str).astype(float)
        elif pd.api.types.is_datetime64_any_dtype(column) or column.dtype.kind == "m":
            table[name] = column.astype(str).where(column.notna())
        elif column.dtype == object:
            table[name] = column.map(_plain)
    return table.reset_index(drop=True)


def _plain(value: Any) -> Any:
    """Return a cell as what a log knows: a number, a truth value, text, a list, or nothing."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, str):
        return _encodable(value)
    known = value is None or value is pd.NA or isinstance(value, bool | int | float | list | dict)
    return value if known else str(value)


def _encodable(text: str) -> str:
    """Return a text without lone surrogates, which JSON can hold and no encoding can write."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _refuse_twice(names: Iterable[str], path: Path) -> None:
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise InputError(f"{path}: the column {twice[0]!r} stands twice. Rename or remove one.")
