"""The command line's exit statuses, and the one line that goes with each."""

import contextlib
import errno
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest

from uphold import cli
from uphold.pipeline.journal import Journal
from uphold.pipeline.params import load
from uphold.training.contract import Result

ROOT = Path(__file__).parents[2]
PAGE = "reports/calls-stage2.qmd"
HOLDER = """
import sys
from importlib.metadata import version
from pathlib import Path
from uphold.pipeline.journal import Journal
with Journal(Path(".uphold/journal/calls")).lock("calls-augmentation"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def project(tmp_path):
    """Return a folder that holds what the first sweep is read from, and data of a kind."""
    for name in ("params.yaml", "params/calls.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    (tmp_path / "data" / "calls").mkdir(parents=True)
    (tmp_path / "data" / "calls" / "features").write_bytes(b"prepared")
    (tmp_path / "data" / "calls" / "card.json").write_text("{}")
    for beside in (PAGE, *(f"results/calls-stage2/{of}.json" for of in ("replication", "larger"))):
        (tmp_path / beside).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / beside).write_text("{}")
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
    ("arguments", "answer"),
    [
        (
            ("evaluate", "calls-balancin"),
            "error: params.yaml: there is no sweep 'calls-balancin'. "
            "Did you mean 'calls-balancing'?\n",
        ),
        (
            ("evaluat", "calls-balancing"),
            "error: There is no verb 'evaluat'. Did you mean 'evaluate'? See uphold --help.\n",
        ),
        (
            ("journal", "prune", "cals"),
            "error: params.yaml: there is no study 'cals'. Did you mean 'calls'?\n",
        ),
    ],
)
def test_what_a_user_can_mend_is_told_in_one_line(project, arguments, answer):
    done = studies(project, *arguments)
    assert (done.returncode, done.stderr) == (2, answer)


def test_the_version_is_told(project):
    done = studies(project, "--version")
    assert (done.returncode, done.stdout) == (0, f"uphold {version('uphold')}\n")


def test_a_renderer_that_does_not_exist_is_refused(project):
    done = studies(project, "render", "calls-stage2", "--renderer", "foo")
    assert done.returncode == 2
    assert "renderer" in done.stderr
    assert "foo" in done.stderr
    assert all(name in done.stderr for name in ("auto", "quarto", "embedded"))


def test_a_dry_run_takes_no_lock_and_writes_nothing(project):
    before = sorted(project.rglob("*"))
    done = studies(project, "train", "calls-augmentation", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("calls-augmentation: ")
    assert done.stdout.endswith("to be trained; no times known yet\n")
    assert sorted(project.rglob("*")) == before


def test_a_missing_page_is_named_by_a_dry_run(project):
    (project / PAGE).unlink()
    done = studies(project, "train", "calls-augmentation", "--dry-run")
    assert done.returncode == 2
    assert done.stderr.startswith(f"error: {PAGE} is missing, the page of the write-up")
    assert not (project / ".uphold").exists()


def test_finished_runs_are_sent_to_the_shared_journal(project):
    journal = Journal.of(load(project), "calls")
    result = Result({}, {"epoch": np.array([1])})
    journal.put("one", result, settings={}, seed=1, seconds=1.0, device="cpu")
    done = studies(project, "journal", "share")
    assert (done.returncode, done.stdout) == (2, "")
    assert "names no shared journal" in done.stderr
    file = project / "params.yaml"
    file.write_text(file.read_text() + "\nshared_journal: team\n")
    done = studies(project, "journal", "share", "calls")
    assert done.returncode == 2 and "is the disk mounted" in done.stderr
    (project / "team").mkdir()
    assert "calls: 1 run sent to team\n" in studies(project, "journal", "share").stdout
    assert studies(project, "journal", "share", "calls").stdout == "calls: 0 runs sent to team\n"
    assert f"calls: 1 run in {project / 'team'}\n" in studies(project, "journal", "list").stdout
    assert studies(project, "journal", "check").returncode == 0


def test_the_journal_s_check_names_what_is_damaged(project):
    journal = Journal.of(load(project), "calls")
    for key in ("one", "two"):
        result = Result({}, {"epoch": np.array([1])}, weights={"w": np.ones(3)})
        journal.put(key, result, settings={}, seed=1, seconds=1.0, device="cpu")
    done = studies(project, "journal", "check")
    assert (done.returncode, done.stderr) == (0, "")
    assert "calls: 2 finished runs, 0 damaged\n" in done.stdout
    assert (
        f"calls: 2 finished runs in {journal.folder}\n"
        in studies(project, "journal", "list").stdout
    )
    flipped = journal.folder / "runs" / "two" / "weights.safetensors"
    content = bytearray(flipped.read_bytes())
    content[-1] ^= 1
    flipped.write_bytes(content)
    (journal.folder / "runs" / "three").write_text("a note")
    done = studies(project, "journal", "check", "calls")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == (
        "calls: three: it is no folder\n"
        "calls: two: weights.safetensors is not as SHA256SUMS says\n"
        "calls: 1 finished run, 2 damaged\n"
    )
    listed = f"calls: 1 finished run in {journal.folder}, 2 damaged: uphold journal check calls\n"
    assert listed in studies(project, "journal", "list").stdout
    journal.checkpoint("four").write({"steps": np.array(1)})
    begun = f"calls: 1 finished run and 1 begun in {journal.folder}, 2 damaged"
    assert begun in studies(project, "journal", "list").stdout
    assert studies(project, "journal", "check", "radio").returncode == 0
    assert studies(project, "journal", "check", "cals").returncode == 2


def saying_what_is_imported(command, folder, *libraries):
    """Run a command in a process of its own, which prints those of some libraries that it took."""
    program = (
        "import sys; from uphold.cli import main\n"
        f"sys.argv = 'uphold {command}'.split()\n"
        "try: main()\n"
        f"finally: print(*{set(libraries)}.intersection(sys.modules))\n"
    )
    return subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "verb", ["train", "evaluate", "confirm", "search", "analyze", "replicate", "decide"]
)
def test_a_name_that_there_is_not_is_told_before_large_libraries_are_imported(project, verb):
    done = saying_what_is_imported(f"{verb} nope", project, "torch", "pandas", "scipy", "dvc")
    assert done.returncode == 2
    assert "there is no" in done.stderr and "'nope'" in done.stderr
    assert done.stdout.strip() == ""


@pytest.mark.parametrize("verb", ["report", "audit", "propose", "gate"])
def test_a_log_that_is_not_there_is_told_before_large_libraries_are_imported(tmp_path, verb):
    (tmp_path / "spec.yaml").touch()
    more = {
        "propose": "",
        "gate": "--baseline a --candidate b --margin 1",
    }.get(verb, "--spec spec.yaml")
    done = saying_what_is_imported(f"{verb} nope.csv {more}", tmp_path, "numpy", "pandas", "scipy")
    assert done.returncode == 2
    assert done.stderr == "error: nope.csv cannot be read: No such file or directory.\n"
    assert done.stdout.strip() == ""


FULL = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (int({size}),) * 2)
from uphold.cli import main
main()
"""


@pytest.mark.parametrize("study", ["multitask", "radio", "speech", "calls"])
@pytest.mark.parametrize("size", [0, 5_000])
def test_a_disk_that_takes_no_more_is_one_message_that_names_the_place(tmp_path, study, size):
    """A limit of a file's size stands in for a full disk: both are told as files are written."""
    for name in ("params.yaml", f"params/{study}.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        text = (ROOT / name).read_text("utf-8")
        (tmp_path / name).write_text(re.sub(r"^scale: \w+", "scale: smoke", text, flags=re.M))
    command = [sys.executable, "-c", FULL.format(size=size), "prepare", study]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr and done.stderr.count("\n") == 1
    assert done.stderr.startswith(f"error: data/{study}: File too large. Make room there")
    assert not any((tmp_path / "data").iterdir())


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.EINTR, "Interrupted system call", "out/a.csv"), "out/a.csv: Interrupted"),
        (
            shutil.Error([("from/b", "to/b", "[Errno 28] No space left")]),
            "to/b: [Errno 28] No space",
        ),
    ],
)
def test_whatever_a_disk_refuses_is_one_message_that_names_the_place(
    tmp_path, monkeypatch, capsys, error, told
):
    def refused():
        raise error

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli, "app", refused)
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith(f"error: {told}") and said.count("\n") == 1
