"""Cells of a score as people write them → numbers.

In: a column in which ``85.3%``, ``1,234.5``, ``0,853`` or ``—`` stands where a number is meant.
Out: numbers, percentages in percent. Promised: a cell that may be two numbers is none; what is no
number is named. Where a score is meant only: a level of a factor stays the text that it is.
"""

import re
from collections.abc import Collection
from typing import NamedTuple

import numpy as np
import pandas as pd

from uphold.format import counted
from uphold.runlog.cells import MISSING, NUMBER
from uphold.runlog.naming import Name, read_name

WITHOUT = MISSING | frozenset(
    {
        "-",
        "--",
        "---",
        "–",
        "—",
        "―",
        "\N{MINUS SIGN}",
        "none",
        "nil",
        "n.a.",
        "n. a.",
        "n.a",
        "#n/a",
    }
    | {"missing", "not available", "not applicable", "not reported", "not run", "?"}
)
"""What people write for a score that is not there, in small letters."""
_SHARE = "%"
_EXPONENT = r"([eE][+-]?\d+)?"
_CONVENTIONS = tuple(
    (
        re.compile(
            rf"(?=[+-]?[.,]?\d)[+-]?([1-9]\d{{0,2}}([{group}]\d{{3}})+|\d+)?({point}\d*)?{_EXPONENT}"
        ),
        group,
        at,
    )
    for group, point, at in (
        (",", r"\.", "."),
        (r"\.", ",", ","),
        (" \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}'’", r"\.", "."),
        (" \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}'’", ",", ","),
    )
)
"""How a number is written, what may part its thousands, and what its decimals."""
_PLAIN = re.compile(rf"{NUMBER}|[+-]?(inf|infinity)", re.IGNORECASE)
_LOOK = 20
"""How many cells are looked at to tell a column of text from one of scores."""


def score_numbers(column: pd.Series) -> pd.Series | None:
    """Return the numbers of a column of scores, None where it has none or a cell is no number.

    Among percentages a cell without the sign is none: nobody knows whether 0.5 is 50 % or .5 %.
    Thousands and decimals are parted in one way in all cells, and none of them may be read in two.
    """
    if pd.api.types.is_numeric_dtype(column) or not _looks_written(column):
        return None
    places = np.flatnonzero(~without_score(column).to_numpy())
    given = column.iloc[places].tolist()
    if not given or not all(map(_is_written, given)):
        return None
    texts = [cell for cell in given if isinstance(cell, str)]
    readings = _readings([_number(cell) for cell in texts])
    if len(set(map(_is_share, given))) > 1 or len(readings) != 1:
        return None
    read = iter(readings[0])
    numbers = np.full(len(column), np.nan)
    numbers[places] = [next(read) if isinstance(cell, str) else float(cell) for cell in given]
    return pd.Series(numbers, column.index)


class NoNumber(NamedTuple):
    """A cell that makes of a column no scores: its row from 0, why, and if it may be a number."""

    row: int
    why: str
    unclear: bool = False


def no_number(column: pd.Series) -> NoNumber | None:
    """Return the first cell that makes of a column no scores, None where none does."""
    if pd.api.types.is_numeric_dtype(column) or score_numbers(column) is not None:
        return None
    places = np.flatnonzero(~without_score(column).to_numpy()).tolist()
    cells = [column.iloc[place] for place in places]
    texts = [_number(cell) if _is_written(cell) else "" for cell in cells]
    for place, text in zip(places, texts, strict=True):
        if not _readings([text]):
            return NoNumber(
                place, "which is no number. Leave the cell empty where there is no score."
            )
    shares = [_is_share(cell) for cell in cells]
    rare = sum(shares) <= len(shares) / 2
    if any(shares) and rare in shares:
        are = "are no percentages" if rare else "are percentages"
        why = f"and others {are}: write all with the sign, or none."
        return NoNumber(places[shares.index(rare)], why, unclear=True)
    for place, text in zip(places, texts, strict=True):
        if not _PLAIN.fullmatch(text):
            return NoNumber(
                place,
                "of which nobody knows what parts thousands and what decimals. Write it with a"
                " decimal point, and thousands without anything between them.",
                unclear=True,
            )
    return None


def without_score(column: pd.Series) -> pd.Series:
    """Return which cells are empty, or hold what people write for a score that is not there."""
    return column.isna() | column.map(_is_without)


def with_scores(
    table: pd.DataFrame, known: Collection[str] = (), levels: Collection[str] | None = None
) -> tuple[pd.DataFrame, list[str]]:
    """Return a table in which scores are numbers however they are written, and what to say of it.

    Parameters
    ----------
    table : DataFrame
    known : collection of str
        Results for certain, beside those that are called so.
    levels : collection of str, optional
        Columns that are none. Without it percentages that hardly recur are results as well.
    """
    made: dict[str, pd.Series] = {}
    notes = []
    for column in table:
        name, cells = read_name(str(column)), table[column]
        if levels is not None and (column in levels or not _is_result(name, known)):
            continue
        numbers = score_numbers(cells)
        result = _is_result(name, known)
        if numbers is not None and (result or _are_no_levels(cells)):
            made[str(column)] = numbers
            words = cells[numbers.isna() & cells.notna()]
            if len(words):
                notes.append(
                    f"{counted(len(words), 'cell')} of {column}, such as {words.iloc[0]!r}, count"
                    " as missing."
                )
        elif result and (wrong := no_number(cells)) and _mostly_numbers(cells):
            notes.append(
                f"{column} is no metric: row {wrong.row + 1} holds {cells.iloc[wrong.row]!r:.60},"
                f" {wrong.why}"
            )
    return table.assign(**made), notes


def _is_result(name: Name, known: Collection[str]) -> bool:
    if name.column in known or name.namespace == "result":
        return True
    return name.namespace != "setting" and name.role in ("metric", "threshold", "count", "items")


def _are_no_levels(cells: pd.Series) -> bool:
    """Return whether cells are percentages that hardly recur, as those of a factor do."""
    known = cells[~without_score(cells)]
    return _is_share(known.iloc[0]) and bool(known.nunique() > len(known) / 2)


def _mostly_numbers(cells: pd.Series) -> bool:
    given = cells[~without_score(cells)]
    return bool(
        given.map(lambda cell: _is_written(cell) and bool(_readings([_number(cell)]))).mean() > 0.5
    )


def _readings(texts: list[str]) -> list[list[float]]:
    """Return the numbers that some texts may be, for each way of writing that fits them all."""
    if all(map(_PLAIN.fullmatch, texts)):
        return [list(map(float, texts))]
    found: list[list[float]] = []
    for form, group, point in _CONVENTIONS:
        if all(form.fullmatch(text) for text in texts):
            parted = [re.sub(f"[{group}]", "", text).replace(point, ".") for text in texts]
            numbers = list(map(float, parted))
            if numbers not in found:
                found.append(numbers)
    return found


def _stripped(cell: object) -> str:
    return str(cell).strip().replace("\N{MINUS SIGN}", "-")


def _looks_written(column: pd.Series) -> bool:
    return all(
        _is_written(cell) and (_is_without(cell) or _readings([_number(cell)]))
        for cell in column.dropna().head(_LOOK)
    )


def _number(cell: object) -> str:
    return _stripped(cell).removesuffix(_SHARE).rstrip()


def _is_share(cell: object) -> bool:
    return isinstance(cell, str) and cell.rstrip().endswith(_SHARE)


def _is_without(cell: object) -> bool:
    return isinstance(cell, str) and cell.strip().lower() in WITHOUT


def _is_written(cell: object) -> bool:
    """Return whether a cell is a number or a text."""
    if isinstance(cell, bool | np.bool_):
        return False
    return isinstance(cell, str | int | float | np.integer | np.floating)
