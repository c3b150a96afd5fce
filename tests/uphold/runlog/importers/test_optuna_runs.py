"""Optuna's journal and SQLite storage: states, directions, types, and what is damaged."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from uphold.errors import InputError
from uphold.runlog.importers.optuna_runs import is_it, read
from uphold.runlog.importers.optuna_trials import decoder, scale_of

KEPT = Path(__file__).parent / "kept"
STATES = KEPT / "optuna_states"
JOURNAL = KEPT / "optuna_runs" / "optuna5.log"
DATABASE = KEPT / "optuna_runs" / "optuna5.db"


@pytest.fixture(params=["states5.log", "states5.db"])
def states(request):
    return read(STATES / request.param)


def test_every_state_is_told_and_what_waits_or_was_deleted_is_left_out(states):
    table = states.table.set_index("run")
    assert table["state"].to_dict() == {
        **{"up/0": "finished", "up/1": "pruned", "up/2": "failed", "up/3": "running"},
        "up/4": "finished",
        **{"down/0": "finished", "down/1": "pruned", "down/2": "failed", "down/3": "running"},
    }
    assert table["group"].tolist() == ["up"] * 5 + ["down"] * 4
    assert any("1 trial not begun (WAITING)" in note for note in states.notes)


def test_parameters_have_the_types_that_their_distributions_say(states):
    table = states.table
    assert set(table["config.width"].dropna()) <= {64, 128, "auto", "None"}
    assert set(table["config.release"].dropna()) <= {"1.1", "1.10"}
    assert table["config.layers"].dtype.kind == "i"
    widths = table.set_index("run")["config.width"]
    assert (table.set_index("run")["config.release"][widths == "None"].isna()).all()


def test_results_are_those_that_were_told_and_an_infinite_one_is(states):
    values = states.table.set_index("run")["metrics.value"]
    assert values["up/0"] == 0.75 and values["up/4"] == float("inf")
    # A pruned trial's is the last that it reported.
    assert values["up/1"] == 0.25 and values[["up/2", "up/3"]].isna().all()


def test_studies_that_disagree_on_the_direction_give_none_and_say_so(states):
    assert not states.better
    assert any("disagree" in note and "metrics.value" in note for note in states.notes)


def test_attributes_are_results_settings_or_tags_by_name_and_recurrence(states):
    columns = set(states.table)
    assert {"metrics.test_f1", "config.dataset", "tags.note"} <= columns
    assert any("results by name and values: test_f1" in note for note in states.notes)
    assert any("settings by name and values: dataset" in note for note in states.notes)


def test_each_objective_has_its_name_and_direction():
    found = read(DATABASE)
    assert found.better == {"metrics.val/accuracy": "higher", "metrics.val/loss": "lower"}
    assert read(JOURNAL).better == {"metrics.val/accuracy": "higher"}


def lines(path=JOURNAL):
    return path.read_text().splitlines(keepends=True)


def test_a_last_line_that_is_cut_is_left_out_and_named(tmp_path):
    path = tmp_path / "study.log"
    text = JOURNAL.read_text()
    path.write_text(text[:-20])
    found = read(path)
    assert found.notes[0].endswith(f"({len(lines()):,}) is cut short: left out.")
    # The last line said that the last trial failed.
    assert found.table["state"].tolist() == ["finished"] * 12 + ["running"]


def test_a_line_that_is_damaged_in_the_middle_is_an_error_that_names_it(tmp_path):
    path = tmp_path / "study.log"
    broken = lines()
    broken[30] = broken[30][:-9] + "\n"
    path.write_text("".join(broken))
    with pytest.raises(InputError, match=r"study\.log, line 31 is no operation .*remove"):
        read(path)


@pytest.mark.parametrize(
    "line", [{"op_code": 11}, {"op_code": 5, "trial_id": 0}, {"worker_id": "w"}, [], 3]
)
def test_an_operation_that_is_not_known_is_an_error_that_names_its_line(tmp_path, line):
    path = tmp_path / "study.log"
    path.write_text("".join(lines()[:15]) + json.dumps(line) + "\n")
    with pytest.raises(InputError, match=r"study\.log, line 16 is no operation"):
        read(path)


def test_what_is_noted_of_a_trial_after_its_end_counts_for_nothing(tmp_path):
    path = tmp_path / "study.log"
    late = [
        {"op_code": 8, "worker_id": "w", "trial_id": 0, "user_attr": {"val_loss": 99}},
        {"op_code": 6, "worker_id": "w", "trial_id": 0, "state": 3, "values": None},
    ]
    path.write_text(JOURNAL.read_text() + "".join(json.dumps(line) + "\n" for line in late))
    assert read(path).table.equals(read(JOURNAL).table)


def test_names_outside_ascii_and_lone_surrogates_are_read(tmp_path):
    path = tmp_path / "study.log"
    note = {"op_code": 8, "worker_id": "w", "trial_id": 12, "user_attr": {"größe\ud800": "ß"}}
    made = lines()
    made.insert(len(made) - 1, json.dumps(note) + "\n")
    path.write_text("".join(made))
    assert read(path).table["tags.größe?"].dropna().tolist() == ["ß"]


def test_a_storage_without_trials_says_so(tmp_path):
    path = tmp_path / "study.log"
    path.write_text("".join(lines()[:10]))
    with pytest.raises(InputError, match="holds no trials that were begun"):
        read(path)
    path.write_text(lines()[0])
    with pytest.raises(InputError, match="holds no trials: give"):
        read(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            "ALTER TABLE trial_values RENAME COLUMN value_type TO kind",
            r"lacks trial_values\.value_",
        ),
        ("DROP TABLE study_directions", "lacks the table study_directions of Optuna's storage"),
        ("UPDATE trial_params SET distribution_json = '{'", "is not whole JSON"),
        (
            """UPDATE trial_params SET distribution_json = '{"name": "Odd", "attributes": {}}'""",
            "none of Optuna 2 to 5",
        ),
        ("UPDATE trial_params SET param_value = 7", "is damaged: a value in it is none that"),
        ("UPDATE trials SET state = 'ODD'", "a trial in the state 'ODD'"),
        ("UPDATE trials SET number = 'x'", "is damaged"),
        ("DELETE FROM trials", "holds no trials"),
    ],
)
def test_a_schema_or_a_value_that_is_not_known_says_which(tmp_path, change, message):
    path = tmp_path / "optuna.db"
    shutil.copy(DATABASE, path)
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA ignore_check_constraints = ON")
    database.execute(change)
    database.close()
    assert is_it(path)
    with pytest.raises(InputError, match=rf"optuna\.db.*{message}"):
        read(path)


@pytest.mark.parametrize(
    ("distribution", "kept", "value"),
    [
        ({"name": "IntUniformDistribution", "attributes": {"low": 1, "high": 9}}, 3.0, 3),
        ({"name": "IntLogUniformDistribution", "attributes": {"low": 1, "high": 9}}, 3.0, 3),
        ({"name": "DiscreteUniformDistribution", "attributes": {"low": 0, "q": 0.1}}, 0.2, 0.2),
        ({"name": "LogUniformDistribution", "attributes": {"low": 0.1, "high": 1}}, 1.0, 1.0),
        ({"type": "int", "low": 1, "high": 9}, 3.0, 3),
        ({"type": "float", "low": 1, "high": 9}, 3.0, 3.0),
        ({"type": "categorical", "choices": [True, [1, 2], None]}, 1.0, "[1, 2]"),
        ({"type": "categorical", "choices": [True, [1, 2], None]}, 0.0, True),
    ],
)
def test_distributions_of_older_versions_and_in_short_give_the_same_types(
    distribution, kept, value
):
    found = decoder(json.dumps(distribution), "it")(kept)
    assert found == value and type(found) is type(value)


def test_a_folder_with_one_storage_is_that_and_with_two_is_refused(tmp_path):
    shutil.copy(DATABASE, tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    assert is_it(tmp_path) and read(tmp_path).table.equals(read(DATABASE).table)
    shutil.copy(JOURNAL, tmp_path)
    with pytest.raises(InputError, match=r"holds 2 storages of Optuna \(optuna5\.db, optuna5\.log"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("distribution", "scale"),
    [
        ({"name": "FloatDistribution", "attributes": {"low": 1e-5, "high": 1, "log": True}}, "log"),
        (
            {"name": "FloatDistribution", "attributes": {"low": 0, "high": 1, "log": False}},
            "linear",
        ),
        ({"name": "LogUniformDistribution", "attributes": {"low": 0.1, "high": 1}}, "log"),
        ({"name": "IntLogUniformDistribution", "attributes": {"low": 1, "high": 9}}, "log"),
        ({"type": "int", "low": 1, "high": 9}, "linear"),
        ({"name": "CategoricalDistribution", "attributes": {"choices": [1, 2]}}, None),
    ],
)
def test_a_distribution_says_on_which_scale_a_number_was_drawn(distribution, scale):
    assert scale_of(json.dumps(distribution)) == scale


@pytest.mark.parametrize("storage", ["optuna3.db", "optuna3.log", "optuna5.db", "optuna5.log"])
def test_scales_are_told_of_numbers_and_not_of_choices(storage):
    assert read(KEPT / "optuna_runs" / storage).scales == {
        "config.lr": "log",
        "config.seed": "linear",
    }
