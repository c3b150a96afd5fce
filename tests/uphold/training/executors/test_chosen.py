from pathlib import Path

import pytest
import yaml

from uphold.errors import InputError
from uphold.pipeline import sweeps
from uphold.pipeline.design import key
from uphold.pipeline.params import load
from uphold.pipeline.stages.train import code_of
from uphold.training.executors.chosen import executor
from uphold.training.executors.local import Local
from uphold.training.executors.ray import Ray
from uphold.training.executors.settings import ExecutorSettings
from uphold.training.executors.slurm import Slurm

ROOT = Path(__file__).parents[4]


@pytest.mark.parametrize(
    ("settings", "chosen"),
    [
        ({}, Local()),
        ({"name": "ray"}, Ray()),
        ({"name": "ray", "address": "auto"}, Ray("auto")),
        (
            {"name": "slurm", "partition": "gpu", "array_limit": 5, "minutes": 9},
            Slurm(Path("place"), "gpu", 5, 9),
        ),
    ],
)
def test_settings_choose(settings, chosen):
    assert executor(ExecutorSettings(**settings), place=Path("place")) == chosen


def test_a_number_of_processes_is_this_machine_s():
    assert executor(ExecutorSettings(), processes=3) == Local(3)
    with pytest.raises(InputError, match=r"--workers .* not on ray"):
        executor(ExecutorSettings(name="ray"), processes=3)


def test_where_runs_are_trained_is_no_part_of_their_keys(tmp_path):
    """Nor what a study says that its runs take."""
    (tmp_path / "params").symlink_to(ROOT / "params")
    written = (ROOT / "params.yaml").read_text("utf-8")
    keys = []
    for block in ("", "\nexecutor: {name: ray, address: auto}\n", "\nexecutor: {name: slurm}\n"):
        (tmp_path / "params.yaml").write_text(written + block, "utf-8")
        params = load(tmp_path)
        runs = sweeps.runs(params, "calls-balancing", {})
        known = {"data": "d", "code": "c", "torch": "t", "arithmetic": params.names.arithmetic}
        keys.append([key("calls", run, **known) for run in runs])
    assert keys[0] == keys[1] == keys[2] and len(keys[0]) > 1


def test_no_stage_runs_again_because_of_where_runs_are_trained():
    for file in ("dvc.yaml", "results/dvc.yaml"):
        stages = yaml.safe_load((ROOT / file).read_text("utf-8"))["stages"]
        for stage in (stage.get("do", stage) for stage in stages.values()):
            assert not [name for name in stage.get("params", []) if "executor" in str(name)]
            assert "params.yaml" not in stage.get("deps", []) or stage.get("always_changed")


def test_what_code_decides_is_proven_by_reference():
    """It goes to workers by its name."""
    assert executor(ExecutorSettings(name="ray"), proof=code_of).proof is code_of
