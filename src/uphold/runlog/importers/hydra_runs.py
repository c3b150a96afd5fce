"""Jobs that Hydra ran, with the results that each wrote into its folder.

A job's folder holds ``.hydra/config.yaml`` (all settings, as composed) and ``overrides.yaml``
(those that were asked for), as
https://github.com/facebookresearch/hydra/blob/main/hydra/core/utils.py
writes them. Results are the job's own: JSON, lines of JSON or CSV of a name such as
``metrics.json`` directly in its folder. How a job ended is not kept.
"""

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from uphold.errors import InputError
from uphold.runlog.importers.folders import below, holding, holds
from uphold.runlog.importers.imported import (
    SETTING,
    Imported,
    Row,
    gathered,
    grouped,
    or_damaged,
    settings,
)
from uphold.runlog.importers.json_text import read_json
from uphold.runlog.importers.last_values import of_lines, of_table, results, value_of
from uphold.runlog.importers.settings_files import read_settings, read_words

FORMAT = "Hydra's jobs with files of results"
_RESULTS = re.compile(
    r"(.+[-_.])?(metrics?|results?|scores?|summary|history|eval(uation)?)\.(json|jsonl|csv)",
    re.IGNORECASE,
)
_OWN, _CONFIG, _OVERRIDES = ".hydra", "config.yaml", "overrides.yaml"
_STEPS = frozenset({"epoch", "step", "iteration", "global_step"})
_OVERRIDE = re.compile(r"\+{0,2}([^@=~]+)(?:@[^=]*)?=(.*)", re.DOTALL)


def is_it(path: Path) -> bool:
    """Return whether a path is a job's folder with results, or one above some."""
    return holds(path, _has_results)


def _is_job(names: list[str]) -> bool:
    return f"{_OWN}/" in names


def _has_results(names: list[str]) -> bool:
    return _is_job(names) and any(map(_RESULTS.fullmatch, names))


def read(path: Path) -> Imported:
    """Return the jobs; of a table of steps, the last value of each column is the result.

    Parameters
    ----------
    path : Path
        A job's folder, that of a multirun, or one above some, such as ``multirun``.

    Raises
    ------
    InputError
        There is no job, or none can be read: those whose files are damaged or missing are left
        out and named.
    """
    rows: list[Row] = []
    notes: list[str] = []
    for folder, names in holding(path, _is_job):
        files = [name for name in names if _RESULTS.fullmatch(name)]
        if not files:
            notes.append(f"{folder} has no file of results: its job was left out.")
            continue
        group = None if folder == path else below(folder.parent, path)
        row = {"run": below(folder, path), "group": group}
        rows.append(or_damaged(partial(_row, files=files, row=row), folder, notes))
    return gathered(grouped(rows), path, FORMAT, notes)


def _row(folder: Path, notes: list[str], files: list[str], row: dict[str, Any]) -> dict[str, Any]:
    return row | _settings(folder / _OWN) | _results(folder, files, notes)


def _settings(folder: Path) -> dict[str, Any]:
    """Return all settings of a job, and which group of settings it chose where it was asked to."""
    if not (folder / _CONFIG).is_file():
        raise InputError(
            f"{folder} is without its {_CONFIG}: it is half written or half copied. Copy it again,"
            " or move its job away."
        )
    found = settings(read_settings(folder / _CONFIG))
    asked = folder / _OVERRIDES
    for text in read_words(asked) if asked.is_file() else []:
        match = _OVERRIDE.fullmatch(str(text))
        name = f"{SETTING}{match[1].replace('/', '.')}" if match else ""
        if match and name not in found:
            found[name] = match[2].strip("'\"")
    return found


def _results(folder: Path, files: list[str], notes: list[str]) -> dict[str, Any]:
    """Return a job's results; where it wrote several files each stands before its names."""
    row: dict[str, Any] = {}
    for name in files:
        before = "" if len(files) == 1 else f"{name.rpartition('.')[0]}."
        row |= results(_last(folder / name, notes), before)
    return row


def _last(file: Path, notes: list[str]) -> Mapping[str, Any]:
    if file.suffix.lower() == ".csv":
        cells = of_table(file, notes)
        return _unnumbered({name: value_of(cell) for name, (_, cell) in cells.items()})
    if file.suffix.lower() == ".jsonl":
        return _unnumbered(of_lines(file, notes))
    found = read_json(file)
    if isinstance(found, dict):
        return found
    if isinstance(found, list) and all(isinstance(step, dict) for step in found):
        return _unnumbered(dict(pair for step in found for pair in step.items()))
    raise InputError(
        f"{file} holds no results by name: it is damaged, or of another kind. Move it away, or"
        " write one value by name."
    )


def _unnumbered(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in _STEPS}
