"""Cells such as ``85.3%`` → numbers in percent.

Where a score is meant only: a level of a factor stays the text that it is.
"""

import re

import pandas as pd

_PERCENTAGE = re.compile(r"\s*[+-]?\d+(\.\d+)?\s*%\s*")


def percentages(column: pd.Series) -> pd.Series | None:
    """Return the numbers of a column of percentages, None where a cell that is not empty is none.

    Among percentages a cell without the sign is none: nobody knows whether 0.5 is 50 % or .5 %.
    """
    if pd.api.types.is_numeric_dtype(column):
        return None
    given = column.notna() & ~column.map(_empty)
    if not given.any() or not all(map(_is_percentage, column[given])):
        return None
    number = column[given].map(lambda cell: float(cell.strip().removesuffix("%")))
    return number.astype(float).reindex(column.index)


def _is_percentage(cell: object) -> bool:
    return isinstance(cell, str) and _PERCENTAGE.fullmatch(cell) is not None


def _empty(cell: object) -> bool:
    return isinstance(cell, str) and not cell.strip()
