"""trackio's runs, read from the SQLite database that it keeps for a project.

Its tables ``metrics`` and ``configs`` hold a JSON object a row, as made by
https://github.com/gradio-app/trackio/blob/main/trackio/sqlite_storage.py
Until 2025 a run was known by its name alone, since then by ``run_id``. trackio keeps no state: how
a run ended cannot be told.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import pandas as pd

from uphold.errors import InputError
from uphold.runlog.importers.databases import is_database, opened, tables_in
from uphold.runlog.importers.imported import RESULT, TAG, Imported, settings, table_of
from uphold.runlog.importers.json_text import json_of

FORMAT = "trackio's database"
DATABASE = ".db"
TABLES = frozenset({"metrics", "configs"})
OTHERS = frozenset({"experiments", "studies"})
"""Tables of MLflow's and Optuna's databases, which name some of theirs alike."""

GROUP = "_Group"
OWN = frozenset({GROUP, "_Username", "_Created"})
"""What trackio itself puts beside the settings."""

AT_ONCE = 10_000
"""How many rows are parsed as one text."""

AT_MOST_INSIDE = 10
SPECIAL = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}


def is_it(path: Path) -> bool:
    """Return whether a path is such a database or a folder with some in it."""
    return next(_databases(path), None) is not None


def _databases(path: Path) -> Iterator[Path]:
    try:
        if path.is_dir():
            yield from sorted(p for p in path.iterdir() if p.suffix == DATABASE and _is_one(p))
        elif _is_one(path):
            yield path
    except OSError:
        return


def _is_one(path: Path) -> bool:
    if not is_database(path):
        return False
    found = tables_in(path)
    return found >= TABLES and not found & OTHERS


def read(path: Path) -> Imported:
    """Return the runs of a project.

    Parameters
    ----------
    path : Path
        A database, or the folder with the one that is meant.

    Raises
    ------
    InputError
        There are several projects, or the database is damaged, locked or of another schema.
    """
    found = list(_databases(path))
    if len(found) != 1:
        raise InputError(
            f"{path} holds {len(found)} projects of trackio"
            f" ({', '.join(p.name for p in found[:5])}): give the file of one of them."
        )
    return Imported(table_of(_rows(found[0]), str(found[0])), FORMAT)


def _rows(path: Path) -> list[dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    with opened(path) as database:
        database.demand(
            {"metrics": ("run_name", "step", "metrics"), "configs": ("run_name", "config")},
            "a project of trackio",
            "trackio 0.5 to 0.43",
            None,
        )
        run = {t: "run_id" if "run_id" in database.columns(t) else "run_name" for t in TABLES}
        configs = database.select(
            f"SELECT {run['configs']} AS run, run_name AS name, config AS json FROM configs"
            " ORDER BY id"
        )
        logged = database.select(
            f"SELECT {run['metrics']} AS run, run_name AS name, metrics AS json FROM metrics"
            " ORDER BY step, id"
        )
    for key, name, config in _objects(configs, path):
        row = rows.setdefault(key, _begun(key, name))
        row["group"] = config.get(GROUP)
        row |= settings({n: v for n, v in config.items() if n not in OWN})
    last: dict[str, dict[str, Any]] = {}
    for key, name, values in _objects(logged, path):
        if key not in last:
            rows.setdefault(key, _begun(key, name))
            last[key] = {}
        last[key].update(_flat(values) if dict in map(type, values.values()) else values)
    for key, values in last.items():
        _take(rows[key], values)
    return list(rows.values())


def _begun(key: str, name: str) -> dict[str, Any]:
    return {"run": key, "name": None if key == name else name}


def _objects(table: pd.DataFrame, path: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield run, name and object of each row of a table whose last column is JSON."""
    for start in range(0, len(table), AT_ONCE):
        part = table.iloc[start : start + AT_ONCE]
        texts = [t.decode("utf-8", "replace") if isinstance(t, bytes) else t for t in part["json"]]
        yield from zip(
            map(str, part["run"]),
            map(str, part["name"]),
            _parsed(texts, part["run"], path),
            strict=True,
        )


def _parsed(texts: list[Any], runs: pd.Series, path: Path) -> list[dict[str, Any]]:
    """Return the objects, parsed all at once, or one by one to say which is damaged."""
    try:
        found = json.loads(f"[{','.join(texts)}]")
        if len(found) == len(texts) and set(map(type, found)) <= {dict} and not _is_odd(texts):
            return cast(list[dict[str, Any]], found)
    except (TypeError, ValueError, RecursionError):
        pass
    return [_object(text, path, run) for text, run in zip(texts, runs, strict=True)]


def _is_odd(texts: list[str]) -> bool:
    """Return whether texts hold what `json_of` looks at more closely: escapes, or much nesting."""
    return any("\\u" in text or text.count("{") > AT_MOST_INSIDE for text in texts)


def _object(text: Any, path: Path, run: Any) -> dict[str, Any]:
    source = f"{path}, the run {str(run)[:100]!r}: a row"
    found = json_of(text, source) if isinstance(text, str) else None
    if not isinstance(found, dict):
        raise InputError(
            f"{source} is no object in JSON: the file is damaged. Copy it again from where it was"
            " written, or export the project's runs as CSV."
        )
    return found


def _flat(values: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """Return values with names joined by dots; pictures and tables, which have a type, go."""
    found: dict[str, Any] = {}
    for key, value in values.items():
        if not isinstance(value, Mapping):
            found[f"{above}{key}"] = value
        elif "_type" not in value:
            found |= _flat(value, f"{above}{key}.")
    return found


def _take(row: dict[str, Any], values: Mapping[str, Any]) -> None:
    """Take in the last values of a run: numbers are results, texts are tags."""
    for key, value in values.items():
        given = SPECIAL.get(value, value) if isinstance(value, str) else value
        if isinstance(given, int | float):
            row[f"{RESULT}{key}"] = given
        elif isinstance(given, str):
            row[f"{TAG}{key}"] = given
