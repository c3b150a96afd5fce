"""Jobs of Hydra: files of results, groups of settings, and what is half written."""

import json
import shutil
from pathlib import Path

import pytest

from uphold.errors import InputError
from uphold.runlog.importers.hydra_runs import is_it, read
from uphold.runlog.sources import read_runs

from .damage import left_out, read_damaged
from .sample import EPOCHS, loss

KEPT = Path(__file__).parent / "kept" / "hydra_runs"
JOB = "0.01-0.5-2"


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(KEPT / "hydra1_3" / "grid", tmp_path / "grid")
    return tmp_path / "grid"


def test_a_job_a_multirun_and_a_folder_of_some_are_read(folder):
    shutil.copytree(KEPT / "hydra1_2" / "grid", folder.parent / "again")
    assert read(folder / JOB).table["run"].tolist() == [JOB]
    assert "group" not in read(folder).table
    assert read(folder.parent).table["group"].value_counts().to_dict() == {"grid": 12, "again": 12}
    assert all(map(is_it, (folder / JOB, folder, folder.parent)))
    assert not is_it(folder / JOB / ".hydra") and not is_it(folder / "none")


def test_the_group_of_settings_that_was_chosen_is_a_setting(folder):
    (folder / JOB / ".hydra" / "overrides.yaml").write_text(
        "- optimizer=sgd\n- data/augment@train='flip=1'\n- +extra.deep=3\n- ~seed\n- lr=5\n"
    )
    row = read(folder / JOB).table.iloc[0]
    assert row["config.optimizer"] == "sgd" and row["config.lr"] == 0.01
    assert (row["config.data.augment"], row["config.extra.deep"]) == ("flip=1", "3")
    (folder / JOB / ".hydra" / "overrides.yaml").write_text("a: 1\n")
    with pytest.raises(InputError, match=r"overrides\.yaml holds no settings in YAML \(it is no"):
        read(folder / JOB)


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("eval_results.json", '{"f1": 0.5}', {"metrics.f1": 0.5}),
        ("history.json", '[{"f1": 0.1, "epoch": 0}, {"f1": 0.5}]', {"metrics.f1": 0.5}),
        ("Scores.jsonl", '{"f1": 0.1}\n{"f1": 0.5, "step": 1}\n', {"metrics.f1": 0.5}),
        ("scores.csv", "step,f1,of\n0,0.1,a\n1,0.5,\n", {"metrics.f1": 0.5, "tags.of": "a"}),
    ],
)
def test_results_are_found_by_the_names_of_their_files(folder, name, text, found):
    (folder / JOB / "metrics.json").unlink()
    (folder / JOB / "tokenizer.json").write_text("{}")
    (folder / JOB / name).write_text(text)
    row = read(folder / JOB).table.iloc[0].to_dict()
    assert {k: v for k, v in row.items() if k.startswith(("metrics.", "tags."))} == found


def test_several_files_of_results_stand_before_their_names(folder):
    (folder / JOB / "test_metrics.json").write_text('{"val": {"loss": 1}}')
    row = read(folder / JOB).table.iloc[0]
    assert row["metrics.test_metrics.val.loss"] == 1 and row["metrics.metrics.val.loss"] < 1


def test_a_job_without_results_is_left_out_and_one_without_settings_named(folder):
    (note,) = read(folder).notes
    assert note == f"{folder}/0.1-0.5-1 has no file of results: its job was left out."
    with pytest.raises(InputError, match="no run that can be read: give a folder with others"):
        read(folder / "0.1-0.5-1")
    (folder / JOB / ".hydra" / "config.yaml").unlink()
    left_out(read(folder), rf"{JOB}/\.hydra is without its config\.yaml")


@pytest.fixture
def logged(tmp_path):
    """Jobs that logged with Lightning's CSVLogger, each into a folder below its own."""
    shutil.copytree(KEPT / "lightning2_6" / "grid", tmp_path / "logged")
    return tmp_path / "logged"


def test_results_that_lightning_logged_in_a_job_have_the_job_s_settings(logged):
    log = logged / JOB / "lightning_logs" / "version_0"
    row = read_runs(logged / JOB).table.iloc[0].to_dict()
    assert (row["run"], row["config.seed"], row["config.optimizer.name"]) == (JOB, 2, "adam")
    assert row["metrics.val_loss"] == loss({"lr": 0.01, "dropout": 0.5, "seed": 2}, EPOCHS - 1)
    assert {name for name in row if name.startswith("metrics.")} == {
        "metrics.train_loss", "metrics.val_accuracy", "metrics.val_loss",
    }  # fmt: skip
    assert list(read_runs(log).table["config.lr"]) == [0.01], "the log by itself is Lightning's"
    (log / "hparams.yaml").unlink()  # where a module saves no settings there is none
    assert is_it(logged / JOB) and read_runs(logged / JOB).table.iloc[0].to_dict() == row
    log.rename(log.with_name("deeper"))
    assert not is_it(logged / JOB)


def test_a_job_s_own_results_come_before_lightning_s_which_is_told(logged):
    (logged / JOB / "metrics.json").write_text('{"f1": 0.5}')
    row, notes = (found := read_runs(logged / JOB)).table.iloc[0], found.notes
    assert row["metrics.f1"] == 0.5 and "metrics.val_loss" not in row
    told = f"Lightning's logs were not read in 1 job with results of their own (the first: {logged}"
    assert [note.startswith(told) for note in notes] == [True]
    straight = logged / JOB / "lightning_logs" / "version_0"
    (logged / JOB / "metrics.json").unlink()
    for name in ("metrics.csv", "hparams.yaml"):
        shutil.move(straight / name, logged / JOB)
    found = read_runs(logged / JOB)
    assert "metrics.val_loss" in found.table and found.notes == ()


def test_several_logs_of_a_job_stand_before_their_names_which_is_told(logged):
    logs = logged / JOB / "lightning_logs"
    shutil.copytree(logs / "version_0", logs / "version_1")
    found = read_runs(logged)
    table = found.table.set_index("run")
    assert table["metrics.val_loss"].isna().sum() == 1
    for name in ("version_0", "version_1"):
        assert table[f"metrics.lightning_logs.{name}.metrics.val_loss"].notna().sum() == 1
    assert found.notes == (
        "1 job with several of Lightning's logs, of which each stands before its results (the"
        f" first: {logged / JOB}). Where they are runs of their own, give {logs}.",
    )
    assert len(read_runs(logs).table) == 2


def test_lightning_s_logs_beside_jobs_are_other_runs(logged, tmp_path):
    shutil.copytree(logged / JOB / "lightning_logs", tmp_path / "lightning_logs")
    with pytest.raises(InputError, match=r"could be read as Hydra's jobs .*, Lightning's CSV logs"):
        read_runs(tmp_path)


@pytest.mark.parametrize("text", ["3", "[1]"])
def test_results_without_names_are_refused(folder, text):
    (folder / JOB / "metrics.json").write_text(json.dumps(json.loads(text)))
    left_out(read(folder), r"metrics\.json holds no results by name")


@pytest.mark.parametrize("name", [".hydra/config.yaml", ".hydra/overrides.yaml", "metrics.json"])
def test_any_damage_is_told_or_leaves_what_can_be_read(folder, name):
    done, refused = read_damaged(folder / JOB / name, folder / JOB, is_it, read)
    assert min(done, refused) > 20
