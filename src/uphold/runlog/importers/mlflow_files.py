"""MLflow's file store (`mlruns`) → its runs.

A folder for each experiment with one for each run in it, each with a ``meta.yaml``; a run's
parameters, metrics and tags are a file each, as
https://github.com/mlflow/mlflow/blob/master/mlflow/store/tracking/file_store.py writes them: a
line of a metric is its time, its value and its step. A slash in a metric's name is a folder.
"""

import itertools
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from uphold.errors import InputError
from uphold.runlog.importers.each import each
from uphold.runlog.importers.imported import Damaged, left_out, or_damaged
from uphold.runlog.importers.json_text import read_text
from uphold.runlog.importers.mlflow_store import Store
from uphold.runlog.importers.settings_files import read_settings

_META = "meta.yaml"
_STATES = {1: "RUNNING", 2: "SCHEDULED", 3: "FINISHED", 4: "FAILED", 5: "KILLED"}
_KINDS = ("params", "metrics", "tags")
_ASIDE = frozenset({".trash", "models", "traces"})
_FOLDER = "its folder"
_KEY = b"experiment_id"
_LOOK = 4_096
_MOST = 100
"""How many of a folder's entries are looked at to tell what it is."""


def experiments_in(path: Path) -> list[Path]:
    """Return the folders of a store's experiments; of one experiment, itself; else none."""
    if _experiment(path):
        return [path]
    return [folder for folder in _folders(path) if _experiment(folder)]


def is_store(path: Path) -> bool:
    """Return whether a folder is a store or an experiment, at the cost of a look."""
    return _experiment(path) or any(map(_experiment, itertools.islice(_folders(path), _MOST)))


def has_runs(path: Path) -> bool:
    """Return whether a folder is a store or an experiment in which there is a run."""
    return any(_run(f) for e in experiments_in(path) for f in _folders(e))


def _folders(path: Path) -> list[Path]:
    if not path.is_dir():
        return []
    with os.scandir(path) as entries:
        names = sorted(e.name for e in entries if e.name not in _ASIDE and e.is_dir())
    return [path / name for name in names]


def _experiment(path: Path) -> bool:
    """Return whether a folder is an experiment: by its ``meta.yaml``, or the runs in it."""
    if _run(path):
        return False
    try:
        with (path / _META).open("rb") as file:
            if _KEY in file.read(_LOOK):
                return True
    except OSError:
        pass
    inside = list(itertools.islice(path.iterdir(), _MOST)) if path.is_dir() else []
    return any(all((f / part).exists() for part in (_META, *_KINDS[:2])) for f in inside)


def _run(path: Path) -> bool:
    return any((path / kind).is_dir() for kind in _KINDS)


def read_files(path: Path) -> Store:
    """Return all that a store's folders hold of runs.

    Raises
    ------
    InputError
        An experiment's file is missing or damaged, or no run can be read: those whose files are
        damaged are left out and named.
    """
    runs: list[tuple[Any, ...]] = []
    kept: dict[str, list[tuple[Any, ...]]] = {kind: [] for kind in _KINDS}
    notes: list[str] = []
    damaged: list[Damaged] = []
    for experiment in experiments_in(path):
        about = _meta(experiment, "an experiment")
        group = str(about.get("name", experiment.name))
        gone = about.get("lifecycle_stage") == "deleted"
        for found in each(partial(or_damaged, _values), _folders(experiment), notes):
            if found is None:
                continue
            if isinstance(found, Damaged):
                damaged.append(found)
                continue
            meta, values = found
            run = str(meta.get("run_id") or meta.get("run_uuid") or meta[_FOLDER])
            status = meta.get("status", 1)
            started = meta.get("start_time")
            runs.append(
                (
                    started if isinstance(started, int) else 0,
                    run,
                    meta.get("run_name") or meta.get("name") or "",
                    group,
                    _STATES.get(status, status) if isinstance(status, int) else str(status),
                    gone or meta.get("lifecycle_stage") == "deleted",
                )
            )
            for kind, name, value in values:
                kept[kind].append((run, name, value))
    long = {
        kind: pd.DataFrame(rows, columns=["run", "name", "value"], dtype=object)
        for kind, rows in kept.items()
    }
    columns = ["started", "run", "name", "group", "status", "deleted"]
    table = pd.DataFrame(runs, columns=columns).sort_values("started", kind="stable")
    notes = [*left_out(damaged, len(runs), path), *notes]
    runs_read = table.drop(columns="started")
    return Store(runs_read, long["params"], long["metrics"], long["tags"], notes, len(damaged))


def _values(
    folder: Path, notes: list[str]
) -> tuple[dict[str, Any], list[tuple[str, str, str | float]]] | None:
    """Return what is said of a run, and by kind and name its values; None of another folder."""
    if not _run(folder):
        return None
    meta = _meta(folder, "a run")
    found = [
        (kind, name, _last(file, notes) if kind == "metrics" else read_text(file))
        for kind in _KINDS
        for name, file in _files(folder / kind)
    ]
    return meta | {_FOLDER: folder.name}, found


def _meta(folder: Path, what: str) -> dict[str, Any]:
    file = folder / _META
    if not file.is_file():
        raise InputError(
            f"{folder} is {what} of MLflow's without its {_META}: it is half written or half"
            " copied. Copy it again, or move it out of the store."
        )
    found = read_settings(file)
    if not found:
        raise InputError(
            f"{file} is empty or cut short: it holds no keys of {what}. Copy it again, or move its"
            " folder out of the store."
        )
    return found


def _files(folder: Path, above: str = "") -> Iterator[tuple[str, Path]]:
    """Yield the files below a folder by their names, with a slash between folders."""
    try:
        with os.scandir(folder) as entries:
            inside = sorted(entries, key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    for entry in inside:
        if entry.is_dir(follow_symlinks=False):
            yield from _files(folder / entry.name, f"{above}{entry.name}/")
        elif entry.is_file():
            yield f"{above}{entry.name}", folder / entry.name


def _last(file: Path, notes: list[str]) -> float:
    """Return the last value of a metric: by step, then time, then value, as MLflow takes it."""
    text = read_text(file)
    lines = text.splitlines()
    if lines and not text.endswith("\n"):
        notes.append(f"The last line of {file} is cut short: left out.")
        lines.pop()
    try:
        found = [_point(line) for line in lines]
    except ValueError as error:
        raise InputError(
            f"{file} is no metric of MLflow's ({error}): a line is its time, value and step. Copy"
            " it again, or move its run out of the store."
        ) from None
    if not found:
        raise InputError(
            f"{file} holds no value: it is half written. Copy it again, or move its run out of the"
            " store."
        )
    return max(found)[-1]


def _point(line: str) -> tuple[int, int, float]:
    parts = line.split(" ")
    if len(parts) not in (2, 3, 5):
        raise ValueError(f"{line[:40]!r}")
    step = int(parts[2]) if len(parts) > 2 else 0
    return step, int(parts[0]), float(parts[1])
