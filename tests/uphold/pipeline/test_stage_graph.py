"""Stages run as DVC runs them: the same outputs, the same lock; failures and Ctrl-C end them."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from uphold.errors import InputError
from uphold.pipeline.stage_graph import StageFailed, opened

# Of a library below DVC, in DVC's use of it.
pytestmark = pytest.mark.filterwarnings("ignore:_NoneStep.value:DeprecationWarning")

PIPELINE = """\
stages:
  read:
    cmd: cp given.txt made.txt
    deps: [given.txt]
    outs: [made.txt]
  write:
    foreach: [a, b]
    do:
      cmd: cat made.txt settings.yaml > ${item}.txt
      deps: [made.txt]
      params:
        - settings.yaml:
            - size
      outs:
        - ${item}.txt:
            cache: false
  fails:
    cmd: "false"
    outs: [never.txt]
  stops:
    cmd: kill -INT $$
    outs: [stopped.txt]
  tells:
    cmd: exit 130
    outs: [told.txt]
  asks:
    cmd: echo asked > asked.txt
    always_changed: true
    outs: [asked.txt]
"""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose stages are commands of a shell; the working directory."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dvc.yaml").write_text(PIPELINE)
    (tmp_path / "given.txt").write_text("given\n")
    (tmp_path / "settings.yaml").write_text("size: 3\n")
    for command in (["git", "init", "-q"], ["dvc", "init", "-q"]):
        subprocess.run(command, cwd=tmp_path, check=True, env=quiet())
    return tmp_path


def quiet() -> dict[str, str]:
    """Return an environment in which DVC reports nothing to anyone."""
    return {**os.environ, "DVC_NO_ANALYTICS": "1"}


def dvc(folder: Path, *arguments: str) -> str:
    """Run DVC; return what it prints."""
    command = ["dvc", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=quiet())
    return done.stdout + done.stderr


def test_stages_leave_what_dvc_leaves(repository):
    with opened(repository) as stages:
        assert stages.needs["write@a"] == ["read"]
        for stage in ("read", "write@a", "write@b"):
            assert stages.out_of_date(stage)
            stages.run(stage)
            assert not stages.out_of_date(stage)
        assert stages.always("asks") and not stages.always("read")
    lock = (repository / "dvc.lock").read_bytes()
    assert (repository / "a.txt").read_text() == "given\nsize: 3\n"
    assert "didn't change, skipping" in dvc(repository, "repro", "write@a", "write@b")
    dvc(repository, "repro", "--force", "write@a", "write@b")
    assert (repository / "dvc.lock").read_bytes() == lock


def test_a_stage_that_is_to_run_again_runs_once_and_takes_nothing_from_the_cache_of_runs(
    repository,
):
    random = "cat given.txt /proc/sys/kernel/random/uuid > made.txt"
    (repository / "dvc.yaml").write_text(PIPELINE.replace("cp given.txt made.txt", random))
    with opened(repository) as stages:
        stages.run("read")
        before = (repository / "made.txt").read_text()
        assert not stages.out_of_date("read")
        stages.again.add("read")
        assert stages.out_of_date("read")
        stages.run("read")
        assert (repository / "made.txt").read_text() != before
        assert not stages.out_of_date("read")
    assert "up to date" in dvc(repository, "status", "read")


def test_what_changes_makes_out_of_date_what_reads_it(repository):
    dvc(repository, "repro", "write@a", "write@b")
    (repository / "settings.yaml").write_text("size: 4\n")
    with opened(repository) as stages:
        assert not stages.out_of_date("read") and stages.out_of_date("write@b")


def test_a_command_that_fails_is_named(repository):
    with opened(repository) as stages, pytest.raises(StageFailed, match=r"^fails: failed to run"):
        stages.run("fails")
    assert not (repository / "dvc.lock").exists()


@pytest.mark.parametrize("stage", ["stops", "tells"])
def test_a_command_that_was_interrupted_interrupts(repository, stage):
    # A background job of a script has Ctrl-C ignored, and its commands would inherit that.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt), opened(repository) as stages:
            stages.run(stage)
    finally:
        signal.signal(signal.SIGINT, before)
    assert not (repository / "dvc.lock").exists()


def test_other_commands_of_dvc_are_kept_out_meanwhile(repository):
    with opened(repository):
        assert "Unable to acquire lock" in dvc(repository, "repro", "read")


def test_what_dvc_cannot_read_is_told(repository, tmp_path):
    (repository / "dvc.yaml").write_text("stages: [\n")
    with pytest.raises(InputError, match=r"^DVC: .*dvc\.yaml"), opened(repository):
        pass
    with pytest.raises(InputError, match=r"no dvc\.yaml here"), opened(tmp_path / "elsewhere"):
        pass
