"""Ray Tune's folders: states, trials of unequal length, and what is half written."""

import json
import shutil
from pathlib import Path

import pytest

from uphold.runlog.importers.ray_tune_runs import is_it, read

from .damage import left_out, read_damaged

KEPT = Path(__file__).parent / "kept" / "ray_tune_runs" / "ray2_60"


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(KEPT, tmp_path / "grid")
    return tmp_path / "grid"


def trial(folder, number):
    (found,) = folder.glob(f"*_{number:05}_*")
    return found


def test_a_trial_an_experiment_and_a_folder_of_experiments_are_read(folder):
    shutil.copytree(folder, folder.parent / "other")
    for file in (folder.parent / "other").rglob("*.json"):
        file.write_text(file.read_text().replace("ada7f_", "b0000_"))
    assert all(map(is_it, (folder, folder.parent, trial(folder, 3))))
    assert "group" not in read(folder).table
    assert read(folder.parent).table["group"].value_counts().to_dict() == {"grid": 13, "other": 13}
    assert read(trial(folder, 3)).table["state"].tolist() == ["finished"]
    assert not is_it(folder / "none") and not is_it(trial(folder, 3) / "params.json")


def test_what_ray_itself_reports_is_no_result(folder):
    names = {name for name in read(folder).table if name.startswith(("metrics.", "tags."))}
    assert names == {"metrics.val_accuracy", "metrics.val_loss", "tags.training_iteration"}


def test_without_the_experiments_state_trials_tell_how_they_ended(folder):
    (state,) = folder.glob("experiment_state*")
    state.write_text(state.read_text()[:-100])
    last = trial(folder, 1) / "result.json"
    last.write_text(last.read_text() + json.dumps({"val_loss": 0.5, "done": True}) + "\n")
    found = read(folder)
    assert f"{state} is cut short" in " ".join(found.notes)
    told = found.table.set_index("run")["state"]
    assert (told["ada7f_00001"], told["ada7f_00012"]) == ("finished", "failed")
    assert set(told.drop(["ada7f_00001", "ada7f_00012"])) == {"running"}
    state.unlink()
    assert read(folder).table["state"].tolist() == told.tolist()


def test_a_table_is_read_where_lines_are_missing(folder):
    whole = read(folder).table
    for file in folder.rglob("result.json"):
        file.unlink()
    assert read(folder).table.equals(whole)


def test_a_trial_that_lacks_a_file_is_read_by_the_other_or_named(folder):
    whole = read(folder).table
    (trial(folder, 1) / "result.json").write_text("")
    assert read(folder).table.equals(whole)
    (trial(folder, 1) / "progress.csv").write_text("")
    (note,) = read(folder).notes
    assert "1 run without any result (the first: ada7f_00001)" in note
    (trial(folder, 2) / "params.json").unlink()
    assert f"{trial(folder, 2)} is a trial without its params.json: left out." in read(folder).notes


def test_trials_of_unequal_length_are_told(folder):
    file = trial(folder, 2) / "result.json"
    file.write_text(file.read_text().splitlines()[0] + "\n")
    (note,) = read(folder).notes
    assert "after 1 to 3 reports" in note and "rows: {tags.training_iteration: [3]}" in note


def test_a_trial_that_has_not_begun_is_left_out_and_a_last_line_that_is_cut_too(folder):
    for name in ("result.json", "progress.csv"):
        (trial(folder, 0) / name).unlink()
    (state,) = folder.glob("experiment_state*")
    held = json.loads(state.read_text())
    changed = [[t.replace("TERMINATED", "PENDING") if "_00000" in t else t, m]
               for t, m in held["trial_data"]]  # fmt: skip
    state.write_text(json.dumps(held | {"trial_data": changed}))
    cut = trial(folder, 1) / "result.json"
    cut.write_bytes(cut.read_bytes()[:-20])
    found = read(folder)
    assert len(found.table) == 12
    assert f"The trial in {trial(folder, 0)} has not begun: left out." in found.notes
    assert f"The last line of {cut} is cut: it was left out." in found.notes


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("params.json", "[]", "holds no settings by name"),
        ("params.json", "", "is not whole JSON"),
        ("result.json", "1\n", "line 1 is no object"),
        ("result.json", "{\n", "line 1 is not whole JSON"),
    ],
)
def test_damage_names_the_file(folder, name, text, says):
    (trial(folder, 4) / name).write_text(text)
    left_out(read(folder), rf"{name}.*{says}.*(Copy|move)")


@pytest.mark.parametrize("name", ["params.json", "result.json"])
def test_any_damage_is_told_or_leaves_what_can_be_read(folder, name):
    done, refused = read_damaged(trial(folder, 5) / name, folder, is_it, read)
    assert min(done, refused) > 20
