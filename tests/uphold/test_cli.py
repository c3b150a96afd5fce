"""The command line's exit statuses, and the one line that goes with each."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOLDER = """
import sys
from pathlib import Path
from uphold.pipeline.journal import Journal
with Journal.of(Path(), ".uphold/journal", "calls").lock("calls-augmentation"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def project(tmp_path):
    """Return a folder that holds what the first sweep is read from, and no data."""
    for name in ("params.yaml", "params/calls.yaml", "results/promoted/none.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    return tmp_path


def studies(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "uphold", *arguments],
        cwd=folder,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@contextlib.contextmanager
def another_process(folder: Path):
    """Hold the lock of ``calls-augmentation`` in a process of its own; yield its number."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout.readline() == "held\n"
        yield holder.pid
        holder.stdin.close()


def test_a_sweep_that_another_process_trains_is_busy_and_its_holder_named(project):
    with another_process(project) as holder:
        done = studies(project, "train", "calls-augmentation", "--no-wait")
    assert done.returncode == 75, done.stderr
    assert done.stderr.startswith(
        f"busy: calls-augmentation is being trained by process {holder} on "
    )
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ("evaluate", "calls-balancin"),
            "error: params.yaml: there is no sweep 'calls-balancin'. "
            "Did you mean 'calls-balancing'?\n",
        ),
        (
            ("journal", "prune", "cals"),
            "error: params.yaml: there is no study 'cals'. Did you mean 'calls'?\n",
        ),
    ],
)
def test_what_a_user_can_mend_is_told_in_one_line(project, arguments, told):
    done = studies(project, *arguments)
    assert (done.returncode, done.stderr) == (2, told)


def test_a_renderer_that_does_not_exist_is_refused(project):
    done = studies(project, "render", "calls-stage2", "--renderer", "foo")
    assert done.returncode == 2
    assert "renderer" in done.stderr
    assert "foo" in done.stderr
    assert all(name in done.stderr for name in ("auto", "quarto", "embedded"))
