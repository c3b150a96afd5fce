"""MLflow's database and file store: states, parents, deleted runs, types, and what is damaged."""

import math
import shutil
import sqlite3
from pathlib import Path

import pytest

from uphold.errors import InputError
from uphold.runlog.importers.mlflow_runs import is_it, read

from .damage import left_out

KEPT = Path(__file__).parent / "kept"
DATABASE = KEPT / "mlflow_runs" / "mlflow3.db"
FILES = KEPT / "mlflow_runs" / "mlruns2"


@pytest.fixture(params=["more2", "more3.db"])
def more(request):
    return read(KEPT / "mlflow_states" / request.param)


def test_states_and_experiments_are_told_and_deleted_runs_are_left_out(more):
    table = more.table.set_index("name")
    assert table["state"].to_dict() == {
        **{f"child {number}": "finished" for number in range(3)},
        **{"kept": "finished", "begun": "running", "killed": "killed"},
    }
    assert table["group"].tolist() == ["sweep"] * 3 + ["others"] * 3
    assert any("deleted in MLflow: left out" in note for note in more.notes)


def test_a_parent_that_only_holds_others_is_left_out_and_its_children_name_it(more):
    parents = more.table.set_index("name")["tags.parent"]
    assert parents[["child 0", "child 2"]].tolist() == ["sweep of lr"] * 2
    assert parents[["kept", "begun"]].isna().all()
    assert any("1 run only there to hold others" in note for note in more.notes)


def test_parameters_are_typed_as_a_column_of_a_csv_is(more):
    table = more.table.set_index("name").loc[["child 0", "child 1", "child 2"]]
    assert table["config.lr"].tolist() == [0.1, 0.01, 0.001]
    assert table["config.release"].tolist() == ["1.1", "1.10", "1.1"]
    assert table["config.amp"].tolist() == [False, True, True]
    assert table["config.layers"].tolist() == [0, 1, "None"]
    assert "config.empty" not in more.table
    assert more.table["config.text"].dropna().tolist() == ["a\nb"]


def test_the_last_value_is_that_of_the_last_step_and_may_be_infinite(more):
    table = more.table.set_index("name")
    assert table["metrics.f1"][["child 0", "child 1", "child 2"]].tolist() == [0.5, 0.6, 0.7]
    worst = table["metrics.worst"]
    assert worst["child 0"] == math.inf and worst["child 1"] == -math.inf
    assert math.isnan(worst["child 2"])


def test_tags_are_kept_and_those_of_mlflow_are_not():
    table = read(DATABASE).table
    assert [name for name in table if name.startswith("tags.")] == ["tags.team"]


def test_a_commit_becomes_a_tag_where_runs_differ_in_it(tmp_path):
    path = tmp_path / "mlflow.db"
    shutil.copy(DATABASE, path)
    database = sqlite3.connect(path, isolation_level=None)
    database.execute(
        "INSERT INTO tags (key, value, run_uuid) SELECT 'mlflow.source.git.commit',"
        " substr(run_uuid, 1, 1), run_uuid FROM runs"
    )
    assert len(read(path).table["tags.commit"].unique()) > 1
    database.execute("UPDATE tags SET value = 'a' WHERE key = 'mlflow.source.git.commit'")
    database.close()
    assert "tags.commit" not in read(path).table


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("DROP TABLE params", r"lacks the table params of MLflow's database \(it notes version \w"),
        ("ALTER TABLE runs RENAME COLUMN status TO state", r"lacks runs\.status.*MLflow 2 and 3"),
        ("UPDATE runs SET status = 'ODD'", "a run in the state 'ODD'"),
        ("UPDATE latest_metrics SET value = 'x'", "is damaged: a metric in it is no number"),
        ("UPDATE runs SET lifecycle_stage = 'deleted'", "holds no runs that are left"),
        ("UPDATE experiments SET lifecycle_stage = 'deleted'", "holds no runs that are left"),
        ("DELETE FROM runs", "holds no runs: give the store"),
    ],
)
def test_a_schema_or_a_value_that_is_not_known_says_which(tmp_path, change, message):
    path = tmp_path / "mlflow.db"
    shutil.copy(DATABASE, path)
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA ignore_check_constraints = ON")
    database.execute(change)
    database.close()
    assert is_it(path)
    with pytest.raises(InputError, match=rf"mlflow\.db.*{message}"):
        read(path)


@pytest.fixture
def store(tmp_path):
    shutil.copytree(FILES, tmp_path / "mlruns")
    return tmp_path / "mlruns"


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda run: (run / "meta.yaml").unlink(), r"a run of MLflow's without its meta\.yaml"),
        (lambda run: (run / "meta.yaml").write_text(""), r"meta\.yaml is empty or cut short"),
        (
            lambda run: (run / "meta.yaml").write_text("a: ["),
            r"meta\.yaml holds no settings in YAML",
        ),
        (lambda run: (run.parent / "meta.yaml").unlink(), "an experiment of MLflow's without its"),
        (lambda run: (run / "metrics/val/loss").write_text(""), "loss holds no value"),
        (lambda run: (run / "metrics/val/loss").write_text("1 x 2\n"), "loss is no metric of ML"),
        (lambda run: (run / "params/lr").write_bytes(b"\xff"), "lr is damaged: it is not text"),
        (lambda run: shutil.copytree(run, run.with_name("copy")), "holds two runs with the id"),
    ],
)
def test_a_store_that_is_half_written_names_the_file_and_the_way_out(store, damage, message):
    damage(next(p for p in sorted(store.glob("*/*")) if (p / "metrics").is_dir()))
    assert is_it(store)
    if "experiment" in message or "two runs" in message:
        with pytest.raises(InputError, match=message):
            read(store)
    else:
        left_out(read(store), message)


def test_a_metric_whose_last_line_is_cut_has_the_value_before_and_a_note(store):
    file = sorted(store.glob("*/*/metrics/val/accuracy"))[0]
    file.write_text("5 0.25 0\n7 0.5 1\n9 0.7 2")
    found = read(store)
    assert found.notes == (f"The last line of {file} is cut short: left out.",)
    run = found.table.set_index("run").loc[file.parents[2].name]
    assert run["metrics.val/accuracy"] == 0.5


def test_one_experiment_is_read_by_its_folder_and_a_store_by_the_folder_it_is_in(store):
    experiment = next(store.glob("*/*/metrics")).parents[1]
    whole = read(store).table
    assert is_it(experiment) and read(experiment).table.equals(whole)
    assert is_it(store.parent) and read(store.parent).table.equals(whole)


def test_beside_a_database_a_folder_without_runs_is_one_of_artifacts(store):
    shutil.copy(DATABASE, store.parent)
    with pytest.raises(InputError, match=r"2 stores of MLflow \(mlflow3\.db, mlruns\): give one"):
        read(store.parent)
    shutil.rmtree(store)
    (store / "1" / "someid" / "artifacts").mkdir(parents=True)
    assert read(store.parent).table.equals(read(DATABASE).table)


def test_other_folders_with_files_called_so_are_no_store(tmp_path):
    (tmp_path / "site" / "params").mkdir(parents=True)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "meta.yaml").write_text("title: a page\n")
    assert not is_it(tmp_path)
