"""lm-eval's files of results: tasks, filters, seeds, groups, and what is no such file."""

import json
import shutil
from pathlib import Path

import pytest

from uphold.errors import InputError
from uphold.runlog.importers.lm_eval_runs import is_it, read

from .damage import read_damaged
from .sample import GRID

KEPT = Path(__file__).parent / "kept"


@pytest.fixture
def file(tmp_path):
    first = sorted((KEPT / "lm_eval_runs").rglob("results_*.json"))[0]
    return Path(shutil.copy(first, tmp_path / "results_a.json"))


def change(file, **keys):
    file.write_text(json.dumps(json.loads(file.read_text()) | keys))


def test_a_row_is_an_evaluation_and_a_task():
    table = read(KEPT / "lm_eval_tasks").table
    assert table["config.task"].value_counts().to_dict() == {"sums": len(GRID), "words": len(GRID)}


def test_which_way_a_metric_is_better_is_told():
    better = read(KEPT / "lm_eval_runs").better
    assert better == {"metrics.val_accuracy": "higher", "metrics.val_loss": "lower"}


def test_filters_are_told_apart_and_standard_errors_are_tags(file):
    scores = {"acc,none": 0.5, "acc_stderr,none": 0.1, "em,strict": 0.25, "em_stderr,strict": "N/A"}
    change(file, results={"sums": {**scores, "alias": " - sums", "sample_len": 4}})
    row = read(file).table.iloc[0]
    kept = {k: v for k, v in row.items() if k.startswith(("metrics.", "tags."))}
    assert kept == {"metrics.acc": 0.5, "metrics.em.strict": 0.25, "tags.acc_stderr": 0.1}
    assert row["run"] == "results_a:sums"


def test_a_group_of_tasks_is_left_out_and_named(file):
    held = json.loads(file.read_text())["results"]
    change(file, results=held | {"all": held["sums"]}, group_subtasks={"all": ["sums"]})
    found = read(file)
    assert found.table["config.task"].tolist() == ["sums"]
    assert found.notes == (f"all in {file} is a mean over tasks that are read: left out.",)


def test_one_seed_for_all_is_one_setting(file):
    config = json.loads(file.read_text())["config"]
    seeds = dict.fromkeys(("random_seed", "numpy_seed", "torch_seed", "fewshot_seed"), 7)
    change(file, config=config | seeds | {"model_args": {"pretrained": "a", "gen": {"t": 1}}})
    row = read(file).table.iloc[0]
    assert row["config.seed"] == 7 and "config.random_seed" not in row.index
    assert (row["config.pretrained"], row["config.gen.t"]) == ("a", 1)


def test_other_files_are_none(tmp_path, file):
    (tmp_path / "results_b.json").write_text('{"a": 1}')
    assert not is_it(tmp_path / "results_b.json") and not is_it(tmp_path / "none")
    found = read(tmp_path)
    assert len(found.table) == 1 and "results_b.json does not begin as" in found.notes[0]
    change(file, config=3)
    with pytest.raises(InputError, match="no results of lm-eval with their settings"):
        read(file)


def test_any_damage_is_told_or_leaves_what_can_be_read(file):
    done, refused = read_damaged(file, file.parent, is_it, read)
    assert min(done, refused) > 20
