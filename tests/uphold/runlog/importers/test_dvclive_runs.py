"""DVCLive's folders: how they are told, settings beside them, and what is half written."""

import json
import shutil
from pathlib import Path

import pytest

from uphold.errors import InputError
from uphold.runlog.importers.dvclive_runs import is_it, read

from .damage import left_out, read_damaged

KEPT = Path(__file__).parent / "kept" / "dvclive_runs" / "dvclive3"


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(KEPT, tmp_path / "runs")
    return tmp_path / "runs"


def test_a_run_and_a_folder_of_runs_are_read_by_the_names_of_their_folders(folder):
    assert read(folder).table["run"].tolist() == [f"run-{n}" for n in range(12)]
    assert read(folder / "run-3" / "dvclive").table["run"].tolist() == ["dvclive"]
    assert read(folder / "run-3").table["run"].tolist() == ["run-3"]


def test_a_repository_with_settings_and_metrics_is_no_run(tmp_path):
    (tmp_path / "metrics.json").write_text('{"accuracy": 1}')
    (tmp_path / "params.yaml").write_text("lr: 1\n")
    assert not is_it(tmp_path) and not is_it(tmp_path / "none")


def test_settings_of_the_repository_are_those_of_its_run(folder):
    run = folder / "run-3"
    (run / "dvclive" / "params.yaml").rename(run / "params.yaml")
    assert read(run).table["config.lr"].tolist() == [0.001]
    (run / "params.yaml").unlink()
    assert "config.lr" not in read(run).table


def test_text_is_a_tag_and_so_is_the_count_of_steps(folder):
    file = folder / "run-0" / "dvclive" / "metrics.json"
    file.write_text(json.dumps({"a": {"b": 0.5}, "best": "x.pt", "step": 4, "c": [1]}))
    row = read(folder / "run-0").table.iloc[0]
    assert (row["metrics.a.b"], row["tags.best"], row["tags.step"]) == (0.5, "x.pt", 4)
    assert "metrics.c" not in row.index


def test_a_run_without_a_summary_is_left_out_and_named(folder):
    (folder / "run-0" / "dvclive" / "metrics.json").unlink()
    found = read(folder)
    assert len(found.table) == 11
    assert found.notes == (
        f"{folder}/run-0/dvclive has curves and no metrics.json yet: its run was left out.",
    )
    with pytest.raises(InputError, match="no run that can be read: give a folder with others"):
        read(folder / "run-0")
    (folder / "run-1" / "dvclive" / "metrics.json").write_text("3")
    left_out(read(folder), r"run-1/dvclive/metrics\.json holds no results by name")


@pytest.mark.parametrize("name", ["params.yaml", "metrics.json"])
def test_any_damage_is_told_or_leaves_what_can_be_read(folder, name):
    done, refused = read_damaged(folder / "run-5" / "dvclive" / name, folder, is_it, read)
    assert min(done, refused) > 10
