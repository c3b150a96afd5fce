"""Optuna's trials: its journal file or its SQLite storage, or a folder that holds one of them.

See `optuna_journal` and `optuna_database` for where the formats are defined.
"""

from pathlib import Path

from uphold.runlog.importers.databases import tables_in
from uphold.runlog.importers.imported import Imported, only
from uphold.runlog.importers.optuna_database import TELLING, read_database
from uphold.runlog.importers.optuna_journal import is_journal, read_journal
from uphold.runlog.importers.optuna_trials import table_of_trials

FORMAT = "Optuna, a journal or an SQLite storage"
_MOST = 100
"""How many files of a folder are looked into."""


def is_it(path: Path) -> bool:
    """Return whether a path is a storage of Optuna's, or a folder that holds one."""
    return bool(_storages(path))


def read(path: Path) -> Imported:
    """Return the trials of a storage's studies.

    Parameters
    ----------
    path : Path

    Raises
    ------
    InputError
        It cannot be read, or a folder holds several storages.
    """
    file = only(_storages(path), path, "storage", "Optuna")
    journal = is_journal(file)
    trials = read_journal(file) if journal else read_database(file)
    form = "Optuna, a journal" if journal else "Optuna, an SQLite storage"
    return table_of_trials(trials, str(file), form)


def _storages(path: Path) -> list[Path]:
    files = sorted(path.iterdir())[:_MOST] if path.is_dir() else [path]
    return [file for file in files if file.is_file() and (is_journal(file) or _database(file))]


def _database(path: Path) -> bool:
    return tables_in(path) >= TELLING
