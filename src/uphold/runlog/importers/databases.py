"""A tracker's SQLite database → tables of it, read as it stands.

Promised: a database is opened for reading alone, is never written or brought to another schema,
and what is wrong with it is one `InputError` that names the file and the way out. What another
program has written and not yet folded in (the file ``…-wal``) is read with it.
"""

import re
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

from uphold.errors import InputError
from uphold.runlog.importers.uncollected import uncollected

_MAGIC = b"SQLite format 3\0"
_CREATED = re.compile(rb"CREATE TABLE (?:IF NOT EXISTS )?[\"'`\[]?(\w+)")
_KIND, _WITH_WAL = slice(18, 20), b"\2\2"
"""Which bytes of a database tell how it is written to, and what stands there with a …-wal."""

_LOOK = 4_000_000
"""How many bytes are looked through for the names of tables where SQLite cannot tell them."""

_ERRORS = (sqlite3.Error, UnicodeDecodeError, OverflowError)
_AT_ONCE = 10_000
_PATIENCE = 2.0
"""Seconds to wait for a program that is writing."""


def is_database(path: Path) -> bool:
    """Return whether a path is a file that begins as an SQLite database does."""
    try:
        with path.open("rb") as file:
            return file.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False


def tables_in(path: Path) -> frozenset[str]:
    """Return the names of a database's tables, none where it is no database.

    Of a database that is locked they are read as they lie on the disk, of a damaged one they are
    taken from its bytes, so that it is known for what it is and the reader can say what is wrong
    with it.
    """
    if not is_database(path):
        return frozenset()
    for locks in (True, False):
        try:
            with closing(_connected(path, locks=locks)) as database:
                rows = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
                return frozenset(str(name) for (name,) in rows)
        except (*_ERRORS, OSError):
            continue
    try:
        with path.open("rb") as file:
            found = _CREATED.findall(file.read(_LOOK))
    except OSError:
        return frozenset()
    return frozenset(name.decode("ascii", "replace") for name in found)


class Database:
    """An open database.

    Attributes
    ----------
    path : Path
        Its file.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    def select(self, query: str) -> pd.DataFrame:
        """Return what a query gives."""
        cursor = self._connection.execute(query)
        columns: dict[str, list[Any]] = {column[0]: [] for column in cursor.description}
        with uncollected():
            while rows := cursor.fetchmany(_AT_ONCE):
                for column, cells in zip(columns.values(), zip(*rows, strict=True), strict=True):
                    column.extend(cells)
        return pd.DataFrame({n: pd.Series(cells, dtype=object) for n, cells in columns.items()})

    def columns(self, table: str) -> frozenset[str]:
        """Return the names of a table's columns, none where there is no such table."""
        rows = self._connection.execute("SELECT name FROM pragma_table_info(?)", (table,))
        return frozenset(str(name) for (name,) in rows)

    def version(self, table: str, column: str) -> str | None:
        """Return what a database notes as the version of its schema, None where it notes none."""
        if column not in self.columns(table):
            return None
        row = self._connection.execute(f'SELECT "{column}" FROM "{table}"').fetchone()
        return None if row is None else str(row[0])

    def demand(
        self, needed: Mapping[str, Collection[str]], what: str, known: str, version: str | None
    ) -> None:
        """Raise `InputError` unless each table is there with its columns.

        Parameters
        ----------
        needed : mapping of str to collection of str
            Columns by table.
        what : str
            What such a database is called: "Optuna's storage".
        known : str
            Which versions wrote the schemas that are known.
        version : str or None
            The version that the database notes.
        """
        missing = []
        for table, columns in needed.items():
            found = self.columns(table)
            lacking = sorted(set(columns) - found)
            if not found:
                missing.append(f"the table {table}")
            elif lacking:
                missing.append(f"{', '.join(f'{table}.{name}' for name in lacking)}")
        if missing:
            noted = f" (it notes version {version})" if version else ""
            raise InputError(
                f"{self.path} lacks {', '.join(missing)} of {what}{noted}. Known are the schemas"
                f" of {known}: bring a copy to one of them with the tracker's own upgrade, or"
                " export its runs as CSV."
            )


@contextmanager
def opened(path: Path) -> Iterator[Database]:
    """Open a database for reading.

    Raises
    ------
    InputError
        It is locked, damaged or cut short, here or while it is read.
    """
    if not is_database(path):
        raise InputError(f"{path} is no SQLite database.")
    try:
        with closing(_connected(path)) as connection:
            yield Database(path, connection)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from None
    except sqlite3.OperationalError as error:
        words = str(error)
        if "locked" in words or "busy" in words:
            raise InputError(
                f"{path} is locked: another program is writing to it. Read it when that is done,"
                " or give a copy made by `sqlite3 FILE '.backup COPY'`."
            ) from None
        if "readonly" in words:
            raise InputError(
                f"{path} was being written to when its program ended, and is whole only with the"
                " file …-journal beside it: copy both into a folder of their own and put the copy"
                " right with `sqlite3 COPY .tables`."
            ) from None
        if "unable to open" in words:
            raise InputError(
                f"{path} cannot be opened where it is ({words}): copy it, with the file …-wal"
                " beside it if there is one, into a folder that you may write to."
            ) from None
        raise _damaged(path, error) from None
    except _ERRORS as error:
        raise _damaged(path, error) from None


def _damaged(path: Path, error: Exception) -> InputError:
    return InputError(
        f"{path} is damaged or cut short ({error}): copy it again from where it was written, or"
        " save what is left with `sqlite3 FILE '.recover'`."
    )


def _connected(path: Path, *, locks: bool = True) -> sqlite3.Connection:
    """Return a connection that writes nothing; without ``locks``, to what may be changing."""
    address = f"{path.resolve().as_uri()}?mode=ro"
    if not locks or _is_at_rest(path):
        address += "&immutable=1"
    connection = sqlite3.connect(address, uri=True, timeout=_PATIENCE)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except _ERRORS:
        connection.close()
        raise
    return connection


def _is_at_rest(path: Path) -> bool:
    """Return whether a database of the kind that keeps a ``…-wal`` is open nowhere, without one.

    To open it as one that may change would lay out that file anew and leave it behind.
    """
    with path.open("rb") as file:
        kind = file.read(_KIND.stop)[_KIND]
    return kind == _WITH_WAL and not path.with_name(f"{path.name}-wal").exists()
