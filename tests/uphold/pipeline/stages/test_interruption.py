"""An interrupted and resumed sweep publishes, byte for byte, what an uninterrupted one does."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("interruption.py")


@pytest.fixture
def folder(tmp_path):
    """A folder in memory where there is one: thousands of flushes to a real disk take a minute."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=memory) as made:
        yield Path(made)


def interrupted(kind: str, how: str, folder: Path) -> dict[str, int]:
    command = [sys.executable, str(SCRIPT), kind, how, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("how", ["kill", "full"])
def test_a_sweep_interrupted_at_any_step_on_disk_resumes_to_the_same_bytes(how, folder):
    found = interrupted("train", how, folder)
    assert found["outputs"] == 4
    # Four runs of two files each: opened, written, flushed, closed; folders made, renamed, flushed.
    assert found["steps"] > 4 * 2 * 4
    assert found["different"] == 0


@pytest.mark.parametrize("how", ["kill", "full"])
def test_an_evaluation_interrupted_at_any_step_on_disk_gives_the_same_bytes(how, folder):
    found = interrupted("evaluate", how, folder)
    # Beside what the sweep published: scores, curves, confusions, items, promotion, promoted
    # settings, each opened, written, flushed, closed, replaced, its partial name unlinked.
    assert found["outputs"] == 4 + 6
    assert found["steps"] >= 6 * 6
    assert found["different"] == 0


def test_a_naive_append_only_twin_does_not(folder):
    assert interrupted("naive", "kill", folder)["different"] > 0
