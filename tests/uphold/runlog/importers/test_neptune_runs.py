"""Neptune's runs: what neptune-exporter may write beside the kept sample."""

from datetime import UTC, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from uphold.errors import InputError
from uphold.runlog.importers import neptune_runs
from uphold.runlog.importers.neptune_runs import FORMAT, is_it, read
from uphold.runlog.sources import knowing

SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("project_id", "run_id")),
        *((name, pa.string()) for name in ("attribute_path", "attribute_type")),
        ("step", pa.decimal128(18, 6)),
        ("timestamp", pa.timestamp("ms", tz="UTC")),
        ("int_value", pa.int64()),
        ("float_value", pa.float64()),
        ("string_value", pa.string()),
        ("bool_value", pa.bool_()),
        ("datetime_value", pa.timestamp("ms", tz="UTC")),
        ("string_set_value", pa.list_(pa.string())),
    ]
)
KINDS = {
    bool: "bool",
    int: "int",
    float: "float",
    str: "string",
    datetime: "datetime",
    list: "string_set",
}


def once(path, value):
    kind = KINDS[type(value)]
    return {"attribute_path": path, "attribute_type": kind, f"{kind}_value": value}


def step(path, at, value, kind="float_series"):
    at = None if at is None else Decimal(at)
    column = "float_value" if kind == "float_series" else "string_value"
    return {"attribute_path": path, "attribute_type": kind, "step": at, column: value}


def write(folder, run, rows, part=0, project="blue/one", ending=""):
    folder.mkdir(parents=True, exist_ok=True)
    held = [{"project_id": project, "run_id": run} | row for row in rows]
    file = folder / f"{run}-0123456789abcdef_part_{part}.parquet{ending}"
    pq.write_table(pa.Table.from_pylist(held, schema=SCHEMA), file)
    return file


def rows_of(path):
    return {row["run"]: row for row in read(path).table.to_dict("records")}


def test_of_a_series_the_highest_step_counts_wherever_it_stands(tmp_path, monkeypatch):
    monkeypatch.setattr(neptune_runs, "_AT_ONCE", 2)
    rows = [step("val/f1", at, value) for at, value in ((2, 0.7), (5, 0.9), (3, 0.8), (0, 0.1))]
    rows += [step("loss", -1, 3.0), step("loss", None, 9.0), step("loss", 0, 2.0)]
    write(tmp_path, "a", [*rows, step("log", 7, "text", "string_series")])
    write(tmp_path, "b", [step("val/f1", 1, 0.5)])
    write(tmp_path, "b", [step("val/f1", 4, 0.6)], part=1)
    found = rows_of(tmp_path)
    assert found["a"]["metrics.val.f1"] == 0.9 and found["b"]["metrics.val.f1"] == 0.6
    assert found["a"]["metrics.loss"] == 2.0
    assert not any("log" in name for name in found["a"])


def test_single_values_are_settings_results_or_notes(tmp_path):
    write(
        tmp_path,
        "a",
        [
            once("parameters/lr", 0.1),
            once("params/loss", "focal"),
            once("batch_size", 32),
            once("model/amp", True),
            once("test/accuracy", 0.9),
            once("sys/tags", ["x", "y"]),
            once("ended", datetime(2026, 1, 2, tzinfo=UTC)),
            once("source_code/entrypoint", "train.py"),
            step("monitoring/1/cpu", 1, 80.0),
            {"attribute_path": "note", "attribute_type": "string"},
        ],
    )
    ((_, row),) = rows_of(tmp_path).items()
    assert row == {
        "run": "a",
        "config.lr": 0.1,
        "config.loss": "focal",
        "config.batch_size": 32,
        "config.model.amp": True,
        "metrics.test.accuracy": 0.9,
        "tags.sys.tags": "x, y",
        "tags.ended": "2026-01-02T00:00:00+00:00",
        "tags.source_code.entrypoint": "train.py",
        "tags.monitoring.1.cpu": 80.0,
    }


def test_a_name_stands_once(tmp_path):
    write(tmp_path, "a", [once("sys/name", "wide"), once("sys/custom_run_id", "a")])
    write(tmp_path, "b", [once("sys/name", "deep"), once("sys/custom_run_id", "own")])
    found = rows_of(tmp_path)
    assert [found[run]["name"] for run in "ab"] == ["wide", "deep"]
    assert "tags.sys.name" not in found["a"]
    assert found["b"]["tags.sys.custom_run_id"] == "own"
    assert found["a"]["tags.sys.custom_run_id"] != "a"


@pytest.mark.parametrize(
    ("noted", "state"),
    [
        ([("sys/failed", True), ("sys/state", "Inactive")], "failed"),
        ([("sys/failed", False)], "finished"),
        ([("sys/failed", False), ("sys/state", "running")], "running"),
        ([("sys/state", "idle")], "finished"),
        ([], None),
    ],
)
def test_how_a_run_ended_is_told_where_anything_tells(tmp_path, noted, state):
    write(tmp_path, "a", [once("lr", 0.1), *(once(*pair) for pair in noted)])
    assert rows_of(tmp_path)["a"].get("state") == state


def test_runs_come_in_the_order_in_which_they_began(tmp_path):
    for run, day in (("a", 3), ("b", 1), ("c", 2)):
        write(tmp_path, run, [once("sys/creation_time", datetime(2026, 1, day, tzinfo=UTC))])
    assert list(read(tmp_path).table["run"]) == ["b", "c", "a"]
    write(tmp_path, "d", [once("lr", 0.1)])
    assert list(read(tmp_path).table["run"]) == ["a", "b", "c", "d"]


def test_what_was_not_exported_whole_is_left_out_and_named(tmp_path):
    write(tmp_path, "whole", [once("lr", 0.1)])
    write(tmp_path, "later", [once("lr", 0.1)], part=1)
    write(tmp_path, "torn", [once("lr", 0.1)], ending=".tmp")
    write(tmp_path, "gap", [once("lr", 0.1)])
    write(tmp_path, "gap", [once("lr", 0.1)], part=2)
    found = read(tmp_path)
    assert list(found.table["run"]) == ["whole"]
    named = [note.split()[2].partition("-")[0] for note in found.notes]
    assert sorted(named) == ["gap", "later", "torn"]
    assert all(note.endswith("Export it again.") for note in found.notes)


def test_projects_are_groups_and_models_no_runs(tmp_path):
    write(tmp_path / "one", "a", [once("lr", 0.1)])
    write(tmp_path / "two", "b", [once("lr", 0.2)], project="blue/two")
    write(tmp_path / "one" / "models", "m", [once("lr", 0.3)])
    assert {run: row["group"] for run, row in rows_of(tmp_path).items()} == {
        "a": "blue/one",
        "b": "blue/two",
    }
    assert not knowing(tmp_path / "one" / "models")


def test_a_part_alone_is_read_and_another_table_of_such_a_name_is_no_run(tmp_path):
    file = write(tmp_path, "a", [once("lr", 0.1)], part=3)
    assert [importer.FORMAT for importer in knowing(file)] == [FORMAT]
    assert list(read(file).table["run"]) == ["a"]
    other = tmp_path / "own" / "runs_part_0.parquet"
    other.parent.mkdir()
    pq.write_table(pa.table({"lr": [0.1], "seed": [1]}), other)
    assert not is_it(other) and not is_it(other.parent)


def test_a_part_without_rows_or_of_other_columns_is_named(tmp_path):
    empty = write(tmp_path / "empty", "a", [])
    with pytest.raises(InputError, match=f"{empty.name} .*holds no attribute of a run"):
        read(tmp_path / "empty")
    write(tmp_path / "other", "a", [once("lr", 0.1)])
    odd = tmp_path / "other" / "b-0123456789abcdef_part_0.parquet"
    pq.write_table(pa.table({"run_id": ["b"]}), odd)
    found = read(tmp_path / "other")
    assert list(found.table["run"]) == ["a"] and found.damaged == 1
    assert (
        found.notes[0].startswith("Of 2 runs") and "lacks the column 'project_id'" in found.notes[1]
    )
