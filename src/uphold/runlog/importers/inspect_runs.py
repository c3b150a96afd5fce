"""Logs of inspect_ai, ``….eval`` or ``….json``: a row for each evaluation of a task.

The first is a zip archive whose ``header.json`` is the second without its samples, as
https://github.com/UKGovernmentBEIS/inspect_ai/blob/main/src/inspect_ai/log/_log.py defines both;
while an evaluation goes on the archive has ``_journal/start.json`` in its place. Samples are not
read. A standard error is over them, not over runs, and is kept as a tag.
"""

import re
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from uphold.errors import InputError
from uphold.format import count
from uphold.runlog.importers.folders import LOOKS, called
from uphold.runlog.importers.imported import (
    RESULT,
    SETTING,
    TAG,
    Imported,
    Row,
    State,
    gathered,
    or_damaged,
    settings,
)
from uphold.runlog.importers.json_text import json_of, read_json
from uphold.runlog.importers.last_values import results

FORMAT = "logs of inspect_ai"
_ARCHIVE, _HEADER, _START = ".eval", "header.json", "_journal/start.json"
_NAME = re.compile(r".*\.eval|\d{4}-\d\d-\d\dT.*_.*\.json")
_ZIP = b"PK\3\4"
_BEGINNING = re.compile(rb'\s*\{\s*"version"\s*:\s*\d+,\s*"status"\s*:\s*"\w+",\s*"eval"\s*:\s*\{')
_HEAD = 4_096
_LONGEST = 100_000_000
"""Bytes of a header, beyond which it is none."""
_STATES: Mapping[str, State] = {
    "success": "finished",
    "error": "failed",
    "cancelled": "killed",
    "started": "running",
}
_ERRORS = frozenset({"stderr", "std", "var", "bootstrap_stderr"})


def is_it(path: Path) -> bool:
    """Return whether a path is such a log, or a folder with some in it or below it."""
    return any(map(_begins, called(path, _NAME, LOOKS)))


def _begins(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return False
    return head.startswith(_ZIP) if path.suffix == _ARCHIVE else bool(_BEGINNING.match(head))


def read(path: Path) -> Imported:
    """Return the evaluations.

    Parameters
    ----------
    path : Path
        A log, or a folder of logs such as ``logs``.

    Raises
    ------
    InputError
        There is none, or none can be read: logs that are damaged are left out and named.
    """
    rows: list[Row] = []
    notes: list[str] = []
    for log in called(path, _NAME):
        if _begins(log):
            rows.append(or_damaged(_row, log, notes))
        else:
            notes.append(f"{log} does not begin as logs of inspect_ai do: it was left out.")
    return gathered(rows, path, FORMAT, notes)


def _row(log: Path, _: list[str]) -> dict[str, Any]:
    found = _header(log) if log.suffix == _ARCHIVE else read_json(log)
    about = _of(found, "eval")
    status = found.get("status", "started") if isinstance(found, dict) else None
    state = _STATES.get(str(status))
    if "task" not in about or state is None:
        raise InputError(
            f"{log} holds no evaluation of inspect_ai that is known: it is damaged, or of a newer"
            " version. Copy it again, or move it away."
        )
    plan = _of(found, "plan")
    row: dict[str, Any] = {
        "run": str(about.get("eval_id") or f"{about.get('run_id')}:{about.get('task_id')}"),
        "state": state,
        f"{SETTING}task": str(about["task"]),
        f"{SETTING}model": about.get("model"),
    }
    row |= settings(_single(_of(about, "model_args")))
    row |= settings(_single(_of(about, "model_generate_config") | _of(plan, "config")))
    row |= settings({k: v for k, v in _of(about, "config").items() if k in ("epochs", "limit")})
    row |= settings(_of(about, "task_args"))
    row |= _scores(_of(found, "results").get("scores"))
    return row | _noted(about)


def _header(log: Path) -> Any:
    """Return what an archive says of its evaluation."""
    try:
        with zipfile.ZipFile(log) as archive:
            names = archive.namelist()
            name = _HEADER if _HEADER in names else _START
            part = archive.getinfo(name)
            if part.file_size > _LONGEST:
                raise _damaged(log, f"{name} is of {count(part.file_size)} bytes")
            return json_of(archive.read(part).decode("utf-8"), f"{log}, {name}")
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError) as error:
        raise _damaged(log, " ".join(str(error).split())) from None
    except (NotImplementedError, RuntimeError):
        raise InputError(
            f"{log} is packed in a way that is not known here: make it anew with `inspect log"
            " convert --to json`."
        ) from None


def _damaged(log: Path, reason: str) -> InputError:
    return InputError(
        f"{log} is no whole archive of inspect_ai ({reason}): it is damaged, or its program ended"
        " while it was written. Copy it again, or move it away."
    )


def _of(values: Any, name: str) -> dict[str, Any]:
    found = values.get(name) if isinstance(values, dict) else None
    return found if isinstance(found, dict) else {}


def _single(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of some settings that are one value each."""
    return {k: v for k, v in values.items() if isinstance(v, str | int | float | bool)}


def _scores(scores: Any) -> dict[str, Any]:
    """Return the metrics of each scorer, its name before theirs; standard errors are tags."""
    row: dict[str, Any] = {}
    for score in scores if isinstance(scores, list) else []:
        for name, metric in _of(score, "metrics").items():
            value = metric.get("value") if isinstance(metric, dict) else None
            if isinstance(value, int | float) and not isinstance(value, bool):
                kind = TAG if name in _ERRORS else RESULT
                row[f"{kind}{score.get('name')}.{name}"] = value
    return row


def _noted(about: Mapping[str, Any]) -> dict[str, Any]:
    tags = about.get("tags")
    row = {f"{TAG}tags": ", ".join(map(str, tags))} if isinstance(tags, list) and tags else {}
    noted = results(_of(about, "metadata"))
    return row | {f"{TAG}{name.partition('.')[2]}": value for name, value in noted.items()}
