"""Runs of DVCLive: a folder each, with ``metrics.json``, ``params.yaml`` and ``plots/metrics``.

They are written by https://github.com/iterative/dvclive/blob/main/src/dvclive/live.py
The summary holds the last value of each metric. How a run ended is not kept.
"""

from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from uphold.errors import InputError
from uphold.runlog.importers.folders import LOOKS, below, holding
from uphold.runlog.importers.imported import TAG, Imported, Row, gathered, or_damaged, settings
from uphold.runlog.importers.json_text import read_json
from uphold.runlog.importers.last_values import results
from uphold.runlog.importers.settings_files import read_settings

FORMAT = "DVCLive's folders"
_METRICS, _SETTINGS, _CURVES, _NAME = "metrics.json", "params.yaml", "plots/", "dvclive"
_STEP = "step"


def is_it(path: Path) -> bool:
    """Return whether a path is a run's folder or one above some."""
    return path.is_dir() and any(islice(_runs(path, LOOKS), 1))


def _runs(path: Path, looks: int | None = None) -> Iterator[tuple[Path, list[str]]]:
    """Yield the folders of runs; ``metrics.json`` alone may be anyone's."""
    for folder, names in holding(path, lambda n: _METRICS in n or _CURVES in n, looks):
        named = folder.resolve().name == _NAME and _METRICS in names
        if named or (_CURVES in names and (folder / _CURVES / "metrics").is_dir()):
            yield folder, names


def read(path: Path) -> Imported:
    """Return the runs.

    Parameters
    ----------
    path : Path
        A run's folder, or one above some.

    Raises
    ------
    InputError
        There is none, or none can be read: runs whose files are damaged are left out and named.
    """
    rows: list[Row] = []
    notes: list[str] = []
    for folder, names in _runs(path):
        if _METRICS not in names:
            notes.append(f"{folder} has curves and no {_METRICS} yet: its run was left out.")
            continue
        rows.append(or_damaged(partial(_row, names=names, root=path), folder, notes))
    return gathered(rows, path, FORMAT, notes)


def _row(folder: Path, _: list[str], names: list[str], root: Path) -> dict[str, Any]:
    found = read_json(folder / _METRICS)
    if not isinstance(found, dict):
        raise InputError(
            f"{folder / _METRICS} holds no results by name: it is damaged. Copy it again, or move"
            " its run away."
        )
    own = folder.resolve().name == _NAME and folder != root
    row = {"run": below(folder.parent if own else folder, root)}
    row |= settings(_settings(folder, names, root))
    if _STEP in found:
        row[f"{TAG}{_STEP}"] = found.pop(_STEP)
    return row | results(found)


def _settings(folder: Path, names: list[str], root: Path) -> dict[str, Any]:
    """Return the settings of a run: its own, else those of the repository in which it lies."""
    if _SETTINGS in names:
        return read_settings(folder / _SETTINGS)
    above = folder.parent / _SETTINGS
    return read_settings(above) if folder != root and above.is_file() else {}
