"""Anyone's table file → a table of numbers, truth values and text.

In: a CSV, JSON lines, a parquet file or an Excel workbook, each by its name, and text that is
packed with gzip. Out: a `pandas.DataFrame`, one row a row of the file. Promised: nothing in the
file is executed or used as a path; a file without rows and text that cannot be decoded are errors
that say so; every cell is kept; and one table gives the same answer from each kind of file.
"""

import gzip
import zlib
from collections.abc import Collection
from pathlib import Path

import pandas as pd

from uphold.encoding import codec
from uphold.errors import InputError
from uphold.runlog.cells import as_levels, is_text, typed, without_exponents
from uphold.runlog.csv_text import csv_text
from uphold.runlog.importers.imported import Imported
from uphold.runlog.json_rows import json_rows
from uphold.runlog.long_rows import by_run
from uphold.runlog.naming import read_name
from uphold.runlog.parquet import parquet
from uphold.runlog.score_cells import with_scores
from uphold.runlog.table_limits import LARGEST, refuse_size
from uphold.runlog.workbook import SUFFIXES as WORKBOOKS
from uphold.runlog.workbook import workbook

JSON_SUFFIXES = frozenset({".jsonl", ".ndjson", ".json"})
PARQUET_SUFFIXES = frozenset({".parquet", ".pq"})
PACKED = ".gz"


def read_table(path: Path, levels: Collection[str] = ()) -> pd.DataFrame:
    """Read a table; its kind is told by the suffix, and anything else is taken as CSV.

    Parameters
    ----------
    path : Path
    levels : collection of str
        The columns whose cells are levels and no measurements; where none are given, those whose
        names are no result's. They stay text where 1.1 and 1.10 both occur, which are two releases
        and one number. Where they are text, a number with an exponent is the same level as that
        number without one: 1e-2 is 0.01.

    Raises
    ------
    InputError
        The file cannot be used.
    """
    return read_file(path, levels).table


def read_file(path: Path, levels: Collection[str] = ()) -> Imported:
    """Read a table as `read_table` does, with what it was read as and what was passed over."""
    notes: tuple[str, ...] = ()
    comma = False
    packed = path.suffix.lower() == PACKED
    suffix = (Path(path.stem) if packed else path).suffix.lower()
    try:
        if suffix in PARQUET_SUFFIXES | WORKBOOKS and packed:
            raise InputError(f"{path}: unpack it first; only text is read while it is packed.")
        if suffix in PARQUET_SUFFIXES:
            kind, table = "parquet", parquet(path)
        elif suffix in WORKBOOKS:
            kind, table, comma = "an Excel sheet", workbook(path), True
        elif suffix in JSON_SUFFIXES:
            kind, table = "JSON", json_rows(_text(path, packed), path)
        else:
            found = csv_text(_text(path, packed), path)
            kind, comma, notes = "CSV", found.comma, found.notes
            table = pd.DataFrame({n: pd.Series(c, dtype=object) for n, c in found.columns.items()})
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from None
    if table.empty:
        raise InputError(f"{path} holds no rows: a log has one row a run.")
    if (spread_out := by_run(table, levels, str(path))) is not None:
        table, said_so = spread_out
        notes = (*notes, said_so)
    columns = {name: _meant(table[name], str(name), levels, comma) for name in table.columns}
    read, said = with_scores(pd.DataFrame(columns), levels=levels)
    return Imported(read, f"a table of runs ({kind})", notes=(*notes, *said))


def _meant(column: pd.Series, name: str, levels: Collection[str], comma: bool) -> pd.Series:
    """Return a column as the numbers, truth values or text that its cells mean."""
    level = name in levels if levels else read_name(name).role == "setting"
    if is_text(column):
        as_written = as_levels(column) if level else None
        comma = comma and not _has_points(column)
        column = typed(column, comma) if as_written is None else as_written
    elif column.dtype == object:
        column = column.map(lambda cell: cell.strip() if isinstance(cell, str) else cell)
    # Where no column is known to hold levels yet, any of text may.
    return without_exponents(column) if level or not levels else column


def _has_points(column: pd.Series) -> bool:
    """Return whether cells have points and others commas: the points may part thousands."""
    texts = column.dropna().unique()
    return any("." in text for text in texts) and any("," in text for text in texts)


def _text(path: Path, packed: bool) -> str:
    data = _unpacked(path) if packed else _plainly(path)
    refuse_size(len(data), path)
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


def _plainly(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def _unpacked(path: Path) -> bytes:
    try:
        with gzip.open(path) as file:
            return file.read(LARGEST + 1)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InputError(f"{path} is not a whole gzip file: {error}.") from None


def _binary(path: Path) -> InputError:
    return InputError(
        f"{path} is a binary file and no text. Give a log as CSV in UTF-8, as JSON lines (.jsonl),"
        " as parquet with .parquet at the end of its name, or as .xlsx."
    )
