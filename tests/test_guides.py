"""The commands of the guides do what they say, as they stand there."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from uphold.claims.spec import Spec
from uphold.runlog.importers import NAMES

ROOT = Path(__file__).parents[1]
KEPT = ROOT / "tests" / "uphold" / "runlog" / "importers" / "kept"
LOOP = "commit\tval_bpb\tstatus\n" + "".join(
    f"{arm}\t{score}\tok\n"
    for arm, scores in {
        "a1b2c3d": (1.0, 1.001, 0.999, 1.0005, 0.9995, 1.0),
        "b2c3d4e": (0.95, 0.951),
    }.items()
    for score in scores
)


def blocks(name: str, language: str) -> list[str]:
    text = (ROOT / "docs" / name).read_text("utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.S)


def run(script: str, folder: Path) -> subprocess.CompletedProcess:
    """Run lines of a shell with this Python's uphold in front."""
    place = folder / "bin"
    place.mkdir()
    (place / "uphold").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m uphold "$@"\n')
    (place / "uphold").chmod(0o755)
    path = os.pathsep.join([str(place), os.environ["PATH"]])
    return subprocess.run(
        ["bash", "-c", script], cwd=folder, env=os.environ | {"PATH": path},
        capture_output=True, text=True,
    )  # fmt: skip


def test_a_folder_of_wandb_becomes_a_report(tmp_path):
    (kept, *_) = sorted(p for p in (KEPT / "wandb_runs").iterdir() if p.is_dir())
    shutil.copytree(kept, tmp_path / "wandb")
    done = run("set -e\n" + blocks("run-log.md", "bash")[0], tmp_path)
    assert done.returncode == 0, done.stderr
    made = {path.name for path in (tmp_path / "report").iterdir()}
    assert {"report.html", "report.pdf", "findings.json", "tables"} <= made


def test_the_keys_of_the_guide_are_those_of_a_spec():
    (text,) = blocks("run-log.md", "yaml")
    assert set(yaml.safe_load(text)) <= set(Spec.model_fields)


def test_the_guide_names_each_tracker_that_is_read():
    table = (ROOT / "docs" / "run-log.md").read_text("utf-8").lower()
    for name in NAMES:
        assert f"| {name.split('_')[0].replace('wandb', 'w&b')}" in table


def test_the_gate_answers_as_the_guide_says(tmp_path):
    (tmp_path / "results.tsv").write_text(LOOP)
    done = run(blocks("gate.md", "bash")[0], tmp_path)
    assert done.returncode == 0 and done.stdout.startswith("keep b2c3d4e"), done.stderr


@pytest.mark.parametrize(("new", "ends"), [("b2c3d4e", "b2c3d4e"), ("zzz", "a1b2c3d")])
def test_the_loop_of_the_guide_ends(tmp_path, new, ends):
    (tmp_path / "results.tsv").write_text(LOOP)
    head = (
        f"BASE=a1b2c3d; NEW={new}\ngit() {{ :; }}\n"
        "train_once() { printf 'zzz\\t1.%03d\\tok\\n' $((RANDOM % 9)); }\n"
    )
    done = run(head + blocks("gate.md", "bash")[1] + 'echo "$BASE"', tmp_path)
    assert done.stdout.split()[-1] == ends, done.stderr
