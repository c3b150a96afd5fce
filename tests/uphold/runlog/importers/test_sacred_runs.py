"""Sacred's folders: states, what a run returned, jsonpickle's marks, and what is half written."""

import json
import shutil
from pathlib import Path

import pytest

from uphold.runlog.importers.sacred_runs import is_it, read

from .damage import left_out

FOLDER = Path(__file__).parent / "kept" / "sacred_runs" / "sacred8"


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(FOLDER, tmp_path / "runs")
    return tmp_path / "runs"


def change(file, **keys):
    file.write_text(json.dumps(json.loads(file.read_text()) | keys))


def test_runs_come_in_their_order_with_the_experiment_as_group():
    table = read(FOLDER).table
    assert table["run"].tolist() == list(range(1, 14))
    assert set(table["group"]) == {"grid"}


def test_what_a_run_returned_is_a_result_and_what_it_noted_a_tag():
    table = read(FOLDER).table
    assert table["metrics.result.test.accuracy"][0] == pytest.approx(0.7061)
    assert set(table["tags.epochs run"].dropna()) == {3}


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("RUNNING", "running"),
        ("INTERRUPTED", "killed"),
        ("TIMEOUT", "killed"),
        ("EARLY", "killed"),
        ("COMPLETED", "finished"),
    ],
)
def test_each_status_is_a_state(folder, status, state):
    change(folder / "1" / "run.json", status=status)
    assert read(folder).table["state"][0] == state


def test_a_run_that_was_queued_or_is_empty_is_left_out_and_named(folder):
    change(folder / "1" / "run.json", status="QUEUED")
    (folder / "14").mkdir()
    (folder / "_sources").mkdir()
    found = read(folder)
    assert found.table["run"].tolist() == list(range(2, 14))
    assert found.notes == (
        f"{folder / '1'} was queued and not begun: left out.",
        f"{folder / '14'} is empty: its run ended before it began, and is left out.",
    )


def test_marks_of_jsonpickle_are_read_as_plain_values(folder):
    change(folder / "1" / "config.json", layers={"py/tuple": [8, {"py/tuple": [4]}]})
    change(folder / "2" / "config.json", layers={"py/object": "made.up.Thing", "a": 1})
    change(folder / "1" / "run.json", result={"py/object": "made.up.Thing"})
    table = read(folder).table
    assert table["config.layers"][0] == "[8, [4]]"
    assert table["config.layers"][1].startswith("{'py/object'")
    assert table["tags.result"][0] == "{'py/object': 'made.up.Thing'}"


def test_the_last_value_counts_and_one_that_is_no_number_is_named(folder):
    kept = {"steps": [0, 1], "timestamps": ["", ""]}
    change(folder / "1" / "metrics.json", f1={**kept, "values": [0.9, 0.1]})
    change(folder / "2" / "metrics.json", f1={**kept, "values": [0.9, "x"]})
    found = read(folder)
    assert found.table["metrics.f1"].dropna().tolist() == [0.1]
    assert "2/metrics.json: the last value of 'f1' is no number" in found.notes[0]


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda run: (run / "run.json").unlink(), r"/1 is a run of Sacred's without its run\.json"),
        (lambda run: (run / "config.json").unlink(), r"1/config\.json is missing: its run is half"),
        (lambda run: (run / "run.json").write_text('{"a": '), r"run\.json is not whole JSON"),
        (lambda run: (run / "run.json").write_text("{}"), r"run\.json holds no status"),
        (lambda run: (run / "config.json").write_text("[]"), r"config\.json holds no object"),
        (lambda run: (run / "metrics.json").write_text('{"a": 1}'), "'a' has no list of values"),
    ],
)
def test_a_run_that_is_half_written_names_the_file_and_the_way_out(folder, damage, message):
    damage(folder / "1")
    assert is_it(folder)
    left_out(read(folder), message)


def test_one_run_is_read_by_its_folder():
    assert is_it(FOLDER / "3") and read(FOLDER / "3").table["run"].tolist() == [3]


def test_a_folder_without_runs_is_none(tmp_path):
    (tmp_path / "1").mkdir()
    (tmp_path / "1" / "config.json").write_text("{}")
    assert not is_it(tmp_path) and not is_it(tmp_path / "none")
