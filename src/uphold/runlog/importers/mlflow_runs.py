"""MLflow's runs: its SQLite database, its file store, or a folder that holds one of them.

See `mlflow_database` and `mlflow_files` for where the formats are defined.
"""

from pathlib import Path

from uphold.runlog.importers.databases import tables_in
from uphold.runlog.importers.imported import Imported, only
from uphold.runlog.importers.mlflow_database import TELLING, read_database
from uphold.runlog.importers.mlflow_files import has_runs, is_store, read_files
from uphold.runlog.importers.mlflow_store import table_of_store

FORMAT = "MLflow, an SQLite database or a file store"
_FOLDER = "mlruns"
_ENDINGS = frozenset({".db", ".sqlite", ".sqlite3"})


def is_it(path: Path) -> bool:
    """Return whether a path is a store of MLflow's, or a folder that holds one."""
    return bool(_stores(path))


def read(path: Path) -> Imported:
    """Return the runs of a store's experiments.

    Parameters
    ----------
    path : Path

    Raises
    ------
    InputError
        It cannot be read, or a folder holds several stores.
    """
    store = only(_stores(path), path, "store", "MLflow")
    if store.is_dir():
        return table_of_store(read_files(store), str(store), "MLflow, a file store")
    return table_of_store(read_database(store), str(store), "MLflow, an SQLite database")


def _stores(path: Path) -> list[Path]:
    """Return the stores at a path; beside a database, a folder without runs is for artifacts."""
    if not path.is_dir():
        return [path] if _database(path) else []
    if is_store(path):
        return [path]
    inside = sorted(path.iterdir())
    databases = [p for p in inside if p.suffix.lower() in _ENDINGS and _database(p)]
    folder = path / _FOLDER
    if has_runs(folder) or (is_store(folder) and not databases):
        return [*databases, folder]
    return databases


def _database(path: Path) -> bool:
    return path.is_file() and tables_in(path) >= TELLING
