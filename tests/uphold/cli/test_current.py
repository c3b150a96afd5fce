"""Only the stage that runs always may be about to run."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from uphold.cli import app, current
from uphold.errors import InputError
from uphold.pipeline.stage_graph import WITHOUT_GIT, opened

ALWAYS = "Running stage 'results/dvc.yaml:register':\n> uphold register\n"


@pytest.fixture
def dvc(monkeypatch):
    """Return a function that says what DVC answers."""

    def say(stdout: str, stderr: str = "", status: int = 0) -> None:
        def run(command, **options):
            assert command == ["dvc", "repro", "--allow-missing", "--dry", "--keep-going"]
            return subprocess.CompletedProcess(command, status, stdout, stderr)

        monkeypatch.setattr(current.subprocess, "run", run)

    return say


def ask():
    done = CliRunner().invoke(app, ["current"])
    return done.exit_code, done.stdout


def test_results_of_this_code(dvc, tmp_path, monkeypatch):
    monkeypatch.setattr(current, "ROOT", tmp_path)
    (tmp_path / "dvc.yaml").touch()
    dvc("Stage 'check@calls' didn't change, skipping\n" + ALWAYS)
    assert ask() == (0, "The committed results belong to this code.\n")


def test_a_stage_that_would_run_is_named(dvc):
    dvc(f"{ALWAYS}Running stage 'train@a':\n> uphold train a\n")
    status, answer = ask()
    assert status == 1
    assert answer.startswith("train@a would run.\nThe committed results are not those")
    assert "register" not in answer


@pytest.mark.parametrize(
    ("error", "stages"),
    [
        ("'train@a': [Errno 2] No such file or directory: 'data/calls'", ["train@a"]),
        ("stages: 'train@a', 'search@b' and 'prepare@c'", ["train@a", "search@b", "prepare@c"]),
    ],
)
def test_stages_that_would_run_are_named_where_their_data_are_missing(dvc, error, stages):
    missing = "WARNING: [Errno 2] No such file or directory: 'data/calls'\n"
    missing += "WARNING: Stages 'confirm@a' and 'evaluate@a' will be skipped due to this failure\n"
    dvc(ALWAYS, f"{missing}ERROR: failed to reproduce {error}\n", 255)
    status, answer = ask()
    assert status == 1
    assert answer.splitlines()[:-1] == [f"{stage} would run." for stage in stages]


def test_what_dvc_complains_of_is_told(dvc):
    dvc(ALWAYS, "ERROR: dvc.yaml is broken\n", 255)
    status, answer = ask()
    assert status == 1
    assert "dvc.yaml is broken" in answer


def test_replications_of_an_earlier_state_are_named(dvc, tmp_path, monkeypatch):
    monkeypatch.setattr(current, "ROOT", tmp_path)
    (tmp_path / "dvc.yaml").touch()
    for name, earlier in (("a", {"replication": {"earlier": 2}}), ("b", {}), ("c", {"claims": {}})):
        (tmp_path / "results" / name).mkdir(parents=True)
        (tmp_path / "results" / name / "findings.json").write_text(json.dumps(earlier))
    dvc(ALWAYS)
    assert ask() == (
        0,
        "The committed results belong to this code.\n"
        "a: 2 verdicts tried on fresh seeds in an earlier state: uphold replicate a\n",
    )


@pytest.mark.parametrize("here", ["3.67.1", "3.70.0"])
def test_the_version_of_dvc_is_that_of_the_locks(dvc, tmp_path, monkeypatch, here):
    monkeypatch.setattr(current, "ROOT", tmp_path)
    monkeypatch.setattr("importlib.metadata.version", lambda name: here)
    (tmp_path / "dvc.yaml").touch()
    (tmp_path / "requirements.lock").write_text("dill==1\ndvc==3.67.1\ndvc-data==3.18.3\n")
    dvc(ALWAYS)
    done = CliRunner().invoke(app, ["current"])
    if here == "3.67.1":
        assert done.exit_code == 0
        assert done.stdout.endswith("made with DVC 3.67.1, which is the one here.\n")
    else:
        assert done.exit_code != 0
        assert "DVC 3.70.0 is installed, and the locks were made with 3.67.1" in str(done.exception)


def test_a_downloaded_archive_is_told_what_to_do_and_not_that_results_are_stale(dvc):
    dvc("", "ERROR: /somewhere is not a git repository\n", 253)
    done = CliRunner().invoke(app, ["current"])
    assert isinstance(done.exception, InputError)
    assert str(done.exception) == WITHOUT_GIT and "git init" in WITHOUT_GIT


def test_dvc_says_so_in_these_words(tmp_path):
    (tmp_path / ".dvc").mkdir()
    (tmp_path / "dvc.yaml").write_text("stages: {}\n", "utf-8")
    with pytest.raises(InputError, match="git init"), opened(tmp_path):
        pass


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
@pytest.mark.parametrize("target", ["all", "check", "test"])
def test_make_says_it_before_it_installs_anything(tmp_path, target):
    shutil.copy(Path(__file__).parents[3] / "Makefile", tmp_path)
    done = subprocess.run(["make", target], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode and WITHOUT_GIT in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["Makefile"]
