"""``uphold make``: the pages of a repository, by ``make``, ``make page=…``, and after a failure."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

PARAMS = """\
scale: quick
journal: .uphold/journal
studies:
  calls: {path: data}
searches: {}
sweeps:
  quick: {study: calls, writeup: one, after: none}
  slow: {study: calls, writeup: two, after: none}
writeups:
  one: {study: calls, title: One}
  two: {study: calls, title: Two}
"""
PIPELINE = """\
stages:
  train:
    foreach: [quick, slow]
    do:
      cmd: cat ${item}.txt > ${item}.made
      deps: ["${item}.txt"]
      outs: ["${item}.made"]
  report:
    foreach: {one: quick, two: slow}
    do:
      cmd: cp ${item}.made reports/_site/${key}.html
      deps: ["${item}.made"]
      outs: ["reports/_site/${key}.html"]
  index:
    cmd: echo index > reports/_site/index.html
    outs: [reports/_site/index.html]
  own:
    cmd: echo own > own.txt
    outs: [own.txt]
"""
SECONDS = {"train@quick": 200, "train@slow": 30, "report@one": 5, "report@two": 5, "index": 5}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with two write-ups, whose stages are commands of a shell, and its Makefile."""
    (tmp_path / "params.yaml").write_text(PARAMS)
    (tmp_path / "dvc.yaml").write_text(PIPELINE)
    for sweep in ("quick", "slow"):
        (tmp_path / f"{sweep}.txt").write_text(f"{sweep}\n")
    (tmp_path / "reports" / "_site").mkdir(parents=True)
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "seconds.json").write_text(json.dumps({"quick": SECONDS}))
    for command in (["git", "init", "-q"], ["dvc", "init", "-q"]):
        subprocess.run(command, cwd=tmp_path, check=True, env=environment())
    return tmp_path


def environment() -> dict[str, str]:
    """Return an environment in which ``uphold`` is the code of this repository."""
    return {**os.environ, "PYTHONPATH": str(ROOT / "src"), "DVC_NO_ANALYTICS": "1"}


def uphold(folder: Path, *arguments: str) -> tuple[int, list[str]]:
    """Run the command line in a repository; return its exit status and what it prints."""
    command = [sys.executable, "-m", "uphold", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment())
    return done.returncode, (done.stdout + done.stderr).splitlines()


def test_the_quickest_page_comes_first_and_then_what_makes_no_page(repository):
    status, lines = uphold(repository, "make")
    assert status == 0
    assert lines[:2] == ["To be made, about 4 minutes: two, one, index.", "train@slow, about 30 s"]
    told = [line.partition(":")[0] for line in lines if " is finished: " in line]
    assert told == ["two is finished", "one is finished", "index is finished"]
    assert lines[-1].startswith("own") and (repository / "own.txt").is_file()
    kept = json.loads((repository / ".uphold" / "seconds.json").read_text())
    assert set(kept["quick"]) == {*SECONDS, "own"} and max(kept["quick"].values()) < 10
    _, again = uphold(repository, "make")
    assert again == [
        f"{page} is up to date: reports/_site/{page}.html." for page in ("one", "two", "index")
    ]
    command = ["dvc", "status", "-q"]
    assert subprocess.run(command, cwd=repository, env=environment()).returncode == 0


def test_a_page_of_the_embedded_renderer_is_made_again_once_quarto_is_there(
    repository, monkeypatch
):
    monkeypatch.setenv("QUARTO_PATH", "none")  # on no search path
    embedded = repository / "embedded.html"
    embedded.write_text('<meta name="generator" content="uphold">')
    made = PIPELINE.replace("cp ${item}.made reports", "cat embedded.html > reports")
    (repository / "dvc.yaml").write_text(made)
    assert uphold(repository, "make")[0] == 0
    assert "one is up to date: reports/_site/one.html." in uphold(repository, "make")[1]
    program = repository / "quarto"
    program.write_text("#!/bin/sh\necho 1.9.38\n")
    program.chmod(0o755)
    monkeypatch.setenv("QUARTO_PATH", str(program))
    embedded.write_text('<meta name="generator" content="quarto-1.9.38">')
    assert "one is finished: reports/_site/one.html." in uphold(repository, "make", "one")[1]
    assert "quarto" in (repository / "reports" / "_site" / "one.html").read_text()
    assert (repository / "reports" / "_site" / "two.html").read_text().count("uphold") == 1
    status, lines = uphold(repository, "make")
    assert status == 0
    assert sorted(line.partition(":")[0] for line in lines if " is " in line) == [
        "index is up to date",
        "one is up to date",
        "two is finished",
    ]
    assert not [line for line in uphold(repository, "make")[1] if "finished" in line]


def test_one_page_is_made_alone(repository):
    status, lines = uphold(repository, "make", "one")
    assert status == 0 and "one is finished: reports/_site/one.html." in lines
    assert not (repository / "slow.made").exists() and not (repository / "own.txt").exists()
    status, lines = uphold(repository, "make", "on")
    assert (status, lines) == (2, ["error: There is no page 'on'. Did you mean 'one'?"])


def test_a_write_up_that_fails_keeps_no_other_back(repository):
    (repository / "slow.txt").unlink()
    status, lines = uphold(repository, "make")
    assert status == 1
    assert [line for line in lines if line.startswith("two cannot be made: train@slow failed.")]
    assert "one is finished: reports/_site/one.html. 1 left" in "\n".join(lines)
    assert (repository / "own.txt").is_file()


def test_make_takes_up_what_was_interrupted(repository):
    text = (repository / "dvc.yaml").read_text()
    waits = text.replace("cmd: cat ", "cmd: touch ${item}.begun; sleep 20; cat ")
    (repository / "dvc.yaml").write_text(waits)
    command = [sys.executable, "-m", "uphold", "make", "one"]
    process = subprocess.Popen(
        command,
        cwd=repository,
        env=environment(),
        start_new_session=True,
        stderr=subprocess.PIPE,
        # Tests that run in the background ignore Ctrl-C, and hand that on.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    while not (repository / "quick.begun").exists():
        assert process.poll() is None
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)  # as Ctrl-C does
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130 and b"interrupted" in told
    assert not (repository / "dvc.lock").exists()
    (repository / "dvc.yaml").write_text(text)
    status, lines = uphold(repository, "make", "one")
    assert status == 0 and "one is finished: reports/_site/one.html." in lines


@pytest.mark.parametrize("makefile", ["Makefile", "src/uphold/scaffold/template/Makefile"])
def test_the_makefile_asks_for_all_pages_or_for_one(makefile, tmp_path):
    shutil.copy(ROOT / makefile, tmp_path / "Makefile")
    for name in ("requirements.lock", "requirements.txt", "pyproject.toml"):
        (tmp_path / name).touch()
    for arguments, asked in (
        ([], "uphold make"),
        (["page=calls-stage2"], "uphold make calls-stage2"),
    ):
        command = ["make", "--dry-run", *arguments]
        # A make that runs the tests says so in these, and its child would tell its folders.
        own = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
        done = subprocess.run(
            command, cwd=tmp_path, env=own, capture_output=True, text=True, check=True
        )
        assert done.stdout.splitlines()[-1].strip() == asked
