"""A file or a folder → the runs in it, whatever it is.

In: a path. Out: the runs as a table, with what they were read as. Promised: what a path is, is
told by what is in it; one that no importer knows is read as a table of runs; one that is several
things at once is refused, with what it could be. Files that lie beside the runs of many a tracker
and hold curves of these, such as TensorBoard's, are read where nothing else is, and told otherwise.
"""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from uphold.errors import InputError
from uphold.runlog.importers import Importer, importers, lies_beside_others
from uphold.runlog.importers.databases import is_database
from uphold.runlog.importers.imported import Imported
from uphold.runlog.tables import read_file


def read_runs(path: Path, levels: Collection[str] = ()) -> Imported:
    """Return the runs in a file or a folder.

    Parameters
    ----------
    path : Path
    levels : collection of str
        Columns of a table whose cells are levels: see `uphold.runlog.tables.read_table`.

    Raises
    ------
    InputError
        It is nothing that can be read, or several things at once.
    """
    known = knowing(path)
    found = [one for one in known if not lies_beside_others(one)] or known
    if len(found) > 1:
        kinds = ", ".join(importer.FORMAT for importer in found)
        raise InputError(
            f"{path} could be read as {kinds}: give the file or the folder of one of them."
        )
    if found:
        try:
            runs = found[0].read(path)
        except OSError as error:
            where = error.filename or path
            raise InputError(f"{where} cannot be read: {error.strerror or error}.") from None
        beside = [one.FORMAT for one in known if one is not found[0]]
        told = (f"{form} lie there too and were not read." for form in beside)
        return replace(runs, notes=(*runs.notes, *told))
    if path.is_dir():
        formats = ", ".join(importer.FORMAT for _, importer in importers())
        raise InputError(
            f"{path} is a folder in which nothing is known. Folders are read of {formats}; else "
            "give a table, one row a run, as CSV, JSON lines, parquet or .xlsx."
        )
    if is_database(path):
        raise InputError(
            f"{path} is an SQLite database without the tables of a tracker that is known: it is"
            " another program's, damaged or cut short. Copy it again, or export its runs as CSV."
        )
    return read_file(path, levels)


def knowing(path: Path) -> list[Importer]:
    """Return the modules that read what is at a path; what cannot be looked at is no one's."""
    return [importer for _, importer in importers() if _is_known(importer, path)]


def _is_known(importer: Importer, path: Path) -> bool:
    try:
        return importer.is_it(path)
    except OSError:
        return False
