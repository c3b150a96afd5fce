"""Ray Tune's trials: an experiment's folder, with one for each trial in it.

A trial's folder holds ``params.json`` (its settings), ``result.json`` (a line a report) and
``progress.csv`` (the same as a table), as
https://github.com/ray-project/ray/tree/master/python/ray/tune/logger writes them; how trials ended
stands in the experiment's ``experiment_state-….json``. Pickles beside these are not opened.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from uphold.errors import InputError
from uphold.runlog.importers.folders import below, holding, holds
from uphold.runlog.importers.imported import (
    TAG,
    Damaged,
    Imported,
    Row,
    State,
    gathered,
    grouped,
    or_damaged,
    settings,
)
from uphold.runlog.importers.json_text import json_of, read_json
from uphold.runlog.importers.last_values import of_lines, of_table, results, value_of

FORMAT = "Ray Tune, an experiment's folder"
_SETTINGS, _RESULTS, _TABLE, _ERROR = "params.json", "result.json", "progress.csv", "error.txt"
_STATE = "experiment_state-"
_STATES: Mapping[str, State] = {
    "TERMINATED": "finished",
    "ERROR": "failed",
    "RUNNING": "running",
    "PAUSED": "running",
}
_PENDING = "PENDING"
_STEPS = "training_iteration"
_ID = "trial_id"
_OWN = frozenset(
    {
        *("checkpoint_dir_name", "config", "date", "done", "episodes_total", "experiment_id"),
        *("experiment_tag", "hostname", "iterations_since_restore", "node_ip", "pid"),
        *("should_checkpoint", "time_since_restore", "time_this_iter_s", "time_total_s"),
        *("timestamp", "timesteps_since_restore", "timesteps_total", "warmup_time"),
        *(_ID, _STEPS),
    }
)
"""What Ray itself puts into a report."""


def is_it(path: Path) -> bool:
    """Return whether a path is a trial's folder, an experiment's, or one with some in it."""
    return holds(path, _is_trial)


def _is_trial(names: list[str]) -> bool:
    return _SETTINGS in names and (_RESULTS in names or _TABLE in names)


def _is_part(names: list[str]) -> bool:
    """Return whether a folder is a trial's, be it one that lacks a file."""
    return _SETTINGS in names or (_RESULTS in names and _TABLE in names)


def read(path: Path) -> Imported:
    """Return the trials; the result of each is the last value that it reported.

    Parameters
    ----------
    path : Path
        An experiment's folder, a trial's in it, or one above some.

    Raises
    ------
    InputError
        There is none, or none can be read: trials whose files are damaged are left out and named.
    """
    notes: list[str] = []
    rows: list[Row] = []
    states: dict[Path, Mapping[str, str]] = {}
    for folder, names in holding(path, _is_part):
        above = folder.parent
        if above not in states:
            states[above] = _states(above, notes)
        row = or_damaged(partial(_row, names=names, states=states[above]), folder, notes)
        if isinstance(row, Damaged):
            rows.append(row)
        elif row is not None:
            rows.append({"group": None if folder == path else below(above, path)} | row)
    _tell_lengths(rows, notes)
    return gathered(grouped(rows), path, FORMAT, notes)


def _states(experiment: Path, notes: list[str]) -> dict[str, str]:
    """Return how each trial stood by its id, as the last file of an experiment's state has it."""
    files = sorted(experiment.glob(f"{_STATE}*.json"))
    if not files:
        return {}
    try:
        found = read_json(files[-1])
        trials = found["trial_data"]
        held = [json_of(text, str(files[-1])) for text, *_ in trials]
        return {str(trial[_ID]): str(trial["status"]) for trial in held}
    except (InputError, KeyError, TypeError, ValueError):
        notes.append(
            f"{files[-1]} is cut short, or of a version of Ray that is not known: how trials ended"
            " is told by their own files."
        )
        return {}


def _row(
    folder: Path, notes: list[str], names: list[str], states: Mapping[str, str]
) -> dict[str, Any] | None:
    if _SETTINGS not in names:
        notes.append(f"{folder} is a trial without its {_SETTINGS}: left out.")
        return None
    given = read_json(folder / _SETTINGS)
    if not isinstance(given, dict):
        raise InputError(
            f"{folder / _SETTINGS} holds no settings by name: it is damaged. Copy it again, or move"
            " its trial away."
        )
    last = of_lines(folder / _RESULTS, notes) if _RESULTS in names else {}
    if not last and _TABLE in names:
        last = dict(_typed(of_table(folder / _TABLE, notes)))
    trial = last.get(_ID) or next((t for t in states if f"_{t}_" in f"{folder.name}_"), None)
    status = states.get(str(trial))
    if status == _PENDING or (status is None and not last and _ERROR not in names):
        notes.append(f"The trial in {folder} has not begun: left out.")
        return None
    row: dict[str, Any] = {"run": str(trial or folder.name), "state": _state(status, names, last)}
    row |= settings(given)
    row |= results({name: value for name, value in last.items() if name not in _OWN})
    if _STEPS in last:
        row[f"{TAG}{_STEPS}"] = last[_STEPS]
    return row


def _typed(cells: Mapping[str, tuple[int, str]]) -> Iterator[tuple[str, Any]]:
    """Yield the cells of a table as what they are, without the settings that stand in it too."""
    for name, (_, cell) in cells.items():
        if not name.startswith("config/"):
            yield name, value_of(cell)


def _state(status: str | None, names: list[str], last: Mapping[str, Any]) -> State:
    if told := _STATES.get(str(status)):
        return told
    if _ERROR in names:
        return "failed"
    return "finished" if last.get("done") is True else "running"


def _tell_lengths(rows: Sequence[Row], notes: list[str]) -> None:
    """Note that trials are not equally long: of one that a scheduler stopped Ray says no more."""
    lengths: dict[Any, int] = defaultdict(int)
    for row in rows:
        if isinstance(row, Damaged):
            continue
        if row["state"] == "finished" and f"{TAG}{_STEPS}" in row:
            lengths[row[f"{TAG}{_STEPS}"]] += 1
    if len(lengths) > 1:
        notes.insert(
            0,
            f"Trials that ended did so after {min(lengths)} to {max(lengths)} reports, as a"
            f" scheduler makes them: compare those of one length by `rows: {{{TAG}{_STEPS}:"
            f" [{max(lengths)}]}}`.",
        )
