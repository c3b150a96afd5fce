"""SQLite databases are read as they stand, never written, and say what is wrong with them."""

import hashlib
import shutil
import sqlite3
from pathlib import Path

import pytest

from uphold.errors import InputError
from uphold.runlog.importers.databases import opened, tables_in
from uphold.runlog.sources import read_runs

KEPT = sorted((Path(__file__).with_name("kept")).glob("*_runs/*.db"))


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "some.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE runs (id, name)")
    connection.executemany("INSERT INTO runs VALUES (?, ?)", [(n, f"no. {n}") for n in range(2000)])
    connection.commit()
    connection.close()
    return path


def rows(path):
    with opened(path) as found:
        return len(found.select("SELECT id, name FROM runs"))


def test_reading_leaves_the_file_and_its_folder_as_they_were(database):
    before = hashlib.sha256(database.read_bytes()).digest(), sorted(database.parent.iterdir())
    assert rows(database) == 2000 and tables_in(database) == {"runs"}
    assert before == (
        hashlib.sha256(database.read_bytes()).digest(),
        sorted(database.parent.iterdir()),
    )


def test_one_that_keeps_a_log_is_left_without_one_where_it_is_at_rest(database):
    writer = sqlite3.connect(database, isolation_level=None)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.close()
    assert rows(database) == 2000 and tables_in(database) == {"runs"}
    assert list(database.parent.iterdir()) == [database]


def test_one_whose_writer_was_killed_is_not_put_right_but_says_how(database):
    writer = sqlite3.connect(database, isolation_level=None)
    writer.execute("PRAGMA cache_size = 1")
    writer.execute("BEGIN EXCLUSIVE")
    writer.executemany("INSERT INTO runs VALUES (?, ?)", [(n, "x" * 300) for n in range(500)])
    copy = database.with_name("copy.db")
    for ending in ("", "-journal"):
        shutil.copy(f"{database}{ending}", f"{copy}{ending}")
    writer.close()
    with pytest.raises(InputError, match=r"copy\.db was being written .*`sqlite3 COPY \.tables`"):
        rows(copy)
    assert tables_in(copy) == {"runs"}


def test_nothing_can_be_written(database):
    with pytest.raises(InputError, match=r"some\.db"), opened(database) as found:
        found.select("DELETE FROM runs RETURNING id, name")
    assert rows(database) == 2000


def test_what_stands_in_the_write_ahead_log_is_read(database):
    writer = sqlite3.connect(database, isolation_level=None)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("PRAGMA wal_autocheckpoint = 0")
    writer.execute("INSERT INTO runs VALUES (-1, 'late')")
    writer.execute("CREATE TABLE later (id)")
    assert database.with_name("some.db-wal").stat().st_size > 0
    assert rows(database) == 2001
    assert tables_in(database) == {"runs", "later"}
    writer.close()


def test_a_locked_one_is_known_and_says_so(database, monkeypatch):
    monkeypatch.setattr("uphold.runlog.importers.databases._PATIENCE", 0.01)
    writer = sqlite3.connect(database, isolation_level=None)
    writer.execute("BEGIN EXCLUSIVE")
    assert tables_in(database) == {"runs"}
    with pytest.raises(InputError, match=r"some\.db is locked: another program .*\.backup"):
        rows(database)
    writer.close()


@pytest.mark.parametrize("kept", KEPT, ids=lambda path: path.name)
def test_a_locked_one_of_a_tracker_is_not_taken_for_another_program_s(kept, tmp_path, monkeypatch):
    monkeypatch.setattr("uphold.runlog.importers.databases._PATIENCE", 0.01)
    path = Path(shutil.copy(kept, tmp_path))
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("BEGIN EXCLUSIVE")
    with pytest.raises(InputError, match=rf"{kept.name} is locked: another program"):
        read_runs(path)
    writer.close()


@pytest.mark.parametrize("kept", [20, 100, 4096, 10_000])
def test_one_cut_short_says_so(database, kept):
    database.write_bytes(database.read_bytes()[:kept])
    with pytest.raises(InputError, match=r"some\.db is damaged or cut short"):
        rows(database)


def test_what_is_no_database_has_no_tables(tmp_path):
    path = tmp_path / "some.db"
    path.write_text("CREATE TABLE runs")
    assert tables_in(path) == tables_in(tmp_path) == tables_in(tmp_path / "none") == frozenset()
    with pytest.raises(InputError, match="is no SQLite database"):
        rows(path)


def test_one_of_another_program_is_refused_for_what_it_is(database):
    with pytest.raises(InputError, match=r"some\.db is an SQLite database without the tables of"):
        read_runs(database)


def test_a_name_that_is_no_text_is_damage(database):
    data = database.read_bytes()
    database.write_bytes(
        data.replace(b"CREATE TABLE runs (id, name)", b"CREATE TABLE \xe1uns (i\xff name)")
    )
    assert tables_in(database) == frozenset()
    with pytest.raises(InputError, match=r"some\.db is damaged or cut short"):
        rows(database)


def test_what_a_schema_lacks_is_named_with_the_versions_that_are_known(database):
    needed = {"runs": ("id", "state", "born"), "params": ("key",)}
    with (
        pytest.raises(
            InputError,
            match=r"lacks runs\.born, runs\.state, the table params of T's base \(it notes version"
            r" 7\)\. Known are the schemas of T 1 to 3",
        ),
        opened(database) as found,
    ):
        found.demand(needed, "T's base", "T 1 to 3", "7")


def test_a_version_is_read_where_it_is_noted(database):
    with opened(database) as found:
        assert found.version("runs", "name") == "no. 0"
        assert found.version("runs", "number") is None is found.version("none", "number")
