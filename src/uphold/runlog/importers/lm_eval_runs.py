"""lm-eval's files of results, ``results_….json``: a row for each evaluation and task.

A file holds the tasks' metrics by name and filter (``"acc,none"``), each with its standard error,
and the settings of the evaluation, as
https://github.com/EleutherAI/lm-evaluation-harness/blob/main/lm_eval/loggers/evaluation_tracker.py
writes them. A standard error is over a task's questions, not over runs, and is kept as a tag. It
writes nothing of an evaluation that failed.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

from uphold.errors import InputError
from uphold.runlog.importers.folders import LOOKS, called
from uphold.runlog.importers.imported import (
    RESULT,
    SETTING,
    TAG,
    Damaged,
    Imported,
    gathered,
    or_damaged,
    settings,
)
from uphold.runlog.importers.json_text import read_json
from uphold.runlog.importers.last_values import value_of

FORMAT = "lm-eval's files of results"
_FILE = re.compile(r"results_.*\.json")
_BEGINNING = re.compile(rb'\s*\{\s*"results"\s*:\s*\{')
_HEAD = 4_096
_NO_FILTER, _ERROR = "none", "_stderr"
_SETTINGS = ("num_fewshot", "limit", "gen_kwargs")
_SEEDS = ("random_seed", "numpy_seed", "torch_seed", "fewshot_seed")
_SEED = f"{SETTING}seed"


def is_it(path: Path) -> bool:
    """Return whether a path is such a file, or a folder with some in it or below it."""
    return any(map(_begins, called(path, _FILE, LOOKS)))


def _begins(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return bool(_BEGINNING.match(file.read(_HEAD)))
    except OSError:
        return False


def read(path: Path) -> Imported:
    """Return the results of each evaluation and task; a group of tasks is left out.

    Parameters
    ----------
    path : Path
        A file, the folder that ``--output_path`` named, or one above some.

    Raises
    ------
    InputError
        There is none, or none can be read: files that are damaged are left out and named.
    """
    rows: list[dict[str, Any]] = []
    notes: list[str] = []
    damaged: list[Damaged] = []
    better: dict[str, set[bool]] = {}
    for file in called(path, _FILE):
        if _begins(file):
            held = or_damaged(partial(_rows, root=path, better=better), file, notes)
            if isinstance(held, Damaged):
                damaged.append(held)
            else:
                rows += held
        else:
            notes.append(f"{file} does not begin as lm-eval's files do: it was left out.")
    _name_seeds(rows)
    found = gathered([*rows, *damaged], path, FORMAT, notes)
    told: dict[str, Literal["higher", "lower"]] = {
        name: "higher" if ways == {True} else "lower"
        for name, ways in better.items()
        if len(ways) == 1 and name in found.table
    }
    return replace(found, better=told)


def _rows(
    file: Path, notes: list[str], root: Path, better: dict[str, set[bool]]
) -> list[dict[str, Any]]:
    held = read_json(file)
    results, config = held.get("results"), held.get("config")
    tasks = held.get("group_subtasks")
    groups = {g for g, inside in tasks.items() if inside} if isinstance(tasks, dict) else set()
    if not isinstance(results, dict) or not isinstance(config, dict):
        raise InputError(
            f"{file} holds no results of lm-eval with their settings: it is damaged, or lm-eval 0.3"
            " or earlier wrote it. Copy it again, or move it away."
        )
    rows: list[dict[str, Any]] = []
    name = file.name if file == root else file.relative_to(root).as_posix()
    for task in results:
        if task in groups:
            notes.append(f"{task} in {file} is a mean over tasks that are read: left out.")
            continue
        row = {"run": f"{name.removesuffix('.json')}:{task}", f"{SETTING}task": task}
        row |= _settings(config, _of(held, "n-shot").get(task))
        ways = _of(_of(held, "higher_is_better"), task)
        rows.append(row | _scores(_of(results, task), ways, better))
    return rows


def _of(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = values.get(name)
    return found if isinstance(found, dict) else {}


def _settings(config: Mapping[str, Any], shots: Any) -> dict[str, Any]:
    arguments = config.get("model_args")
    if isinstance(arguments, str):
        pairs = (part.partition("=") for part in arguments.split(",") if part)
        arguments = {key.strip(): value_of(value.strip()) for key, _, value in pairs}
    row = {f"{SETTING}model": config.get("model")}
    row |= settings({key: config[key] for key in _SETTINGS if config.get(key) is not None})
    row |= {f"{SETTING}{name}": config[name] for name in _SEEDS if config.get(name) is not None}
    if shots is not None:
        row[f"{SETTING}num_fewshot"] = shots
    return row | (settings(arguments) if isinstance(arguments, dict) else {})


def _scores(
    values: Mapping[str, Any], ways: Mapping[str, Any], better: dict[str, set[bool]]
) -> dict[str, Any]:
    """Return a task's scores by column, and note in `better` which way each is better."""
    row: dict[str, Any] = {}
    for key, value in values.items():
        name, comma, of = key.partition(",")
        if not comma or isinstance(value, bool) or not isinstance(value, int | float):
            continue
        ending = "" if of == _NO_FILTER else f".{of}"
        if name.endswith(_ERROR):
            row[f"{TAG}{name}{ending}"] = value
            continue
        row[f"{RESULT}{name}{ending}"] = value
        if isinstance(ways.get(name), bool):
            better.setdefault(f"{RESULT}{name}{ending}", set()).add(ways[name])
    return row


def _name_seeds(rows: list[dict[str, Any]]) -> None:
    """Make one setting of the seeds where all four are one, as ``--seed`` makes them."""
    names = [f"{SETTING}{name}" for name in _SEEDS]
    if all(len({row.get(n) for n in names}) == 1 and _SEED not in row for row in rows):
        for row in rows:
            seed, *_ = (row.pop(name, None) for name in names)
            if seed is not None:
                row[_SEED] = seed
