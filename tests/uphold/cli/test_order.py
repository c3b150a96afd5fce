"""Each verb, run before the one that makes what it reads: the file is named, and what makes it."""

import shutil
import sys
from pathlib import Path

import pytest

from uphold.cli import STAGES, main

ROOT = Path(__file__).parents[3]
SWEEP = "results/calls-stage2/sweeps/calls-augmentation"
DATA = "data/calls/card.json"
TRAINED = [f"{SWEEP}/{name}" for name in ("design.json", "runs.csv", "predictions.safetensors")]

BEFORE = {
    "train before prepare": (
        "train calls-augmentation",
        [],
        f"{DATA} is missing: run dvc repro prepare@calls first.",
    ),
    "train of a sweep before the one that it comes after": (
        "train calls-robustness-promoted",
        [DATA],
        "results/promoted/calls-augmentation.json is missing: "
        "run dvc repro evaluate@calls-augmentation first.",
    ),
    "search before prepare": (
        "search calls-search",
        [],
        f"{DATA} is missing: run dvc repro prepare@calls first.",
    ),
    "a dry run of a search before prepare": (
        "search calls-search --dry-run",
        [],
        f"{DATA} is missing: run dvc repro prepare@calls first.",
    ),
    "train of finalists before the search": (
        "train calls-autotune",
        [DATA],
        "results/promoted/calls-search.json is missing: run dvc repro search@calls-search first.",
    ),
    "a dry run before prepare": (
        "train calls-augmentation --dry-run",
        [],
        f"{DATA} is missing: run dvc repro prepare@calls first.",
    ),
    "pruning before prepare": (
        "journal prune calls",
        [],
        f"{DATA} is missing: run dvc repro prepare@calls first.",
    ),
    "evaluate before prepare": (
        "evaluate calls-augmentation",
        TRAINED,
        f"{DATA} is missing: run dvc repro prepare@calls first.",
    ),
    "evaluate before train": (
        "evaluate calls-augmentation",
        [DATA],
        f"{TRAINED[1]} is missing: run dvc repro train@calls-augmentation first.",
    ),
    "evaluate without predictions": (
        "evaluate calls-augmentation",
        [DATA, *TRAINED[:2]],
        f"{TRAINED[2]} is missing: run dvc repro train@calls-augmentation first.",
    ),
    "confirm before evaluate": (
        "confirm calls-augmentation",
        [DATA, *TRAINED],
        f"{SWEEP}/promotion.json is missing: run dvc repro evaluate@calls-augmentation first.",
    ),
    "replicate before evaluate": (
        "replicate calls-stage2",
        [DATA, *TRAINED],
        f"{SWEEP}/scores.csv is missing: run dvc repro evaluate@calls-augmentation first.",
    ),
    "analyze before prepare": (
        "analyze calls-stage2",
        [],
        f"{DATA} is missing: run dvc repro prepare@calls first.",
    ),
    "analyze before train": (
        "analyze calls-stage2",
        [DATA],
        f"{TRAINED[0]} is missing: run dvc repro train@calls-augmentation first.",
    ),
    "analyze before evaluate": (
        "analyze calls-stage2",
        [DATA, *TRAINED],
        f"{SWEEP}/scores.csv is missing: run dvc repro evaluate@calls-augmentation first.",
    ),
    "render before analyze": (
        "render calls-stage2 --renderer embedded",
        [DATA, *TRAINED, f"{SWEEP}/scores.csv"],
        "results/calls-stage2/analysis.json is missing: run dvc repro analyze@calls-stage2 first.",
    ),
}
NEEDS_NOTHING = {"code", "check", "prepare", "register", "calibrate"}
"""The verbs that read nothing which another one makes."""


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    """Return a repository in which nothing has been run, and go there."""
    for name in ("params", "reports"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("_site"))
    shutil.copy(ROOT / "params.yaml", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("case", BEFORE)
def test_what_is_missing_is_named_with_the_command_that_makes_it(
    case, project, monkeypatch, capsys
):
    command, there, answer = BEFORE[case]
    for name in there:
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text("{}")
    monkeypatch.setattr(sys, "argv", ["uphold", *command.split()])
    with pytest.raises(SystemExit) as ended:
        main()
    (line,) = capsys.readouterr().err.splitlines()
    assert ended.value.code == 2
    assert line.startswith("error: ")
    assert line.endswith(answer)
    assert not (project / ".uphold").exists(), "nothing was begun"


def test_every_verb_of_the_pipeline_is_tried():
    tried = {command.split()[0] for command, _, _ in BEFORE.values()}
    assert tried & set(STAGES) | NEEDS_NOTHING == set(STAGES)
