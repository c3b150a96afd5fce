"""The commands of the guides do what they say, as they stand there, and the guides stay short."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from uphold.claims.spec import Spec
from uphold.pages.guide import EXAMPLE
from uphold.runlog.importers import NAMES
from uphold.scaffold import repository

from .stage_alone import alone, block, run
from .uphold.training.executors import sweeps
from .uphold.training.executors.test_contract import MISSING

ROOT = Path(__file__).parents[1]
KEPT = ROOT / "tests" / "uphold" / "runlog" / "importers" / "kept"
REPORT = {"report.html", "report.pdf", "findings.json", "tables"}
OPEN = 360
"""So many words of a guide stand open at most, so that it is one screen; the rest folds."""


def text_of(guide: str) -> str:
    return (ROOT / "reports" / f"guide-{guide}.qmd").read_text("utf-8")


def blocks(guide: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text_of(guide), re.S)


def shell(script: str, folder: Path, **variables: str) -> subprocess.CompletedProcess:
    """Run lines of a shell with this Python's uphold and dvc in front."""
    place = folder.with_name(f"{folder.name}-bin")
    place.mkdir(exist_ok=True)
    for name in ("uphold", "dvc"):
        (place / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" -m {name} "$@"\n')
        (place / name).chmod(0o755)
    path = os.pathsep.join([str(place), os.environ["PATH"]])
    return subprocess.run(
        ["bash", "-c", script], cwd=folder, env=os.environ | {"PATH": path} | variables,
        capture_output=True, text=True,
    )  # fmt: skip


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """The folder that a reader is told to try the commands in."""
    return shutil.copytree(ROOT / EXAMPLE, tmp_path / "example")


def test_a_table_becomes_a_report_and_its_claim_is_judged(example):
    (example / "spec.yaml").unlink()
    propose, audit, report = blocks("run-log", "bash")[0].splitlines()
    done = shell(f"set -e\n{propose}", example)
    assert done.returncode == 0, done.stderr
    claim = next(text for text in blocks("run-log", "yaml") if text.startswith("claims:"))
    spec = yaml.safe_load((example / "spec.yaml").read_text()) | yaml.safe_load(claim)
    (example / "spec.yaml").write_text(yaml.safe_dump(spec))
    done = shell(f"set -e\n{audit}\n{report}", example)
    assert done.returncode == 0, done.stderr
    assert "1 claim (1 supported)" in done.stdout
    assert {path.name for path in (example / "report").iterdir()} >= REPORT


@pytest.mark.parametrize(
    ("kept", "called"),
    [
        ("wandb_runs/0.31", "wandb"),
        ("mlflow_runs/mlruns2", "mlruns"),
        ("optuna_runs/*.db", "optuna.db"),
    ],
)
def test_what_a_tracker_kept_becomes_a_report(tmp_path, kept, called):
    (place, *_) = sorted(KEPT.glob(kept))
    (shutil.copytree if place.is_dir() else shutil.copy)(place, tmp_path / called)
    (commands,) = [text for text in blocks("run-log", "bash") if f" {called} " in text]
    assert len(commands.splitlines()) == 2
    done = shell(f"set -e\n{commands}", tmp_path)
    assert done.returncode == 0, done.stderr
    assert {path.name for path in (tmp_path / "report").iterdir()} >= REPORT


def test_the_keys_of_the_guide_are_those_of_a_spec():
    for text in blocks("run-log", "yaml"):
        assert set(yaml.safe_load(text)) <= set(Spec.model_fields)


def test_the_guide_names_each_tracker_that_is_read():
    table = re.sub(r"[ -]", "", text_of("run-log").lower().replace("w&b", "wandb"))
    for name in NAMES:
        tracker = name.removesuffix("_runs").removesuffix("_experiments").removesuffix("_csv")
        assert re.search(rf"\|[^|]*(\|[^|]*)?\b{tracker.replace('_', '')}", table), name


def test_the_gate_answers_as_the_guide_says(example):
    done = shell(blocks("gate", "bash")[0], example)
    assert done.returncode == 0 and done.stdout.startswith("keep b2c3d4e"), done.stderr


@pytest.mark.parametrize(("new", "ends"), [("b2c3d4e", "b2c3d4e"), ("zzz", "a1b2c3d")])
def test_the_loop_of_the_guide_ends(example, new, ends):
    head = (
        f"BASE=a1b2c3d; NEW={new}\ngit() {{ :; }}\n"
        "train_once() { printf 'zzz\\t1.%03d\\tok\\tit gains nothing\\n' $((RANDOM % 9)); }\n"
    )
    done = shell(head + blocks("gate", "bash")[1] + 'echo "$BASE"', example)
    assert done.stdout.split()[-1] == ends, done.stderr


@pytest.fixture
def wings(tmp_path: Path, monkeypatch) -> Path:
    """A repository that was just laid out."""
    monkeypatch.setattr(repository, "distribution", lambda name: SimpleNamespace(
        version="1", read_text=lambda name: None
    ))  # fmt: skip
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "somebody")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "somebody@example.org")
    folder = tmp_path / "mine"
    repository.lay_out_repository(folder, "wings")
    return folder


def sources_of(folder: Path) -> str:
    return os.pathsep.join([str(folder / "src"), str(ROOT / "src")])


def test_a_program_becomes_a_page(wings):
    """By what the guide says, as it stands there."""
    folder, sources = wings, sources_of(wings)
    shutil.copytree(ROOT / "examples" / "digits", folder / "programs" / "digits")
    new, repro = re.split(r"^(?=dvc )", blocks("program", "bash")[0], flags=re.M)
    made = shell(new, folder, PYTHONPATH=sources)
    assert made.returncode == 0, made.stderr
    git = "git add -A && git commit -qm 'A program' && dvc config core.analytics false"
    done = shell(f"{git} && {repro}", folder, PYTHONPATH=sources)
    assert done.returncode == 0, done.stdout + done.stderr
    page = (folder / "reports" / "_site" / "digits.html").read_text("utf-8")
    assert "what train.py reads" in page
    assert "20 runs" in page
    done = shell(f"set -e\n{blocks('program', 'bash')[1]}", folder, PYTHONPATH=sources)
    assert done.returncode == 0, done.stderr
    assert "20 in the journal, 0 to be trained" in done.stdout
    assert "20 runs published, 0 trained, 0 failed" in done.stdout
    assert "params/digits.yaml" in done.stdout


def test_a_cluster_is_begun_as_the_guide_says():
    if importlib.util.find_spec("ray") is None:
        pytest.skip(MISSING["ray"])
    found = [line.partition("#")[0].split() for line in blocks("cluster", "bash")[0].splitlines()]
    assert [words[:2] for words in found] == [["ray", "start"]] * 2
    start = [sys.executable, "-m", "ray.scripts.scripts", "start", "--help"]
    known = subprocess.run(start, capture_output=True, text=True, check=True).stdout
    assert {word for words in found for word in words if word.startswith("--")} <= set(
        re.findall(r"--[a-z-]+", known)
    )


def test_a_sweep_goes_to_a_cluster_and_its_results_to_everybody(wings, tmp_path, monkeypatch):
    if importlib.util.find_spec("ray") is None:
        pytest.skip(MISSING["ray"])
    (sweep,) = yaml.safe_load((wings / "params.yaml").read_text("utf-8"))["sweeps"]
    known = {"PYTHONPATH": sources_of(wings), "SWEEP": sweep}
    train, share = (blocks("cluster", "bash")[number] for number in (1, 2))
    done = shell("uphold prepare wings && dvc config core.analytics false", wings, **known)
    assert done.returncode == 0, done.stderr
    with sweeps.ray_cluster(monkeypatch, []) as cluster:
        for _ in range(2):
            sweeps.node_of(cluster)
        done = shell(f"set -e\n{train}", wings, HEAD=cluster.address, **known)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r" [1-9]\d* trained, 0 failed", done.stdout)
    assert re.search(r"published, 0 trained, 0 failed", done.stdout)
    git = "git add -A && git commit -qm 'As made'"
    place = {"PLACE": str(tmp_path / "place"), "REPOSITORY": str(wings)}
    done = shell(f"set -e\n{git}\n{share}", wings, **place, **known)
    assert done.returncode == 0, done.stdout + done.stderr
    another = wings / "another"
    assert (another / "reports" / "_site" / "wings.html").is_file()
    assert not (another / ".uphold").exists()


def test_finished_runs_go_where_the_guide_says(wings, tmp_path):
    named = yaml.safe_load(blocks("cluster", "yaml")[0])
    (name,) = named
    (tmp_path / "team").mkdir()
    params = wings / "params.yaml"
    before = params.read_text("utf-8")
    params.write_text(before + yaml.safe_dump({name: str(tmp_path / "team")}))
    (sweep,) = yaml.safe_load(before)["sweeps"]
    known = {"PYTHONPATH": sources_of(wings), "SWEEP": sweep}
    train = 'uphold prepare wings && uphold train "$SWEEP"'
    done = shell(train, wings, **known)
    assert done.returncode == 0, done.stderr
    trained = int(re.search(r"published, (\d+) trained", done.stdout)[1])
    sent = list((tmp_path / "team").rglob("*.zip"))
    assert len(sent) == trained > 0
    sent[0].unlink()
    done = shell(blocks("cluster", "bash")[3], wings, **known)
    assert done.stdout == f"wings: 1 run sent to {tmp_path / 'team'}\n", done.stderr
    shutil.rmtree(wings / ".uphold")
    shutil.rmtree(wings / "results", ignore_errors=True)
    done = shell(train, wings, **known)
    assert f"{trained} of them just fetched" in done.stdout, done.stderr
    assert ", 0 trained, 0 failed" in done.stdout


@pytest.mark.parametrize("guide", block("guide")["foreach"])
def test_a_guide_is_made_alone_and_is_short(tmp_path, guide):
    stage = f"guide@{guide}"
    folder = alone(stage, tmp_path / "alone")
    for beside in (ROOT / "reports").glob("*.qmd"):  # that documents are there, not what they say
        (folder / "reports" / beside.name).touch()
    assert sorted(run(stage, folder, tmp_path / "hook", "--renderer", "embedded")) == []
    page = (folder / "reports" / "_site" / f"guide-{guide}.html").read_text()
    shown = re.sub(r"<(details|style|script|svg)\b.*?</\1>|<[^>]+>", " ", page, flags=re.S)
    assert 100 < len(shown.split()) < OPEN
