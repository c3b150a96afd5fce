"""Runs of Lightning's ``CSVLogger``: a folder each, with ``metrics.csv`` and ``hparams.yaml``.

Both are written by
https://github.com/Lightning-AI/pytorch-lightning/blob/master/src/lightning/fabric/loggers/csv_logs.py
and its subclass in ``lightning.pytorch``. A row of the table holds what was logged at one step, and
nothing in the columns that were not. How a run ended is not kept.
"""

import csv
import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from uphold.errors import InputError
from uphold.runlog.importers.folders import LOOKS, below, holding
from uphold.runlog.importers.framing import content
from uphold.runlog.importers.imported import RESULT, Imported, gathered, settings
from uphold.runlog.importers.settings_files import read_settings
from uphold.runlog.importers.tensorboard_runs import is_event_file

FORMAT = "Lightning's CSV logs"
METRICS, SETTINGS = "metrics.csv", "hparams.yaml"
INTERNAL = frozenset({"epoch", "step"})
AT_ONCE = 10_000
"""How many lines are held in memory."""


def is_it(path: Path) -> bool:
    """Return whether a path is a run's folder or one above some, such as ``lightning_logs``."""
    return path.is_dir() and any(islice(holding(path, _is_run, looks=LOOKS), 1))


def _is_run(files: list[str]) -> bool:
    return SETTINGS in files and METRICS in files


def _is_some_run(files: list[str]) -> bool:
    """Return whether a folder is a run's, be it one that was killed before its first result."""
    return SETTINGS in files and (METRICS in files or not any(map(is_event_file, files)))


def read(path: Path) -> Imported:
    """Return the runs; the result of each is the last value of a column.

    Parameters
    ----------
    path : Path
        A run's folder, or one above some.

    Raises
    ------
    InputError
        A table or a file of settings cannot be read or is damaged.
    """
    rows: list[dict[str, Any]] = []
    notes: list[str] = []
    for folder, files in holding(path, _is_some_run):
        if METRICS not in files:
            notes.append(f"{folder / SETTINGS} stands without {METRICS}: its run was left out.")
            continue
        row = {"run": below(folder, path), **settings(read_settings(folder / SETTINGS))}
        row |= _last(folder / METRICS, notes)
        rows.append(row)
    return gathered(rows, path, FORMAT, notes)


def _last(path: Path, notes: list[str]) -> dict[str, float]:
    """Return the last value in each column."""
    with content(path) as data:
        try:
            text = data[:].decode("utf-8")
        except UnicodeDecodeError as error:
            raise _damaged(path, f"byte {error.start} is no text in UTF-8") from None
    if text and not text.endswith("\n"):
        notes.append(f"The last line of {path} is cut: it was left out.")
        text = text[: text.rfind("\n") + 1]
    try:
        last = _last_cells(csv.reader(io.StringIO(text, newline=""), strict=True), path)
    except csv.Error as error:
        raise _damaged(path, str(error)) from None
    found: dict[str, float] = {}
    for name, (line, cell) in last.items():
        try:
            found[f"{RESULT}{name}"] = float(cell)
        except ValueError:
            raise _damaged(path, f"line {line} has {cell[:40]!r} in {name[:40]!r}") from None
    return found


def _last_cells(reader: Iterator[list[str]], path: Path) -> dict[str, tuple[int, str]]:
    """Return by column the last cell that is not empty, and its line."""
    header = next(reader, [])
    names = [(i, name) for i, name in enumerate(header) if name not in INTERNAL]
    last: dict[str, tuple[int, str]] = {}
    line = 2
    while rows := list(islice(reader, AT_ONCE)):
        for i, row in enumerate(rows):
            if len(row) != len(header):
                raise _damaged(path, f"line {line + i} has {len(row)} cells, not {len(header)}")
        for column, name in names:
            for i in range(len(rows) - 1, -1, -1):
                if rows[i][column]:
                    last[name] = line + i, rows[i][column]
                    break
        line += len(rows)
    return last


def _damaged(path: Path, reason: str) -> InputError:
    return InputError(
        f"{path} is damaged: {reason}. Copy it again from where it was written, or move its run"
        " away to read the others."
    )
