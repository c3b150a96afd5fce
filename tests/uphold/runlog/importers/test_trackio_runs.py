import shutil
import sqlite3
from pathlib import Path

import pytest

from uphold.errors import InputError
from uphold.runlog.importers.trackio_runs import is_it, read

from .damage import read_damaged
from .sample import GRID

KEPT = Path(__file__).parent / "kept" / "trackio_runs"


@pytest.fixture(params=["0.5", "0.43"])
def project(tmp_path, request):
    return Path(shutil.copy(KEPT / f"{request.param}.db", tmp_path / "project.db"))


def change(project: Path, *statements: str) -> None:
    database = sqlite3.connect(project)
    for statement in statements:
        database.execute(statement)
    database.commit()
    database.close()


def test_a_file_and_the_folder_with_it_are_told(project):
    assert is_it(project)
    assert is_it(project.parent)
    assert read(project.parent).table.equals(read(project).table)
    assert len(read(project).table) == len(GRID)
    assert set(read(project).table["group"]) == {"grid"}
    assert not [name for name in read(project).table if "_" in name]


def test_a_run_is_known_by_its_id_and_else_by_its_name(project):
    table = read(project).table
    names = table["name"] if "name" in table else table["run"]
    assert names[0] == "lr 0.001, dropout None, seed 1"
    assert ("name" in table) == (len(table["run"][0]) == 32)


def test_the_last_step_counts_whatever_the_order_of_rows(project):
    before = read(project).table["metrics.val/accuracy"].tolist()
    change(project, "UPDATE metrics SET id = 1000 - id")
    assert read(project).table["metrics.val/accuracy"].tolist() == before


def test_values_of_every_kind(project):
    change(
        project,
        """UPDATE metrics SET metrics = '{"a": {"b": 1, "c": {"d": 2}}, "nan": "NaN", "up":"""
        """ "Infinity", "said": "well", "plot": {"_type": "trackio.image"}, "n": null, "l": [1]}'"""
        " WHERE step = 2 AND run_name LIKE '%None, seed 1'",
    )
    row = read(project).table.iloc[0]
    assert row["metrics.a.b"] == 1
    assert row["metrics.a.c.d"] == 2
    assert row["metrics.up"] == float("inf")
    assert row["tags.said"] == "well"
    assert row["metrics.val/accuracy"] == pytest.approx(0.7261)  # of the step before
    assert not [name for name in row.index if "plot" in name or name in ("metrics.n", "metrics.l")]


@pytest.mark.parametrize("value", ["'{\"a\": 1'", "'[1]'", "7", "'{}, {}'", "NULL"])
def test_a_row_that_is_damaged_is_named_by_its_run(project, value):
    change(
        project,
        "CREATE TABLE other AS SELECT * FROM metrics",
        "DROP TABLE metrics",
        "ALTER TABLE other RENAME TO metrics",
        f"UPDATE metrics SET metrics = {value} WHERE id = 5",
    )
    with pytest.raises(InputError, match=r"project\.db, the run '\w.*': a row is no"):
        read(project)


def test_several_projects_and_another_schema_are_refused(project):
    shutil.copy(project, project.with_name("second.db"))
    with pytest.raises(InputError, match=r"2 projects .*project\.db, second\.db\): give"):
        read(project.parent)
    change(project, "ALTER TABLE metrics RENAME COLUMN step TO position")
    with pytest.raises(InputError, match=r"lacks metrics\.step"):
        read(project)


def test_a_project_without_runs_and_other_files_are_told(project):
    change(project, "DELETE FROM metrics", "DELETE FROM configs")
    with pytest.raises(InputError, match="holds no runs"):
        read(project)
    change(project, "DROP TABLE configs")
    assert not is_it(project)
    assert not is_it(project.parent)
    assert not is_it(project.with_name("nothing.db"))


def test_any_damage_is_told_or_leaves_what_can_be_read(project):
    done, refused = read_damaged(project, project, is_it, read)
    assert min(done, refused) > 50
