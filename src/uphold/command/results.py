"""A folder that a run has written → its numbers, or why they are none.

``metrics.json``
    Numbers by their names, nested as the program likes; null for one that this run does not have.
``metrics.csv``, optional
    A row an epoch, a column ``epoch`` or ``step``, or none.
``predictions.npz`` or ``predictions.parquet``, optional
    Arrays of numbers by their names.

Promised: what is not there, not whole or not finite is never a score; nothing is unpickled.
"""

import csv
import json
import math
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uphold.errors import InputError
from uphold.sources import npz

METRICS, HISTORY = "metrics.json", "metrics.csv"
ARRAYS, TABLE = "predictions.npz", "predictions.parquet"
MOST_NUMBERS, MOST_ROWS = 10_000, 1_000_000
LARGEST = 64 * 2**20
"""Of the numbers, rows and bytes of what is read as text."""


class Unusable(Exception):
    """What a run has written is no result; the message says which file and why."""


@dataclass(frozen=True)
class Written:
    """What a run has written.

    Attributes
    ----------
    numbers : dict of str to float
        By name, nested ones as ``outer.inner``.
    history : dict of str to ndarray of shape (epochs,)
        With a column ``epoch``.
    arrays : dict of str to ndarray
    """

    numbers: dict[str, float]
    history: dict[str, NDArray[Any]] = field(default_factory=dict)
    arrays: dict[str, NDArray[Any]] = field(default_factory=dict)


def read(folder: Path) -> Written:
    """Read what a run has written.

    Raises
    ------
    Unusable
        Where it is no result.
    """
    for path in (METRICS, HISTORY, ARRAYS, TABLE):
        if (folder / path).is_symlink():
            raise Unusable(f"{path} is a link and no file")
    if not (folder / METRICS).is_file():
        raise Unusable(f"it wrote no {METRICS}")
    return Written(numbers(folder / METRICS), history(folder / HISTORY), _arrays(folder))


def numbers(path: Path) -> dict[str, float]:
    try:
        found = json.loads(_text(path), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise Unusable(f"{METRICS} is not whole JSON: {error}") from None
    if not isinstance(found, dict):
        raise Unusable(f"{METRICS} holds no names: it should map each to a number")
    named = dict(_flat(found))
    if not named:
        raise Unusable(f"{METRICS} holds no number")
    if len(named) > MOST_NUMBERS:
        raise Unusable(f"{METRICS} holds more than {MOST_NUMBERS:,} numbers")
    return named


def _flat(values: dict[str, Any], under: str = "") -> Iterator[tuple[str, float]]:
    for key, value in values.items():
        name = f"{under}{key}"
        if isinstance(value, dict):
            yield from _flat(value, f"{name}.")
        elif value is None:
            continue
        elif isinstance(value, bool) or not isinstance(value, int | float):
            raise Unusable(
                f"{METRICS}: {name} is {type(value).__name__} and no number: leave it out, or put"
                " it into another file"
            )
        elif not math.isfinite(value):
            raise Unusable(f"{METRICS}: {name} is {value}")
        else:
            yield name, float(value)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found


def history(path: Path) -> dict[str, NDArray[Any]]:
    """Return the columns of a history; one without a row where there is no file."""
    if not path.is_file():
        return {"epoch": np.zeros(0, dtype=np.int64)}
    rows = list(csv.reader(_text(path).splitlines()))
    if not rows or len(set(rows[0])) < len(rows[0]) or len(rows) > MOST_ROWS:
        raise Unusable(f"{HISTORY} has no names of columns, one twice, or too many rows")
    head, body = rows[0], [row for row in rows[1:] if row]
    if any(len(row) != len(head) for row in body):
        raise Unusable(f"{HISTORY} has rows of other lengths than its first")
    columns = {name: np.array([_cell(row[k], name) for row in body]) for k, name in enumerate(head)}
    return {"epoch": np.arange(1, len(body) + 1), **columns}


def _cell(text: str, name: str) -> float:
    try:
        return float(text) if text.strip() else math.nan
    except ValueError:
        raise Unusable(f"{HISTORY}: {name} has {text!r}, which is no number") from None


def _arrays(folder: Path) -> dict[str, NDArray[Any]]:
    if (folder / ARRAYS).is_file():
        found = _in_archive(folder / ARRAYS)
    elif (folder / TABLE).is_file():
        found = _in_table(folder / TABLE)
    else:
        return {}
    for name, array in found.items():
        if array.dtype.kind not in "biuf":
            raise Unusable(f"predictions: {name} holds {array.dtype} and no numbers")
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            raise Unusable(f"predictions: {name} is not finite everywhere")
        if "/" in name:
            raise Unusable(f"predictions: {name} has a slash in its name")
    return found


def _in_archive(path: Path) -> dict[str, NDArray[Any]]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name.removesuffix(".npy") for name in archive.namelist()]
        return npz.read(path, names)
    except (zipfile.BadZipFile, OSError) as error:
        raise Unusable(f"{path.name} cannot be read: {error}") from None
    except InputError as error:
        raise Unusable(str(error).replace(str(path), path.name).rstrip(".")) from None


def _in_table(path: Path) -> dict[str, NDArray[Any]]:
    from uphold.runlog.parquet import parquet

    try:
        table = parquet(path)
    except InputError as error:
        raise Unusable(str(error).replace(str(path), path.name).rstrip(".")) from None
    return {str(name): column.to_numpy() for name, column in table.items()}


def _text(path: Path) -> str:
    if path.stat().st_size > LARGEST:
        raise Unusable(f"{path.name} is larger than {LARGEST:,} bytes")
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        raise Unusable(f"{path.name} is not text in UTF-8") from None
