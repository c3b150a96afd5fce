"""trackio's runs, read from the SQLite database that it keeps for a project.

Its tables ``metrics`` and ``configs`` hold a JSON object a row, as made by
https://github.com/gradio-app/trackio/blob/main/trackio/sqlite_storage.py
Until 2025 a run was known by its name alone, since then by ``run_id``. trackio keeps no state: how
a run ended cannot be told.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from uphold.errors import InputError
from uphold.runlog.importers.databases import is_database, opened, tables_in
from uphold.runlog.importers.imported import RESULT, TAG, Imported, settings, table_of
from uphold.runlog.importers.json_text import json_of

FORMAT = "trackio's database"
DATABASE = ".db"
TABLES = frozenset({"metrics", "configs"})
OTHERS = frozenset({"experiments", "studies"})
"""Tables of MLflow's and Optuna's databases, which name some of theirs alike."""

OWN = {"_Group": "group", "_Username": "user", "_Created": "created"}
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
            f"SELECT {run['configs']} AS run, run_name AS name, config FROM configs ORDER BY id"
        )
        logged = database.select(
            f"SELECT {run['metrics']} AS run, run_name AS name, metrics FROM metrics"
            " ORDER BY step, id"
        )
    for key, name, text in configs.itertuples(index=False, name=None):
        row = rows.setdefault(str(key), _begun(key, name))
        config = _object(text, path, "configs", key)
        own = {OWN[n]: config.pop(n) for n in OWN.keys() & config.keys()}
        row["group"] = own.pop("group", None)
        row |= settings(config)
        row |= settings({n: v for n, v in own.items() if v is not None}, TAG)
    for key, name, text in logged.itertuples(index=False, name=None):
        row = rows.setdefault(str(key), _begun(key, name))
        _take(row, _object(text, path, "metrics", key), "")
    return list(rows.values())


def _begun(key: Any, name: Any) -> dict[str, Any]:
    return {"run": str(key), "name": None if key == name else str(name)}


def _object(text: Any, path: Path, table: str, run: Any) -> dict[str, Any]:
    source = f"{path}, in {table} of the run {run!r}: a row"
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    found = json_of(text, source) if isinstance(text, str) else None
    if not isinstance(found, dict):
        raise InputError(
            f"{source} is no object in JSON: the file is damaged. Copy it again from where it was"
            " written, or export the project's runs as CSV."
        )
    return found


def _take(row: dict[str, Any], values: Mapping[str, Any], above: str) -> None:
    """Take in what was logged at a step: numbers are results; pictures and tables are not."""
    for key, value in values.items():
        given = SPECIAL.get(value, value) if isinstance(value, str) else value
        if isinstance(given, int | float):
            row[f"{RESULT}{above}{key}"] = given
        elif isinstance(given, str):
            row[f"{TAG}{above}{key}"] = given
        elif isinstance(given, Mapping) and "_type" not in given:
            _take(row, given, f"{above}{key}.")
