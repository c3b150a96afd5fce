"""Sacred's runs, as its `FileStorageObserver` keeps them: a folder for each run.

In it ``config.json`` (the settings), ``run.json`` (state, experiment, what the run returned) and
``metrics.json`` (every value of each metric), as
https://github.com/IDSIA/sacred/blob/master/sacred/observers/file_storage.py writes them; tuples and
the like stand there as jsonpickle writes them, and are read as plain values.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from uphold.errors import InputError
from uphold.runlog.importers.imported import (
    RESULT,
    SETTING,
    TAG,
    Imported,
    State,
    gathered,
    or_damaged,
    settings,
)
from uphold.runlog.importers.json_text import read_json

FORMAT = "Sacred, the folder of a FileStorageObserver"
_RUN, _CONFIG, _METRICS, _INFO, _PRINTED = (
    "run.json",
    "config.json",
    "metrics.json",
    "info.json",
    "cout.txt",
)
_STATES: Mapping[str, State] = {
    "COMPLETED": "finished",
    "FAILED": "failed",
    "RUNNING": "running",
    "INTERRUPTED": "killed",
    "TIMEOUT": "killed",
}
_QUEUED = "QUEUED"


def is_it(path: Path) -> bool:
    """Return whether a folder is a run of Sacred's, or holds some."""
    return _is_run(path) or any(map(_is_run, _folders(path)))


def read(path: Path) -> Imported:
    """Return the runs below a folder.

    Parameters
    ----------
    path : Path
        The folder that the observer was given, or that of one run.

    Raises
    ------
    InputError
        There is none, or none can be read: runs whose files are damaged are left out and named.
    """
    notes: list[str] = []
    folders = [path] if _is_run(path) else _runs(path, notes)
    rows = [or_damaged(_row, folder, notes) for folder in folders]
    return gathered([row for row in rows if row is not None], path, FORMAT, notes)


def _folders(path: Path) -> list[Path]:
    inside = [p for p in path.iterdir() if p.is_dir()] if path.is_dir() else []
    return sorted(inside, key=lambda p: (not p.name.isdecimal(), len(p.name), p.name))


def _is_run(path: Path) -> bool:
    return (path / _RUN).is_file() and any((path / n).is_file() for n in (_CONFIG, _PRINTED))


def _runs(path: Path, notes: list[str]) -> Iterator[Path]:
    for folder in _folders(path):
        if any((folder / name).is_file() for name in (_RUN, _CONFIG, _METRICS)):
            yield folder
        elif folder.name.isdecimal() and not any(folder.iterdir()):
            notes.append(f"{folder} is empty: its run ended before it began, and is left out.")


def _row(folder: Path, notes: list[str]) -> dict[str, Any] | None:
    if not _is_run(folder):
        there = _CONFIG if (folder / _RUN).is_file() else _RUN
        raise InputError(
            f"{folder} is a run of Sacred's without its {there}: it is half written or half"
            " copied. Copy it again, or move it away."
        )
    about = _object(folder / _RUN)
    status = about.get("status")
    if status == _QUEUED:
        notes.append(f"{folder} was queued and not begun: left out.")
        return None
    if not isinstance(status, str):
        raise InputError(
            f"{folder / _RUN} holds no status of a run of Sacred's: it is damaged. Copy it again,"
            " or move its folder away."
        )
    experiment = about.get("experiment")
    name = experiment.get("name") if isinstance(experiment, dict) else None
    row: dict[str, Any] = {
        "run": int(folder.name) if folder.name.isdecimal() else folder.name,
        "group": name if isinstance(name, str) else None,
        # A run can be interrupted with a status of its program's own.
        "state": _STATES.get(status, "killed"),
    }
    row |= settings(_object(folder / _CONFIG), SETTING)
    row |= _returned(about.get("result"))
    if (folder / _METRICS).is_file():
        row |= _metrics(folder / _METRICS, notes)
    if (folder / _INFO).is_file():
        row |= dict(_scalars(_object(folder / _INFO), TAG))
    return row


def _object(file: Path) -> dict[str, Any]:
    if not file.is_file():
        raise InputError(
            f"{file} is missing: its run is half written or half copied. Copy it again, or move its"
            " folder away."
        )
    found = _plain(read_json(file))
    if not isinstance(found, dict):
        raise InputError(f"{file} holds no object: it is damaged. Copy it again, or move it away.")
    return found


def _plain(value: Any) -> Any:
    """Return a value without jsonpickle's marks: a tuple is a list, another object its text."""
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    marks = [key for key in value if key.startswith("py/")]
    if not marks:
        return {key: _plain(inner) for key, inner in value.items()}
    inner = value[marks[0]]
    if len(value) == 1 and isinstance(inner, list):
        return [_plain(part) for part in inner]
    return str(value)


def _metrics(file: Path, notes: list[str]) -> dict[str, float]:
    """Return the last value of each metric."""
    found: dict[str, float] = {}
    for name, kept in _object(file).items():
        values = kept.get("values") if isinstance(kept, dict) else None
        if not isinstance(values, list):
            raise InputError(
                f"{file}: the metric {name!r} has no list of values: it is damaged. Copy it again,"
                " or move its folder away."
            )
        if values and _is_number(values[-1]):
            found[f"{RESULT}{name}"] = float(values[-1])
        elif values:
            notes.append(f"{file}: the last value of {name!r} is no number, and is left out.")
    return found


def _returned(result: Any) -> dict[str, Any]:
    """Return what a run returned: numbers are results, all else tags."""
    if result is None:
        return {}
    parts = dict(_scalars({"result": _plain(result)}, ""))
    return {f"{RESULT if _is_number(v) else TAG}{name}": v for name, v in parts.items()}


def _scalars(values: Mapping[str, Any], kind: str) -> Iterator[tuple[str, Any]]:
    """Yield numbers, text and truth values by column; a list is no run's one value."""
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _scalars(value, f"{kind}{name}.")
        elif value is not None and not isinstance(value, list):
            yield f"{kind}{name}", value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
