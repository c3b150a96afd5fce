"""What `dvc exp show --json` prints: experiments, commits, states, files, and what is damaged."""

import json
from pathlib import Path

import pytest

from uphold.errors import InputError
from uphold.runlog.importers.dvc_experiments import is_it, read

SHOWN = Path(__file__).parent / "kept" / "dvc_experiments" / "shown3.json"


@pytest.fixture
def shown():
    return json.loads(SHOWN.read_text())


@pytest.fixture
def written(tmp_path):
    def write(value):
        path = tmp_path / "shown.json"
        path.write_text(value if isinstance(value, str) else json.dumps(value))
        return path

    return write


def test_experiments_have_their_names_and_the_commit_that_they_start_from():
    table = read(SHOWN).table
    assert set(table["name"]) == {*(f"run-{n}" for n in range(12)), "failed"}
    assert set(table["group"]) == {"main"}
    assert set(table["tags.step"].dropna()) == {2}


def test_the_workspace_and_a_commit_without_metrics_are_no_runs():
    assert not {"workspace", "main"} & set(read(SHOWN).table["name"])


def test_a_commit_with_metrics_of_its_own_is_a_run_unless_an_experiment_became_it(shown, written):
    data = json.loads(json.dumps(shown[1]["experiments"][0]["revs"][0]["data"]))
    shown[1]["data"] = data
    found = read(written(shown))
    assert "main" not in set(found.table["name"])
    assert found.notes == ("The commit main is the experiment run-11: left out.",)
    data["metrics"]["dvclive/metrics.json"]["data"]["val"]["accuracy"] = 0.25
    row = read(written(shown)).table.set_index("name").loc["main"]
    assert row["metrics.val.accuracy"] == 0.25 and row["state"] == "finished"


def test_states_are_the_executors_and_what_is_queued_is_left_out(shown, written):
    first, second, third = shown[1]["experiments"][:3]
    first["executor"], second["executor"] = {"state": "queued"}, {"state": "running"}
    third["revs"][0] |= {"data": None, "error": {"type": "x", "msg": "y"}}
    found = read(written(shown))
    states = found.table.set_index("name")["state"]
    assert "run-11" not in states and states["run-10"] == "running" and states["run-9"] == "failed"
    assert found.notes == (
        "The experiment run-11 is queued: left out.",
        "The experiment run-9 could not be read by DVC.",
    )


def test_a_name_that_two_files_hold_has_its_file_before_it(shown, written):
    for made in shown[1]["experiments"][:2]:
        made["revs"][0]["data"]["params"]["more.yaml"] = {"data": {"lr": 5, "depth": 2}}
    table = read(written(shown)).table.set_index("name")
    assert table["config.more.yaml:lr"]["run-11"] == 5
    assert table["config.params.yaml:lr"]["run-11"] == 0.01
    assert table["config.depth"].dropna().tolist() == [2, 2] and "config.lr" not in table


def test_text_among_metrics_is_a_tag_and_data_that_differ_tell_runs_apart(shown, written):
    for digest, made in enumerate(shown[1]["experiments"][:2]):
        data = made["revs"][0]["data"]
        data["metrics"]["dvclive/metrics.json"]["data"]["best"] = "epoch 2"
        data["deps"] = {"data": {"hash": str(digest)}, "train.py": {"hash": "a"}}
    table = read(written(shown)).table
    assert table["tags.best"].dropna().tolist() == ["epoch 2"] * 2
    assert table["tags.deps.data"].dropna().tolist() == ["0", "1"]
    assert "tags.deps.train.py" not in table


def test_the_layout_of_dvc_2_is_known_and_says_what_to_do(written):
    path = written('{"workspace": {"baseline": {"data": {}}}}')
    assert is_it(path)
    with pytest.raises(InputError, match=r"shown\.json is laid out as DVC 2 did: run"):
        read(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SHOWN.read_text()[:3000], r"shown\.json is not whole JSON"),
        ('[{"rev": "workspace"}]', r"shown\.json of `dvc exp show --json` holds no runs"),
        ('[{"rev": "workspace"}, 3]', "'3' stands where an object should"),
        ('[{"rev": "workspace", "experiments": {"a": 1}}]', "stands where a list should"),
        ('[{"rev": "workspace", "experiments": [{"revs": []}]}]', "without a revision"),
    ],
)
def test_what_is_damaged_says_so(written, text, message):
    path = written(text)
    assert is_it(path)
    with pytest.raises(InputError, match=message):
        read(path)


def test_other_json_is_not_taken_for_it(written, tmp_path):
    assert not is_it(written('[{"rev": "r1", "loss": 1}]'))
    assert not is_it(written('{"workspace": 1}')) and not is_it(tmp_path)
