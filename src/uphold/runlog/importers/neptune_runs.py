"""Neptune's runs, as `neptune-exporter` brought them to the disk: parquet files, some for each run.

A project's folder holds ``<run>-<digest>_part_<n>.parquet``, a row for each attribute or each value
of a series, as
https://github.com/neptune-ai/neptune-exporter/blob/main/src/neptune_exporter/model.py has them.
Neptune tells settings apart from results only where results are series: of a single number its name
decides. Part 0 gets its name last, so that a run without it was not exported whole.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from math import inf
from pathlib import Path
from typing import Any

from uphold.errors import InputError
from uphold.runlog.importers.each import each
from uphold.runlog.importers.folders import LOOKS, called
from uphold.runlog.importers.imported import (
    RESULT,
    SETTING,
    TAG,
    Damaged,
    Imported,
    State,
    gathered,
    grouped,
    or_damaged,
)
from uphold.runlog.naming import read_name

FORMAT = "Neptune's runs, exported by neptune-exporter"
_NAME = re.compile(r"(.+)_part_(\d+)\.parquet(\.tmp)?")
_OF_MODELS = frozenset({"models", "model_versions"})
"""Folders in which the exporter puts what is no run."""
_KEYS = ("project_id", "run_id", "attribute_path", "attribute_type")
_STEP, _SERIES = "step", "float_series"
_VALUES: Mapping[str, str] = {
    _SERIES: "float_value",
    "float": "float_value",
    "int": "int_value",
    "bool": "bool_value",
    "string": "string_value",
    "datetime": "datetime_value",
    "string_set": "string_set_value",
}
_COLUMNS = (*_KEYS, _STEP, *dict.fromkeys(_VALUES.values()))
_STATES: Mapping[str, State] = {
    "running": "running",
    "active": "running",
    "idle": "finished",
    "inactive": "finished",
}
_OWN = "sys/"
_BEGAN = f"{TAG}sys.creation_time"
_BESIDE = (_OWN, "monitoring/", "source_code/")
"""What Neptune itself notes of a run."""
_SETTINGS = frozenset({"parameters", "params", "config", "configs", "hyperparameters", "hparams"})
"""Namespaces in which settings are kept, whose names are left out."""
_AT_ONCE = 50_000
"""Rows held in memory."""


def is_it(path: Path) -> bool:
    """Return whether a path is such a file, or a folder with some in it or below it."""
    return any(map(_is_one, _files(path, LOOKS)))


def _files(path: Path, looks: int | None = None) -> Iterator[Path]:
    """Yield the files that may be parts of runs, by their names."""
    for file in called(path, _NAME, looks):
        if _NAME.fullmatch(file.name) and file.parent.name not in _OF_MODELS:
            yield file


def _is_one(file: Path) -> bool:
    """Return whether a file has the exporter's columns."""
    from pyarrow import ArrowException
    from pyarrow.parquet import read_schema

    try:
        return set(_COLUMNS) <= set(read_schema(file).names)
    except (ArrowException, ValueError):
        return False


def read(path: Path) -> Imported:
    """Return the runs; of a series the value of its last step is the result.

    Parameters
    ----------
    path : Path
        What ``--data-path`` named, a project's folder in it, or a part of a run.

    Raises
    ------
    InputError
        A file cannot be read or is damaged, or there is no whole run.
    """
    notes: list[str] = []
    found = list(each(partial(or_damaged, _row), _whole(path, notes), notes))
    rows = [row for row in found if not isinstance(row, Damaged)]
    damaged = [row for row in found if isinstance(row, Damaged)]
    if all(_BEGAN in row for row in rows):
        rows.sort(key=lambda row: row[_BEGAN])
    return gathered(grouped([*rows, *damaged]), path, FORMAT, notes)


def _whole(path: Path, notes: list[str]) -> list[list[Path]]:
    """Return the parts of each run that is there as a whole."""
    found: dict[tuple[Path, str], dict[int, Path]] = defaultdict(dict)
    torn: dict[tuple[Path, str], None] = {}
    for file in _files(path):
        name, part, unfinished = _NAME.fullmatch(file.name).groups()  # type: ignore[union-attr]
        if unfinished:
            torn[file.parent, name] = None
        found[file.parent, name][int(part)] = file
    whole = []
    for key, parts in found.items():
        if key in torn or (path.is_dir() and sorted(parts) != list(range(len(parts)))):
            folder, name = key
            notes.append(
                f"The run {name} in {folder} was not exported whole: left out. Export it again."
            )
        else:
            whole.append([parts[number] for number in sorted(parts)])
    return whole


def _row(parts: list[Path], notes: list[str]) -> dict[str, Any]:
    """Return a run."""
    run = _Run()
    for file in parts:
        _take(file, run)
    if not run.id:
        raise _damaged(parts[0], "it holds no attribute of a run")
    row = {
        "run": run.id,
        "name": run.single.pop(f"{_OWN}name", None),
        "group": run.project,
        "state": _state(run.single),
    }
    if run.single.get(f"{_OWN}custom_run_id") == run.id:
        del run.single[f"{_OWN}custom_run_id"]
    row |= dict(_columns_of(run.single))
    for path, (_, value) in run.series.items():
        row[f"{TAG if path.startswith(_BESIDE) else RESULT}{_dotted(path)}"] = value
    return row


@dataclass
class _Run:
    """What is known of a run: what was noted once, and of each series the last step's value."""

    id: str = ""
    project: str = ""
    single: dict[str, Any] = field(default_factory=dict)
    series: dict[str, tuple[float, float]] = field(default_factory=dict)


def _take(file: Path, run: _Run) -> None:
    """Take in a part of a run."""
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    try:
        with ParquetFile(file) as part:
            if lacking := [name for name in _COLUMNS if name not in part.schema_arrow.names]:
                raise _damaged(file, f"it lacks the column {lacking[0]!r}")
            for batch in part.iter_batches(_AT_ONCE, columns=list(_COLUMNS)):
                _take_rows(batch, run)
    except (ArrowException, OSError, ValueError) as error:
        raise _damaged(file, " ".join(str(error).split())[:200]) from None


def _take_rows(batch: Any, run: _Run) -> None:
    columns = {name: batch.column(name).to_pylist() for name in _COLUMNS if name != _STEP}
    steps = batch.column(_STEP).cast("float64").to_pylist()
    for at, (path, kind) in enumerate(
        zip(columns["attribute_path"], columns["attribute_type"], strict=True)
    ):
        run.id, run.project = str(columns["run_id"][at]), str(columns["project_id"][at])
        # Files, texts step by step and histograms have no column here. What only other runs have
        # is exported too, without a value.
        column = _VALUES.get(kind)
        if column is None or (value := columns[column][at]) is None:
            continue
        if kind != _SERIES:
            run.single[path] = value
            continue
        step = -inf if steps[at] is None else steps[at]
        if path not in run.series or run.series[path][0] <= step:
            run.series[path] = step, value


def _damaged(file: Path, reason: str) -> InputError:
    return InputError(
        f"{file} is no part of a run that can be read ({reason}): it is damaged, or of another"
        " version of neptune-exporter. Export the run again, or move its files away."
    )


def _state(single: Mapping[str, Any]) -> State | None:
    """Return how a run ended, where anything tells."""
    if single.get(f"{_OWN}failed") is True:
        return "failed"
    told = _STATES.get(str(single.get(f"{_OWN}state")).lower())
    return told or ("finished" if f"{_OWN}failed" in single else None)


def _columns_of(single: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield what was noted once of a run, by column."""
    for path, value in single.items():
        space, _, inner = path.partition("/")
        if path.startswith(_BESIDE) or isinstance(value, list | datetime):
            yield f"{TAG}{_dotted(path)}", _text(value)
        elif inner and space.lower() in _SETTINGS:
            yield f"{SETTING}{_dotted(inner)}", value
        else:
            yield f"{RESULT if _is_result(path, value) else SETTING}{_dotted(path)}", value


def _text(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def _is_result(path: str, value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and read_name(_dotted(path)).role == "metric"


def _dotted(path: str) -> str:
    return path.replace("/", ".")
