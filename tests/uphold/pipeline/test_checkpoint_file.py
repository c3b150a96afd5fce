"""A state on disk: whole or not there, named where it is damaged, no end of training by it."""

import hashlib
import subprocess
import sys
from time import sleep, time

import numpy as np
import pytest
from safetensors.numpy import save

from uphold.pipeline import checkpoint_file
from uphold.pipeline.checkpoint_file import CheckpointFile

STATE = {
    "history/loss": np.array([1.5, np.nan, -0.0]),
    "steps": np.array(3),
    "network/kernel": np.arange(24, dtype=np.float32).reshape(2, 3, 4).transpose(2, 0, 1),
    "optimizer/0.step": np.array(3.0, dtype=np.float32),
}


@pytest.fixture
def file(tmp_path) -> CheckpointFile:
    return CheckpointFile(tmp_path / "checkpoints" / "key.checkpoint", every_s=0.05)


def test_what_is_kept_comes_back(file):
    assert file.read() is None
    file.write(STATE)
    found = file.read()
    assert found.keys() == STATE.keys()
    for name, values in STATE.items():
        assert found[name].dtype == values.dtype and found[name].shape == values.shape
        np.testing.assert_array_equal(found[name], values)
    file.write({"steps": np.array(4)})
    assert file.before().seconds < 60 and abs(file.before().started - time()) < 60
    assert list(file.read()) == ["steps"]
    assert [path.name for path in file.path.parent.iterdir()] == ["key.checkpoint"]
    file.remove()
    file.remove()
    assert file.read() is None


def test_it_is_due_after_its_time_and_anew_after_each_state(file):
    file.read()
    assert not file.due
    sleep(0.06)
    assert file.due
    file.write(STATE)
    assert not file.due


def test_no_flip_or_cut_gets_a_wrong_state_gone_on_from(file, capfd):
    file.write(STATE)
    content = file.path.read_bytes()
    for place in range(0, len(content), 7):
        flipped = bytearray(content)
        flipped[place] ^= 1
        file.path.write_bytes(flipped)
        assert file.read() is None
        file.path.write_bytes(content[:place])
        assert file.read() is None
        assert file.before() is None
        said = f"{file.path} is damaged; its run is trained from its start.\n" * 2  # by read
        assert capfd.readouterr().err == said
    file.path.write_bytes(content)
    assert file.read() is not None


def test_a_state_that_cannot_be_kept_ends_nothing_and_is_told(file, capfd):
    file.path.parent.write_text("no folder")
    file.write(STATE)
    said = capfd.readouterr().err
    assert str(file.path) in said and said.endswith("training goes on without it.\n")
    assert not file.due
    assert file.read() is None
    assert "its run is trained from its start" in capfd.readouterr().err
    assert file.before() is None
    assert capfd.readouterr().err == ""


def test_a_run_that_goes_on_tells_when_it_was_begun_and_all_its_seconds(file, monkeypatch):
    clock = {"time": 1000.0, "monotonic": 50.0}
    for name in clock:
        monkeypatch.setattr(checkpoint_file, name, lambda name=name: clock[name])
    file.read()
    clock["monotonic"] += 100
    file.write(STATE)
    again = CheckpointFile(file.path)
    clock.update(time=5000.0, monotonic=7.0)
    again.read()
    clock["monotonic"] += 20
    again.write(STATE)
    assert again.before() == (1000.0, 120.0, "")
    assert CheckpointFile(file.path.with_name("other")).before() is None


def test_a_run_that_goes_on_tells_each_device_once_in_their_order(file):
    for device, told in [
        ("cuda", "cuda"),
        ("cpu", "cuda, cpu"),
        ("cuda", "cuda, cpu"),
        ("cuda:1", "cuda, cpu, cuda:1"),
    ]:
        one = CheckpointFile(file.path, device=device)
        one.read()
        one.write(STATE)
        assert one.before().device == told
        assert one.read().keys() == STATE.keys()


def test_what_is_told_is_read_without_the_state(file, monkeypatch):
    file.write(STATE)
    told = file.before()
    monkeypatch.setattr(checkpoint_file, "load", None)
    assert file.before() == told


def test_a_file_of_before_devices_were_kept_is_gone_on_from(file):
    told = {checkpoint_file.STARTED: np.array(1000.0), checkpoint_file.SECONDS: np.array(5.0)}
    arrays = save({**told, "steps": np.array(3)})
    file.path.parent.mkdir()
    file.path.write_bytes(hashlib.sha256(arrays).hexdigest().encode() + arrays)
    assert file.before() == (1000.0, 5.0, "")
    assert file.before().on("cpu") == "cpu"
    assert list(file.read()) == ["steps"]


def test_two_processes_on_one_run_keep_whole_states(tmp_path, capfd):
    file = CheckpointFile(tmp_path / "key.checkpoint")
    script = (
        "import sys; from pathlib import Path; import numpy as np\n"
        "from uphold.pipeline.checkpoint_file import CheckpointFile\n"
        "file = CheckpointFile(Path(sys.argv[1]))\n"
        "for _ in range(60): file.write({'x': np.zeros(100_000)})\n"
    )
    command = [sys.executable, "-c", script, str(file.path)]
    with subprocess.Popen(command) as one, subprocess.Popen(command) as other:
        assert one.wait() == other.wait() == 0
    assert capfd.readouterr().err == ""
    assert file.read()["x"].shape == (100_000,)
    assert [path.name for path in tmp_path.iterdir()] == ["key.checkpoint"]


def test_it_is_seen_where_the_journal_is(tmp_path):
    file = CheckpointFile(tmp_path / "journal" / "checkpoints" / "key.checkpoint")
    assert not file.seen
    (tmp_path / "journal").mkdir()
    assert file.seen
