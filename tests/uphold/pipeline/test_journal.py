"""The store of finished runs: whole or not there, one process at a time, nothing deleted."""

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from safetensors.numpy import load_file

from uphold.disk import publish
from uphold.errors import Busy
from uphold.pipeline.journal import Journal, home
from uphold.pipeline.run_files import line_of
from uphold.training.contract import Result

RESULT = Result(
    {"iid": np.arange(6, dtype=np.float32).reshape(3, 2), "ood": np.zeros((1, 2), np.float32)},
    {"epoch": np.array([1, 2]), "train_loss": np.array([0.5, 0.25])},
    {"train_positive": 7, "training_set": "abc"},
)
HOW = {"settings": {"dropout": 0.1}, "seed": 3, "seconds": 1.25, "device": "cpu"}


@pytest.fixture
def journal(tmp_path):
    return Journal(tmp_path / "journal")


def test_what_is_put_comes_back(journal):
    journal.put("k", RESULT, **HOW)
    record = journal.get("k")
    assert "k" in journal
    assert record.result.facts == RESULT.facts
    assert record.result.failure is None
    assert (record.settings, record.seed, record.seconds) == ({"dropout": 0.1}, 3, 1.25)
    for split, array in RESULT.predictions.items():
        np.testing.assert_array_equal(record.result.predictions[split], array)
        assert record.result.predictions[split].dtype == array.dtype
    np.testing.assert_array_equal(record.result.history["train_loss"], [0.5, 0.25])


def test_weights_stay_in_the_journal(journal):
    weights = {"conv.weight": np.arange(6, dtype=np.float32).reshape(2, 3).T}
    weights["norm.batches"] = np.array(3)
    result = Result({}, {"epoch": np.array([1])}, weights=weights)
    journal.put("k", result, settings={}, seed=1, seconds=1.0, device="cpu")
    (kept,) = journal.folder.glob("runs/*/weights.safetensors")
    assert np.array_equal(load_file(kept)["conv.weight"], weights["conv.weight"])
    assert journal.get("k").result.weights == {}
    np.testing.assert_array_equal(journal.weights("k")["conv.weight"], weights["conv.weight"])
    assert journal.weights("k")["norm.batches"].shape == ()
    journal.put("none", RESULT, **HOW)
    assert journal.weights("none") == {}
    assert journal.weights("absent") is None


def test_when_a_run_began_is_told(journal):
    journal.put("k", RESULT, **HOW, started=datetime(2024, 5, 1, 12, 0, 5, 900_000, tzinfo=UTC))
    # to the second below: a commit of that second was not before it
    assert journal.metadata("k")["started"] == "2024-05-01T12:00:05+00:00"
    journal.put("long", RESULT, **{**HOW, "seconds": 7200})
    recorded = journal.metadata("long")
    times = [datetime.fromisoformat(recorded[key]) for key in ("started", "finished")]
    assert times[1] - times[0] == timedelta(hours=2)


def test_a_failed_run_is_a_finished_run(journal):
    journal.put("k", Result({}, {"epoch": np.array([1])}, {}, "loss is NaN in epoch 1"), **HOW)
    assert journal.get("k").result.failure == "loss is NaN in epoch 1"


def test_making_one_touches_no_disk(journal):
    assert "k" not in journal
    assert journal.keys() == []
    assert not journal.folder.exists()


WEIGHTED = Result(RESULT.predictions, RESULT.history, RESULT.facts, None, {"w": np.ones(9)})
FILES = ["arrays.safetensors", "record.json", "weights.safetensors", "SHA256SUMS"]


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("damage", ["cut", "gone", "changed"])
def test_a_damaged_run_is_named_set_aside_and_counts_as_missing(tmp_path, file, damage):
    said = []
    journal = Journal(tmp_path / "journal", said.append)
    journal.put("k", WEIGHTED, **HOW)
    path = journal.folder / "runs" / "k" / file
    content = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        half = content[: len(content) // 2]
        path.write_bytes(half if damage == "cut" else content[:-9] + b"?" * 9)
    assert "k" not in journal
    assert journal.get("k") is None
    assert [p.name for p in (journal.folder / "runs").iterdir()] == ["k.damaged"]
    (message,) = said
    assert message.startswith(f"The run k in {journal.folder} is damaged: ")
    assert message.endswith("It is set aside as k.damaged and counts as missing.")
    assert file in message or "SHA256SUMS" in message
    assert journal.keys() == []
    journal.put("k", RESULT, **HOW)
    assert "k" in journal


def test_no_flip_cut_or_stranger_gets_a_wrong_run_accepted(tmp_path):
    journal = Journal(tmp_path / "journal", lambda message: None)
    journal.put("k", WEIGHTED, **HOW)
    whole = {path.name: path.read_bytes() for path in (journal.folder / "runs" / "k").iterdir()}
    recorded = journal.metadata("k")
    assert sorted(whole) == sorted(FILES)
    rng = np.random.default_rng(7)
    for number in range(240):
        folder = journal.folder / "runs" / "k"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        name, kind = FILES[number % 4], number // 4 % 3
        content = bytearray(whole[name])
        place = int(rng.integers(len(content)))
        if kind == 0:  # one bit
            content[place] ^= 1 << int(rng.integers(8))
        elif kind == 1:
            del content[place:]
        else:
            content[place:place] = rng.bytes(int(rng.integers(1, 4)))
        for file, bytes_ in {**whole, name: bytes(content)}.items():
            (folder / file).write_bytes(bytes_)
        assert journal.metadata("k") in (None, recorded)
        if name == "record.json":
            assert journal.metadata("k") is None
        assert "k" not in journal
        read = journal.weights if number % 2 else journal.get
        assert read("k") is None
        assert not folder.exists()
    assert len(list((journal.folder / "runs").iterdir())) == 240


def test_a_file_too_many_and_a_run_under_another_key_are_damage(journal):
    journal.put("k", RESULT, **HOW)
    journal.put("other", RESULT, **HOW)
    runs = journal.folder / "runs"
    shutil.copytree(runs / "other", runs / "copied")
    assert journal.damage("copied") == "record.json is that of another run"
    assert journal.metadata("copied") is None
    (runs / "k" / "notes.txt").write_text("mine")
    assert journal.damage("k") == "notes.txt is not named in SHA256SUMS"
    (runs / "other" / "folder").mkdir()
    assert "folder" in journal.damage("other")
    assert all(journal.get(key) is None for key in ("k", "other", "copied"))


def test_a_record_that_tells_no_run_is_damage(journal):
    journal.put("k", RESULT, **HOW)
    folder = journal.folder / "runs" / "k"
    (folder / "record.json").write_text("3")
    (folder / "SHA256SUMS").unlink()
    assert not journal.is_old("k")
    assert list(journal.damaged()) == ["k"]


def no_folder(path, kind):
    if kind == "file":
        path.write_text("a note")
    elif kind == "link":
        path.symlink_to(path.with_name("nowhere"))
    else:
        path.mkdir()


@pytest.mark.parametrize("kind", ["file", "link", "empty folder"])
def test_whatever_stands_at_a_key_and_is_no_run_is_damage(tmp_path, kind):
    said = []
    journal = Journal(tmp_path / "journal", said.append)
    runs = journal.folder / "runs"
    runs.mkdir(parents=True)
    no_folder(runs / "k", kind)
    assert journal.keys() == ["k"]
    why = "record.json is missing" if kind == "empty folder" else "it is no folder"
    assert journal.damage("k") == why
    assert "k" not in journal and journal.metadata("k") is None and not journal.is_old("k")
    assert journal.get("k") is None
    assert said == [
        f"The run k in {journal.folder} is damaged: {why}. It is set aside as k.damaged and counts"
        " as missing."
    ]
    assert [p.name for p in runs.iterdir()] == ["k.damaged"]
    journal.put("k", RESULT, **HOW)
    assert "k" in journal and journal.keys() == ["k"]


@pytest.mark.parametrize("kind", ["file", "link", "empty folder"])
def test_what_comes_to_stand_at_a_key_while_its_run_is_trained_is_set_aside(tmp_path, kind):
    said = []
    journal = Journal(tmp_path / "journal", said.append)
    journal.put("other", RESULT, **HOW)
    no_folder(journal.folder / "runs" / "k", kind)
    journal.put("k", RESULT, **HOW)
    assert "k" in journal
    if kind != "empty folder":  # which is nothing that could be lost
        assert (journal.folder / "runs" / "k.damaged").lstat() and len(said) == 1


def test_a_damaged_run_is_no_equal_run(tmp_path):
    said = []
    journal = Journal(tmp_path / "journal", said.append)
    journal.put("k", WEIGHTED, **HOW)
    (journal.folder / "runs" / "k" / "weights.safetensors").write_bytes(b"")
    journal.put("k", WEIGHTED, **HOW)
    assert "k" in journal and len(said) == 1
    assert sorted(p.name for p in (journal.folder / "runs").iterdir()) == ["k", "k.damaged"]


def test_nothing_that_was_set_aside_is_overwritten(tmp_path):
    journal = Journal(tmp_path / "journal", lambda message: None)
    runs = journal.folder / "runs"
    runs.mkdir(parents=True)
    kinds = ("file", "empty folder", "link", "file", "empty folder")
    for kind in kinds:
        no_folder(runs / "k", kind)
        assert journal.get("k") is None
    assert len(list(runs.iterdir())) == len(kinds)


@pytest.mark.parametrize("record", ["{", "[]", "{}", '{"key": "k"}'])
def test_a_record_that_tells_no_run_is_damage_whatever_its_digest(tmp_path, record):
    journal = Journal(tmp_path / "journal", lambda message: None)
    journal.put("k", RESULT, **HOW)
    folder = journal.folder / "runs" / "k"
    before = (folder / "record.json").read_bytes()
    (folder / "record.json").write_text(record)
    sums = (folder / "SHA256SUMS").read_bytes()
    old, new = (line_of("record.json", text) for text in (before, record.encode()))
    (folder / "SHA256SUMS").write_bytes(sums.replace(old, new))
    assert journal.damage("k").startswith("record.json ")
    assert journal.metadata("k") is None
    assert journal.get("k") is None


@pytest.mark.parametrize("aside", ["k.damaged", "k.failed"])
def test_what_is_set_aside_is_there_for_good_before_another_takes_its_place(
    journal, monkeypatch, aside
):
    journal.put("k", RESULT, **HOW)
    runs, flushed = journal.folder / "runs", []
    monkeypatch.setattr("uphold.pipeline.journal.flush", flushed.append)
    if aside == "k.damaged":
        (runs / "k" / "record.json").unlink()
        journal.get("k")
    else:
        journal.retire("k")
    assert (runs / aside).exists() and flushed == [runs]


def test_a_run_that_is_damaged_again_is_set_aside_beside_the_first(journal):
    for _ in range(3):
        journal.put("k", RESULT, **HOW)
        (journal.folder / "runs" / "k" / "record.json").write_text("{}")
        assert journal.get("k") is None
    names = sorted(p.name for p in (journal.folder / "runs").iterdir())
    assert names == ["k.2.damaged", "k.3.damaged", "k.damaged"]


def test_what_a_dead_process_of_the_same_number_left_is_no_part_of_a_run(journal):
    left = journal.folder / "runs" / f".k.{os.getpid()}.partial"
    left.mkdir(parents=True)
    (left / "weights.safetensors").write_bytes(b"half")
    journal.put("k", RESULT, **HOW)
    assert journal.get("k").result.weights == {}


def test_runs_of_an_older_layout_are_told_from_damaged_ones_and_pruned(journal):
    folder = journal.folder / "runs" / "old"
    folder.mkdir(parents=True)
    (folder / "record.json").write_text(json.dumps({"arrays_sha256": "0", "seconds": 1.0}))
    (folder / "arrays.safetensors").write_bytes(b"0")
    journal.put("k", RESULT, **HOW)
    assert (journal.is_old("old"), journal.is_old("k")) == (True, False)
    assert journal.metadata("old") is None
    assert [p.name for p in journal.prunable(["k"])] == ["old"]


def test_the_first_of_two_equal_runs_stays(journal):
    journal.put("k", RESULT, **HOW)
    journal.put("k", RESULT, **{**HOW, "seconds": 99.0})
    assert journal.get("k").seconds == 1.25
    assert [p.name for p in (journal.folder / "runs").iterdir()] == ["k"]


def test_prune_says_and_deletes_what_is_not_kept(journal):
    for name in ("a", "b"):
        journal.put(name, RESULT, **HOW)
    abandoned = journal.folder / "runs" / ".c.999999999.partial"
    abandoned.mkdir()
    writing = journal.folder / "runs" / f".d.{os.getpid()}.partial"
    writing.mkdir()
    assert [p.name for p in journal.prunable(["a"])] == [abandoned.name, "b"]
    assert journal.keys() == ["a", "b"]
    journal.prune(["a"])
    assert sorted(p.name for p in (journal.folder / "runs").iterdir()) == [writing.name, "a"]


def test_a_state_stays_until_its_run_is_put_and_is_pruned_where_no_run_will_need_it(journal):
    state = {"steps": np.array(1)}
    for key in ("begun", "finished", "unwanted"):
        journal.checkpoint(key).write(state)
    assert journal.unfinished() == ["begun", "finished", "unwanted"]
    half = journal.folder / "checkpoints" / ".finished.checkpoint.999999999.partial"
    half.write_bytes(b"half")
    journal.put("finished", RESULT, **HOW)
    assert journal.unfinished() == ["begun", "unwanted"]
    assert not journal.begun("finished")
    journal.checkpoint("finished").write(state)  # by another sweep with the same run
    writing = half.with_name(f".finished.checkpoint.{os.getpid()}.partial")
    writing.write_bytes(b"half")
    mine = journal.folder / "checkpoints" / "mine.txt"
    mine.write_text("mine")
    gone = [half, *(journal.checkpoint(key).path for key in ("finished", "unwanted"))]
    assert journal.prunable(["begun", "finished"]) == gone
    assert all(path.exists() for path in gone)
    assert journal.prune(["begun", "finished"]) == gone
    assert journal.unfinished() == ["begun"] and journal.keys() == ["finished"]
    assert mine.read_text() == "mine" and writing.exists()


HOLD = """
import sys
from pathlib import Path
from uphold.pipeline.journal import Journal
with Journal(Path(sys.argv[1])).lock("sweep"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(journal):
    command = [sys.executable, "-c", HOLD, str(journal.folder)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_process_is_told_who_holds_the_lock(journal, holder):
    recorded = re.escape(f"process {holder.pid} on")
    with pytest.raises(Busy, match=recorded), journal.lock("sweep", wait=False):
        pass
    with journal.lock("another", wait=False):
        pass


def test_the_lock_of_a_dead_process_is_free(journal, holder):
    holder.kill()
    holder.wait()
    with journal.lock("sweep", wait=False):
        pass


def test_a_waiting_process_says_for_whom_and_goes_on(journal, holder):
    recorded = []

    def say(message):
        recorded.append(message)
        holder.stdin.close()

    with journal.lock("sweep", say=say):
        pass
    assert f"process {holder.pid}" in recorded[0]
    assert "waiting" in recorded[0]


def test_experiments_in_temporary_copies_share_the_repository_s_journal(tmp_path):
    copy = tmp_path / "repo" / ".dvc" / "tmp" / "exps" / "tmpabc"
    copy.mkdir(parents=True)
    assert home(copy) == tmp_path / "repo"
    assert home(tmp_path / "repo") == tmp_path / "repo"


def test_publish_replaces_in_one_step_and_leaves_nothing(tmp_path):
    path = tmp_path / "out" / "runs.csv"
    publish(path, b"one")
    (path.parent / ".runs.csv.partial").write_bytes(b"left by a dead process")
    publish(path, b"two")
    assert path.read_bytes() == b"two"
    assert [p.name for p in path.parent.iterdir()] == ["runs.csv"]


def test_records_are_readable_by_people(journal):
    journal.put("k", RESULT, **HOW)
    record = json.loads((journal.folder / "runs" / "k" / "record.json").read_text())
    assert record["facts"] == {"train_positive": 7, "training_set": "abc"}
    assert record["finished"].endswith("+00:00")


@pytest.mark.parametrize(
    "place", ["notes/mine.txt", "b/mine.txt", "b.1.damaged/mine.txt", "mine.txt"]
)
def test_prune_deletes_nothing_that_the_journal_did_not_write(journal, place):
    journal.put("b", RESULT, **HOW)
    mine = journal.folder / "runs" / place
    mine.parent.mkdir(exist_ok=True)
    mine.write_text("mine")
    journal.prune([])
    assert mine.read_text() == "mine"
