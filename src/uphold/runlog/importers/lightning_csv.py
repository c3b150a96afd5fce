"""Runs of Lightning's ``CSVLogger``: a folder each, with ``metrics.csv`` and ``hparams.yaml``.

Both are written by
https://github.com/Lightning-AI/pytorch-lightning/blob/master/src/lightning/fabric/loggers/csv_logs.py
and its subclass in ``lightning.pytorch``. A row of the table holds what was logged at one step, and
nothing in the columns that were not. How a run ended is not kept. What was logged in a job of
Hydra's is not read here but by `hydra_runs`, with the settings that Hydra keeps of the job.
"""

import re
from functools import partial
from pathlib import Path
from typing import Any

from uphold.runlog.importers.each import each
from uphold.runlog.importers.folders import JOB, below, holding, holds
from uphold.runlog.importers.imported import RESULT, Imported, gathered, or_damaged, settings
from uphold.runlog.importers.last_values import damaged, of_table
from uphold.runlog.importers.settings_files import read_settings
from uphold.runlog.importers.tensorboard_runs import is_event_file

FORMAT = "Lightning's CSV logs"
METRICS, SETTINGS = "metrics.csv", "hparams.yaml"
VERSION = re.compile(r"version_\d+")
INTERNAL = frozenset({"epoch", "step"})


def is_it(path: Path) -> bool:
    """Return whether a path is a run's folder or one above some, such as ``lightning_logs``."""
    return holds(path, _is_run, but=_is_hydras)


def is_log(folder: Path, names: list[str]) -> bool:
    """Return whether a folder holds results of a run, be it without the settings beside them."""
    return METRICS in names and (SETTINGS in names or bool(VERSION.fullmatch(folder.name)))


def _is_hydras(names: list[str]) -> bool:
    return JOB in names


def _is_run(files: list[str]) -> bool:
    return SETTINGS in files and METRICS in files


def _is_some_run(files: list[str]) -> bool:
    """Return whether a folder is a run's, be it one that was killed before its first result."""
    if SETTINGS not in files:
        return METRICS in files
    return METRICS in files or not any(map(is_event_file, files))


def read(path: Path) -> Imported:
    """Return the runs; the result of each is the last value of a column.

    Parameters
    ----------
    path : Path
        A run's folder, or one above some.

    Raises
    ------
    InputError
        There is no run, or none can be read: those whose files are damaged are left out and named.
    """
    notes: list[str] = []
    places = holding(path, _is_some_run, but=_is_hydras)
    runs = ((folder, below(folder, path), names) for folder, names in places)
    found = each(partial(or_damaged, _row), runs, notes)
    return gathered([row for row in found if row], path, FORMAT, notes)


def _row(place: tuple[Path, str, list[str]], notes: list[str]) -> dict[str, Any]:
    """Return the row of a run in a folder, with its name and what is there; empty without any."""
    folder, name, names = place
    if SETTINGS not in names:
        if VERSION.fullmatch(folder.name):
            notes.append(f"{folder / METRICS} stands without {SETTINGS}: its run was left out.")
        return {}
    if METRICS not in names:
        notes.append(f"{folder / SETTINGS} stands without {METRICS}: its run was left out.")
        return {}
    row = {"run": name, **settings(read_settings(folder / SETTINGS))}
    return row | _last(folder / METRICS, notes)


def _last(path: Path, notes: list[str]) -> dict[str, float]:
    """Return the last value in each column."""
    found: dict[str, float] = {}
    for name, (line, cell) in of_table(path, notes).items():
        if name in INTERNAL:
            continue
        try:
            found[f"{RESULT}{name}"] = float(cell)
        except ValueError:
            raise damaged(path, f"line {line} has {cell[:40]!r} in {name[:40]!r}") from None
    return found
