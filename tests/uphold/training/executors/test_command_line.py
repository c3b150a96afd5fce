"""A sweep of a repository that was just laid out, by the command line, here and on a cluster."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from uphold.scaffold import repository
from uphold.scaffold.repository import lay_out_repository

from . import sweeps
from .test_contract import MISSING, patch

__all__ = ["patch"]

ROOT = Path(__file__).parents[4]


def uphold(folder: Path, *command: str) -> str:
    path = os.pathsep.join([str(folder / "src"), str(ROOT / "src")])
    env = os.environ | {"PYTHONPATH": path, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "uphold", *command],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def laid_out(tmp_path, monkeypatch):
    """Return a repository with prepared data and a sweep of a study that no code here knows."""
    monkeypatch.setattr(repository, "distribution", lambda name: Plain)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "somebody")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "somebody@example.org")
    folder = tmp_path / "here"
    assert lay_out_repository(folder, "wing_beats").refused is None
    uphold(folder, "prepare", "wing_beats")
    return folder


class Plain:
    """A distribution as pip leaves it."""

    version = "1.2.3"

    @staticmethod
    def read_text(name: str) -> None:
        return None


def test_a_sweep_on_a_cluster_publishes_what_one_here_does(laid_out, patch):
    if importlib.util.find_spec("ray") is None:
        pytest.skip(MISSING["ray"])
    there = laid_out.with_name("there")
    shutil.copytree(laid_out, there)
    (sweep,) = yaml.safe_load((laid_out / "params.yaml").read_text("utf-8"))["sweeps"]
    uphold(laid_out, "train", sweep)
    with sweeps.ray_cluster(patch, []) as cluster:
        for _ in range(2):
            sweeps.node_of(cluster)
        said = uphold(there, "train", sweep, "--on", "ray", "--address", cluster.address)
    assert " 0 failed" in said and ", 0 trained" not in said
    (ours,) = (there / "results").glob(f"*/sweeps/{sweep}")
    (theirs,) = (laid_out / "results").glob(f"*/sweeps/{sweep}")
    for name in sweeps.PUBLISHED:
        assert (ours / name).read_bytes() == (theirs / name).read_bytes(), name
