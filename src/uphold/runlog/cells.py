"""Cells of any file → numbers, truth values, text, lists, or nothing.

Promised: a column of text means the same in every format; what is empty or says NA, NaN or null is
missing, and "None" is a level like any other; spaces around a text are nothing; and no cell becomes
a number where levels would be lost by it: 1.1 and 1.10 are two releases, 007 is a code.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from uphold.errors import InputError

MISSING = frozenset({"", "na", "n/a", "nan", "null", "<na>"})
MOST_CODES = 100
"""Texts that look like numbers are codes in a column of no more different ones."""
NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
"""How a number is written plainly: a decimal point, perhaps an exponent, and nothing else."""
_NUMBER = re.compile(rf"\s*{NUMBER}\s*")
_DECIMAL = re.compile(r"\d+\.\d+")
_CODE = re.compile(r"0\d+")
_WHOLE = re.compile(r"\d+")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+(,\d+)?([eE][+-]?\d+)?")


def typed(cells: Sequence[Any] | pd.Series, decimal_comma: bool = False) -> pd.Series:
    """Return a column of text as numbers or truth values where every cell is one or missing."""
    text = cells.astype(object) if isinstance(cells, pd.Series) else pd.Series(cells, dtype=object)
    number = pd.to_numeric(text, errors="coerce")
    if number.notna().all():
        return number
    # Everything below works on the different cells, of which a column of text has few.
    given = {cell: cell.strip() for cell in text[number.isna()].dropna().unique()}
    given = {cell: word for cell, word in given.items() if word.lower() not in MISSING}
    if not given:
        return number
    if number.isna().all() and {word.lower() for word in given.values()} <= {"true", "false"}:
        truth = text.map({cell: word.lower() == "true" for cell, word in given.items()})
        return truth if truth.isna().any() else truth.astype(bool)
    if decimal_comma and all(_DECIMAL_COMMA.fullmatch(word) for word in given.values()):
        return number.fillna(text.map({c: float(w.replace(",", ".")) for c, w in given.items()}))
    words = {cell: cell.strip() for cell in text.dropna().unique()}
    return text.map({c: np.nan if w.lower() in MISSING else w for c, w in words.items()})


def is_text(column: pd.Series) -> bool:
    """Return whether all cells that a column has are texts."""
    if isinstance(column.dtype, pd.StringDtype):
        return True
    if column.dtype != object:
        return False
    return pd.api.types.infer_dtype(column, skipna=True) in ("string", "empty")


def as_levels(cells: Sequence[Any] | pd.Series) -> pd.Series | None:
    """Return a column of text as it is written, None where numbers do as well.

    They do not where levels would fall together or be written otherwise: of decimals of several
    lengths one ends with a zero (1.9, 1.10), or of whole numbers one begins with it (007).
    """
    text = pd.Series(cells, dtype=object)
    words = {cell: cell.strip() for cell in text.dropna().unique()}
    known = {word for word in words.values() if word.lower() not in MISSING}
    if not 1 < len(known) <= MOST_CODES:
        return None
    codes = all(map(_WHOLE.fullmatch, known)) and any(map(_CODE.fullmatch, known))
    if not codes:
        if not all(map(_DECIMAL.fullmatch, known)):
            return None
        places = {len(word.partition(".")[2]) for word in known}
        if len(places) == 1 or not any(word.endswith("0") for word in known):
            return None
        # 0.0 beside 0.25 is a number, however it is written; 1.10 beside 1.1 is none.
        if all(word.endswith(".0") for word in known if word.endswith("0")):
            return None
    return text.map({c: np.nan if w.lower() in MISSING else w for c, w in words.items()})


def without_exponents(column: pd.Series) -> pd.Series:
    """Return a column in which a number has no spelling with an exponent beside another one.

    Spellings without an exponent stay as they are: 1.1 and 1.10 may be two releases.
    """
    if pd.api.types.is_numeric_dtype(column) or column.map(holds_several).any():
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


def holds_several(cell: Any) -> bool:
    """Return whether a cell is a list or an object."""
    return isinstance(cell, list | dict)


def plain(value: Any) -> Any:
    """Return a cell as what a log knows: a number, a truth value, text, a list, or nothing."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, str):
        return encodable(value)
    known = value is None or value is pd.NA or isinstance(value, bool | int | float | list | dict)
    return value if known else str(value)


def encodable(text: str) -> str:
    """Return a text without lone surrogates, which JSON can hold and no encoding can write."""
    return text.encode("utf-8", "replace").decode("utf-8")


def refuse_twice(names: Iterable[str], path: Path) -> None:
    """Raise `InputError` where a name stands twice."""
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise InputError(f"{path}: the column {twice[0]!r} stands twice. Rename or remove one.")
