"""DVC's experiments: what ``dvc exp show --json`` prints, kept in a file.

A list of commits, each with its experiments; of both, the parameters and metrics by file, as
https://github.com/iterative/dvc/blob/main/dvc/repo/experiments/serialize.py lays them out. A name
that two files hold has the file before it (``params.yaml:lr``), as DVC itself writes it.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from uphold.errors import InputError
from uphold.runlog.importers.imported import (
    RESULT,
    SETTING,
    TAG,
    Imported,
    State,
    settings,
    table_of,
)
from uphold.runlog.importers.json_text import read_json

FORMAT = "DVC, the output of `dvc exp show --json`"
_NOW = re.compile(rb'\s*\[\s*\{\s*"rev"\s*:\s*"(workspace|[0-9a-f]{40})"')
_BEFORE = re.compile(rb'\s*\{\s*"workspace"\s*:\s*\{\s*"baseline"')
_HEAD = 4_096
_WORKSPACE, _QUEUED = "workspace", "queued"
_STATES: Mapping[str, State] = {
    "success": "finished",
    "failed": "failed",
    "running": "running",
}
_STEP = "step"
"""What DVCLive counts among the metrics."""


@dataclass
class _Run:
    """A commit or an experiment: what stands first in its row, and its data."""

    leading: dict[str, Any]
    data: dict[str, Any]

    def by_file(self, part: str) -> dict[str, dict[str, Any]]:
        """Return the parameters or the metrics of each file, nested names with dots."""
        files = self.data.get(part)
        held = files.items() if isinstance(files, dict) else ()
        found = (
            (file, kept.get("data") if isinstance(kept, dict) else None) for file, kept in held
        )
        return {file: settings(data, "") for file, data in found if isinstance(data, dict)}


def is_it(path: Path) -> bool:
    """Return whether a file is what ``dvc exp show --json`` prints."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return False
    return bool(_NOW.match(head) or _BEFORE.match(head))


def read(path: Path) -> Imported:
    """Return the experiments of a file, and the commits that have metrics of their own.

    The workspace is left out, and so is a commit that an experiment became.

    Parameters
    ----------
    path : Path

    Raises
    ------
    InputError
        The file is cut short or damaged, DVC 2 or earlier wrote it, or no run is in it.
    """
    found = read_json(path)
    if isinstance(found, dict):
        raise InputError(
            f"{path} is laid out as DVC 2 did: run `dvc exp show --json` with DVC 3 in the same"
            " repository."
        )
    notes: list[str] = []
    runs = [run for commit in found for run in _runs(_object(commit, path), path, notes)]
    rows = zip(
        runs,
        _named(runs, "params", SETTING),
        _named(runs, "metrics", RESULT),
        _versions(runs),
        strict=True,
    )
    table = table_of(
        (
            run.leading | parameters | dict(map(_result, metrics.items())) | versions
            for run, parameters, metrics, versions in rows
        ),
        f"{path} of `dvc exp show --json`",
    )
    return Imported(table, FORMAT, {}, tuple(notes))


def _object(value: Any, path: Path) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    raise InputError(
        f"{path} is not as `dvc exp show --json` of DVC 3 lays it out ({str(value)[:40]!r} stands"
        " where an object should): write it again."
    )


def _runs(commit: dict[str, Any], path: Path, notes: list[str]) -> Iterator[_Run]:
    """Yield a commit's experiments, then the commit if it has metrics that none of them has."""
    base = str(commit.get("name") or commit.get("rev"))
    ranges = commit.get("experiments") or []
    made = [_experiment(_object(r, path), base, path, notes) for r in _listed(ranges, path)]
    experiments = [run for run in made if run]
    yield from experiments
    own = _Run(
        {"run": str(commit.get("rev")), "name": base, "group": base, "state": "finished"},
        commit.get("data") if isinstance(commit.get("data"), dict) else {},  # type: ignore[arg-type]
    )
    if commit.get("rev") == _WORKSPACE or not own.by_file("metrics"):
        return
    same = [r for r in experiments if _content(r) == _content(own)]
    if same:
        notes.append(f"The commit {base} is the experiment {same[0].leading['name']}: left out.")
    else:
        yield own


def _experiment(found: dict[str, Any], base: str, path: Path, notes: list[str]) -> _Run | None:
    states = _listed(found.get("revs"), path)
    if not states:
        raise InputError(
            f"{path} holds an experiment of {base} without a revision: write it again."
        )
    last = _object(states[0], path)
    name = found.get("name") or last.get("name")
    executor = found.get("executor")
    doing = executor.get("state") if isinstance(executor, dict) else None
    if doing == _QUEUED:
        notes.append(f"The experiment {name or last.get('rev')} is queued: left out.")
        return None
    data, error = last.get("data"), last.get("error")
    if error and doing is None:
        notes.append(f"The experiment {name or last.get('rev')} could not be read by DVC.")
    state = "failed" if error and doing is None else _STATES.get(str(doing), "finished")
    leading = {"run": str(last.get("rev")), "name": name, "group": base, "state": state}
    return _Run(leading, data if isinstance(data, dict) else {})


def _listed(value: Any, path: Path) -> list[Any]:
    if isinstance(value, list):
        return value
    raise InputError(
        f"{path} is not as `dvc exp show --json` of DVC 3 lays it out ({str(value)[:40]!r} stands"
        " where a list should): write it again."
    )


def _content(run: _Run) -> Any:
    return run.by_file("params"), run.by_file("metrics")


def _named(runs: list[_Run], part: str, kind: str) -> Iterator[dict[str, Any]]:
    """Yield each run's values by column; a name of several files has its file before it."""
    files = [run.by_file(part) for run in runs]
    owners = defaultdict(set)
    for held in files:
        for file, values in held.items():
            for name in values:
                owners[name].add(file)
    for held in files:
        yield {
            f"{kind}{name if len(owners[name]) == 1 else f'{file}:{name}'}": value
            for file, values in held.items()
            for name, value in values.items()
        }


def _result(item: tuple[str, Any]) -> tuple[str, Any]:
    """Return a metric by its column: what is no number, and DVCLive's count of steps, is a tag."""
    column, value = item
    name = column.removeprefix(RESULT)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return (column if number and name != _STEP else f"{TAG}{name}"), value


def _versions(runs: list[_Run]) -> Iterator[dict[str, Any]]:
    """Yield the digests of what each run depends on, where they are not the same in all."""
    held = []
    for run in runs:
        deps = run.data.get("deps")
        files = deps.items() if isinstance(deps, dict) else ()
        held.append({f: str(d["hash"]) for f, d in files if isinstance(d, dict) and d.get("hash")})
    seen = defaultdict(set)
    for digests in held:
        for file, digest in digests.items():
            seen[file].add(digest)
    for digests in held:
        yield {f"{TAG}deps.{f}": digest for f, digest in digests.items() if len(seen[f]) > 1}
