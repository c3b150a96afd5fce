"""An Excel workbook → the cells of its one sheet.

It takes openpyxl, which is small (two packages of Python alone) and needed for nothing else: an
extra of its own, imported when a workbook is read.
"""

import io
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd

from uphold.errors import InputError
from uphold.runlog.cells import refuse_twice
from uphold.runlog.table_limits import (
    LARGEST_WORKBOOK,
    refuse_cells,
    refuse_size,
    refuse_too_many,
)

SUFFIXES = frozenset({".xlsx", ".xlsm"})
WITHOUT = (
    "an Excel workbook is read by openpyxl, which is not installed: pip install 'uphold[xlsx]', or"
    " save the sheet as CSV."
)


def workbook(path: Path) -> pd.DataFrame:
    """Return the table in the one sheet of a workbook that holds any cells.

    The value of a formula is the one that was stored with it; nothing is computed.

    Raises
    ------
    InputError
        openpyxl is missing, the file is no workbook, or several of its sheets hold cells.
    """
    try:
        import openpyxl
    except ImportError:
        raise InputError(f"{path}: {WITHOUT}") from None
    refuse_larger(path)
    try:
        book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()), read_only=True, data_only=True)
        sheets = {s.title: [list(row) for row in s.iter_rows(values_only=True)] for s in book}
    except OSError:
        raise
    except Exception as error:  # openpyxl names no error of its own for a file that is none
        raise InputError(f"{path} is not a readable Excel workbook: {error}.") from None
    tables = {
        title: [row for row in rows if any(cell is not None for cell in row)]
        for title, rows in sheets.items()
    }
    filled = [title for title, rows in tables.items() if rows]
    if len(filled) > 1:
        raise InputError(
            f"{path} holds several sheets ({', '.join(map(repr, filled))}): save the one of runs as"
            " CSV, or as a workbook of its own."
        )
    if not filled:
        raise InputError(f"{path} is empty: a log has a header and one row a run.")
    header, *rows = tables[filled[0]]
    refuse_too_many(len(header), path)
    refuse_cells(len(header) * len(rows), path)
    names = ["" if name is None else str(_cell(name)).strip() for name in header]
    refuse_twice(filter(None, names), path)
    columns = {
        name: pd.Series([_cell(row[i]) if i < len(row) else None for row in rows], dtype=object)
        for i, name in enumerate(names)
        if name
    }
    return pd.DataFrame(columns).infer_objects()


def refuse_larger(path: Path) -> None:
    """Refuse a workbook that unpacks to more than any log; what is no archive is told elsewhere."""
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(part.file_size for part in archive.infolist())
    except OSError:
        raise
    except Exception:  # zipfile raises a dozen kinds of error on damage
        return
    refuse_size(size, path, LARGEST_WORKBOOK)


def _cell(value: Any) -> Any:
    """Return a cell as a number, a truth value, a text or nothing: a date by how it is written."""
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
