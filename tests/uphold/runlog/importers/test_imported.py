from pathlib import Path

import pytest

from uphold.errors import InputError
from uphold.runlog.importers.imported import Damaged, gathered, or_damaged, settings, table_of


def test_columns_come_in_one_order_and_empty_ones_go():
    rows = [
        {"metrics.b": 1, "tags.t": "x", "config.a": 1, "run": "1", "name": None, "state": None},
        {"state": "failed", "config.z": 2, "run": "2"},
    ]
    assert list(table_of(rows, "here")) == [
        "run", "state", "config.a", "config.z", "metrics.b", "tags.t"
    ]  # fmt: skip


def test_two_runs_with_one_name_are_refused():
    with pytest.raises(InputError, match="here holds two runs called 'a': remove one"):
        table_of([{"run": "a"}, {"run": "a"}], "here")


def test_more_names_than_columns_are_refused():
    rows = [{"run": "a", **{f"metrics.{i}": i for i in range(100_000)}}]
    with pytest.raises(InputError, match=r"here notes 100,001 names .* 'metrics\.99999'.*CSV"):
        table_of(rows, "here")


def test_a_setting_of_none_is_a_level_and_nested_ones_have_dots():
    assert settings({"a": {"b": None, "c": {}}, "d": (1, None)}) == {
        "config.a.b": "None",
        "config.a.c": "{}",
        "config.d": "[1, None]",
    }


def test_where_no_run_is_left_it_is_said_why():
    assert gathered([{"run": "a"}], Path("here"), "F", ["b is cut."]).notes == ("b is cut.",)
    many = gathered([{"run": "a"}], Path("here"), "F", [f"{i} is cut." for i in range(1005)])
    assert many.notes[-2:] == ("4 is cut.", "The like holds for 1,000 more.")
    with pytest.raises(InputError, match=r"here holds no run that can be read: .* b is cut\."):
        gathered([], Path("here"), "F", ["b is cut."])
    with pytest.raises(InputError, match=r"here holds no runs: give"):
        gathered([], Path("here"), "F", [])


def test_runs_without_settings_or_results_are_told_where_others_have_some():
    whole = {"run": "a", "config.lr": 1, "metrics.f1": 0.5}
    rows = [whole, {"run": "b", "metrics.f1": 0.5}, {"run": "c", "config.lr": 1, "state": "failed"}]
    assert gathered(rows, Path("here"), "F", []).notes == (
        "1 run without any setting (the first: b): look whether a file is missing or empty, or"
        " leave such runs out by `rows:`.",
    )
    rows = [whole, *({"run": n, "config.lr": 1} for n in "bc")]
    assert "2 runs without any result (the first: b)" in gathered(rows, Path("h"), "F", []).notes[0]
    assert gathered(rows[1:], Path("here"), "F", []).notes == ()


def test_damaged_runs_are_left_out_and_counted_and_none_left_is_an_error():
    damaged = [Damaged(f"{i} is cut: copy it again.") for i in range(1007)]
    found = gathered([{"run": "a"}, *damaged, {"run": "b"}], Path("here"), "F", ["c is empty."])
    assert found.table["run"].tolist() == ["a", "b"]
    assert found.notes[0].startswith("Of 1,009 runs in here 1,007 cannot be read and are left out.")
    assert found.notes[1:] == (
        *(f"{i} is cut: copy it again." for i in range(5)),
        "1,002 more cannot be read.",
        "c is empty.",
    )
    with pytest.raises(InputError, match=r"^0 is cut: copy it again\.$"):
        gathered(damaged, Path("here"), "F", ["c is empty."])


def test_what_was_noted_of_a_run_that_cannot_be_read_is_forgotten():
    def read(item, notes):
        notes.append(f"{item} is looked at.")
        if item == "b":
            raise InputError("b is cut.")
        return item

    notes = []
    assert [or_damaged(read, item, notes) for item in "ab"] == ["a", Damaged("b is cut.")]
    assert notes == ["a is looked at."]
