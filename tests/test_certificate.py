"""The stages that count and show how often verdicts are wrong, each alone with what it names."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from . import opened_files

ROOT = Path(__file__).parents[1]
STAGES = yaml.safe_load((ROOT / "dvc.yaml").read_text("utf-8"))["stages"]
COUNTED = ("full.json", "rates.json")


def alone(stage: str, folder: Path) -> Path:
    """Copy what a stage names, and nothing else, to a folder."""
    for name in ("params.yaml", *STAGES[stage]["deps"]):
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            hidden = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, target, ignore=hidden, dirs_exist_ok=True)
        elif source.is_file() or not name.startswith("results/"):
            shutil.copy(source, target)
    if (folder / "src/uphold/theme").is_dir():
        (folder / "reports/theme").symlink_to("../src/uphold/theme")
    return folder


def run(stage: str, folder: Path, hook: Path, *more: str) -> set[Path]:
    """Run a stage's command in a folder; return the code that it opened and did not name."""
    hook.mkdir()
    opened_files.hook(hook)
    opened = hook / "opened"
    path = os.pathsep.join([str(hook), str(folder / "src")])
    env = {"PYTHONPATH": path, "OMP_NUM_THREADS": "1", "OPENED": str(opened)}
    env |= {"PYTHONPYCACHEPREFIX": str(hook / "none")}
    env |= {"PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}
    command = [*STAGES[stage]["cmd"].split(), *more]
    done = subprocess.run(command, cwd=folder, env=os.environ | env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    named = [Path(dep) for dep in STAGES[stage]["deps"]]
    code = opened_files.code(opened, folder)
    assert Path("src/uphold/cli/__init__.py") in code
    return {p for p in code if not any(dep == p or dep in p.parents for dep in named)}


@pytest.fixture(scope="module")
def counted(tmp_path_factory) -> Path:
    """Count a few logs where nothing lies but what the stage names."""
    folder = alone("calibrate", tmp_path_factory.mktemp("counted") / "alone")
    unnamed = run("calibrate", folder, folder.parent / "hook", "--scale", "smoke")
    assert sorted(unnamed) == []
    return folder / "results" / "calibration" / "rates.json"


def test_logs_are_counted_where_nothing_lies_but_what_the_stage_names(counted):
    assert counted.is_file()


def test_the_page_is_made_where_nothing_lies_but_what_its_stage_names(counted, tmp_path):
    folder = alone("calibration", tmp_path / "alone")
    results = folder / "results" / "calibration"
    for name in COUNTED:
        shutil.copy(counted, results / name)
    unnamed = run("calibration", folder, tmp_path / "hook", "--renderer", "embedded")
    assert sorted(unnamed) == []
    page = (folder / "reports" / "_site" / "calibration.html").read_text()
    assert "How often is a verdict wrong?" in page
