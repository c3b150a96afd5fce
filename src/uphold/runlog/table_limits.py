"""How large a table of runs may be, whatever file it comes in.

A log has a row for each run, with its settings and its results. What is larger than this is no log,
or one that was made to fill the memory: a table at the limits takes less than a gigabyte.
"""

from pathlib import Path

from uphold.errors import InputError
from uphold.format import count

LARGEST = 2**26
"""Bytes of text, or of a packed table, once unpacked."""
LARGEST_WORKBOOK = 2**28
"""Bytes of XML, which takes many for each cell."""
MOST_COLUMNS = 10_000
MOST_CELLS = 5_000_000
MOST_OBJECTS = 1_000_000
"""Objects of JSON, a row each or part of one; an object takes the memory of many values."""
DEEPEST = 50
SMALLER = "Give a row a run with its last values, and leave out columns that no spec names."


def refuse_too_many(columns: int, path: Path) -> None:
    """Raise `InputError` on a table that is wider than any table of runs."""
    if columns > MOST_COLUMNS:
        raise InputError(
            f"{path} has {count(columns)} columns, and a log at most {count(MOST_COLUMNS)}:"
            " one row a run, with its settings and its results. If each column is a run or an item,"
            " turn the table round or give its means; else leave out columns that no spec names."
        )


def refuse_cells(cells: int, path: Path) -> None:
    """Raise `InputError` on a table that has more cells than any table of runs."""
    if cells > MOST_CELLS:
        raise InputError(
            f"{path} has more than {count(MOST_CELLS)} cells, which no log of runs has. {SMALLER}"
        )


def refuse_size(size: int, path: Path, most: int = LARGEST) -> None:
    """Raise `InputError` on a file that unpacks to more bytes than any table of runs."""
    if size > most:
        raise InputError(
            f"{path} holds more than {most // 2**20} MiB, which no log of runs does. {SMALLER}"
        )
