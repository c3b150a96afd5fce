"""Jobs that Hydra ran, with the results that each wrote into its folder.

A job's folder holds ``.hydra/config.yaml`` (all settings, as composed) and ``overrides.yaml``
(those that were asked for), as
https://github.com/facebookresearch/hydra/blob/main/hydra/core/utils.py
writes them. Results are the job's own: JSON, lines of JSON or CSV of a name such as
``metrics.json`` directly in its folder; where there is none, what Lightning's ``CSVLogger`` wrote
below it. How a job ended is not kept.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from uphold.errors import InputError
from uphold.format import counted
from uphold.runlog.importers.folders import JOB, LOOKS, below, holding
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
from uphold.runlog.importers.lightning_csv import METRICS, is_log
from uphold.runlog.importers.settings_files import read_settings, read_words

FORMAT = "Hydra's jobs with files of results"
_RESULTS = re.compile(
    r"(.+[-_.])?(metrics?|results?|scores?|summary|history|eval(uation)?)\.(json|jsonl|csv)",
    re.IGNORECASE,
)
_CONFIG, _OVERRIDES = "config.yaml", "overrides.yaml"
_STEPS = frozenset({"epoch", "step", "iteration", "global_step"})
_OVERRIDE = re.compile(r"\+{0,2}([^@=~]+)(?:@[^=]*)?=(.*)", re.DOTALL)


def is_it(path: Path) -> bool:
    """Return whether a path is a job's folder with results, or one above some."""
    return any(files for _, files in _results_of_jobs(path, LOOKS))


def _results_of_jobs(path: Path, looks: int | None = None) -> Iterator[tuple[Path, list[Path]]]:
    """Yield each job with the files of results in its folder, and again with each log below it."""
    jobs: set[Path] = set()
    for folder, names in holding(path, lambda names: JOB in names or METRICS in names, looks):
        if JOB in names:
            jobs.add(folder)
            yield folder, [folder / name for name in names if _RESULTS.fullmatch(name)]
        elif is_log(folder, names):
            # Folders come before those in them.
            job = next((above for above in folder.parents if above in jobs), None)
            yield from [(job, [folder / METRICS])] if job else []


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
    jobs: dict[Path, list[Path]] = {}
    for job, files in _results_of_jobs(path):
        jobs.setdefault(job, []).extend(files)
    for folder, files in jobs.items():
        if not files:
            notes.append(f"{folder} has no file of results: its job was left out.")
            continue
        group = None if folder == path else below(folder.parent, path)
        row = {"run": below(folder, path), "group": group}
        own = [file for file in files if file.parent == folder]
        rows.append(or_damaged(partial(_row, files=own or files, row=row), folder, notes))
    return gathered(grouped(rows), path, FORMAT, [*_of_logs(jobs), *notes])


def _of_logs(jobs: Mapping[Path, Sequence[Path]]) -> Iterator[str]:
    """Yield what to note of Lightning's logs: those not read, and those that share a job."""
    own = {job: sum(file.parent == job for file in files) for job, files in jobs.items()}
    unread = [job for job, files in jobs.items() if 0 < own[job] < len(files)]
    if unread:
        yield (
            f"Lightning's logs were not read in {counted(len(unread), 'job')} with results of"
            f" their own (the first: {unread[0]})."
        )
    shared = [job for job, files in jobs.items() if not own[job] and len(files) > 1]
    if shared:
        yield (
            f"{counted(len(shared), 'job')} with several of Lightning's logs, of which each stands"
            f" before its results (the first: {shared[0]}). Where they are runs of their own, give"
            f" {jobs[shared[0]][0].parents[1]}."
        )


def _row(folder: Path, notes: list[str], files: list[Path], row: dict[str, Any]) -> dict[str, Any]:
    return row | _settings(folder / JOB) | _results(folder, files, notes)


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


def _results(job: Path, files: list[Path], notes: list[str]) -> dict[str, Any]:
    """Return a job's results; where it wrote several files each stands before its names."""
    row: dict[str, Any] = {}
    for file in files:
        name = file.relative_to(job).with_suffix("").as_posix().replace("/", ".")
        row |= results(_last(file, notes), "" if len(files) == 1 else f"{name}.")
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
