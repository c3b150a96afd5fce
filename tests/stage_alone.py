"""A stage of dvc.yaml in a folder that holds what it names and nothing else."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from uphold.pipeline import stage_code

from . import opened_files

ROOT = Path(__file__).parents[1]
STAGES = yaml.safe_load((ROOT / "dvc.yaml").read_text("utf-8"))["stages"]


def block(stage: str) -> dict[str, Any]:
    """Return what a stage names; one of several alike is called as DVC calls it (``of@item``)."""
    of, _, item = stage.partition("@")
    if not item:
        return STAGES[of]
    return yaml.safe_load(yaml.safe_dump(STAGES[of]["do"]).replace("${item}", item))


def named(stage: str) -> list[str]:
    """Return what a stage depends on, with the code that another stage digests for it."""
    return [*block(stage)["deps"], *stage_code.named(STAGES, stage.partition("@")[0])]


def alone(stage: str, folder: Path) -> Path:
    """Copy what a stage names, and nothing else, to a folder."""
    for name in ("params.yaml", *named(stage)):
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
    command = [*block(stage)["cmd"].split(), *more]
    done = subprocess.run(command, cwd=folder, env=os.environ | env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    deps = [Path(dep) for dep in named(stage)]
    code = opened_files.code(opened, folder)
    assert Path("src/uphold/cli/__init__.py") in code
    return {p for p in code if not any(dep == p or dep in p.parents for dep in deps)}
