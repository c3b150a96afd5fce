"""What Slurm is given, on a command line that is made up (`fake_slurm`): this is no Slurm."""

import importlib.util
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from uphold.errors import InputError
from uphold.training.attempts import TrainingError
from uphold.training.contract import Resources, Task
from uphold.training.executors.slurm import Slurm
from uphold.training.lanes import train_in_lanes

from . import fake_slurm, sweeps
from .test_contract import MISSING, known_code, patch, study

__all__ = ["known_code", "patch", "study"]


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder that every node sees, and Slurm's commands on the path."""
    if importlib.util.find_spec("submitit") is None:
        pytest.skip(MISSING["slurm"])
    path = fake_slurm.install(tmp_path / "bin")
    monkeypatch.setenv("PATH", f"{path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("FAKE_SLURM", str(tmp_path))
    import submitit.core.core

    monkeypatch.setattr(submitit.core.core.Job, "_results_timeout_s", 1)
    return tmp_path


def tasks(study, lanes, **settings):
    return [Task(study.Run(lane=k, **settings), 1) for k in range(lanes)]


def batches(place):
    return [path.read_text() for path in sorted(place.glob("*.batch"))]


def test_slurm_has_no_more_lanes_than_the_site_lets_it_have(place, study):
    job = sweeps.job(place, study.STUDY)
    executor = Slurm(place / "jobs", limit=2)
    steps = train_in_lanes(study.STUDY, tasks(study, 5), job.data, executor)
    for completed, _ in enumerate(steps, start=1):
        assert len(list(place.glob("*.state"))) - completed <= 2
    arrays = [batch for batch in batches(place) if "#SBATCH --array=0-1%" in batch]
    assert len(arrays) >= 1 and len(list(place.glob("*.state"))) == 5
    assert not list((place / "jobs").iterdir()), "all were completed: nothing is left"


def test_a_lane_has_what_the_study_says_that_a_run_takes(place, study):
    asks = replace(study.STUDY, resources=Resources(cores=3, memory_gb=2.5, gpus=0.5, minutes=7))
    job = sweeps.job(place, asks)
    executor = Slurm(place / "jobs", partition="short", minutes=99)
    steps = train_in_lanes(asks, tasks(study, 2), job.data, executor, "cpu")
    steps.close()
    (batch,) = batches(place)
    for line in ("cpus-per-task=3", "mem=2385M", "gpus-per-node=1", "time=17", "partition=short"):
        assert f"#SBATCH --{line}\n" in batch
    assert "export ONEDNN_MAX_CPU_ISA=AVX2" in batch or "ONEDNN_MAX_CPU_ISA" not in os.environ


def test_a_lane_whose_node_was_lost_is_submitted_again(place, study):
    job = sweeps.job(place, study.STUDY)
    (place / "fail-1").touch()
    (place / "fail-3").touch()
    steps = train_in_lanes(study.STUDY, tasks(study, 2), job.data, Slurm(place / "jobs"))
    assert sorted(step.task.settings.lane for step in steps) == [0, 1]
    assert len(list(place.glob("begun-*"))) == 4


def test_a_lane_that_dies_names_its_log(place, study):
    job = sweeps.job(place, study.STUDY)
    steps = train_in_lanes(
        study.STUDY, tasks(study, 1, does="die"), job.data, Slurm(place / "jobs")
    )
    with pytest.raises(TrainingError, match=r"\(FAILED\) while .* Its log is (.*\.err)") as caught:
        list(steps)
    log = str(caught.value).rpartition(" ")[2].rstrip(".")
    assert Path(log).is_file()


def test_what_slurm_refuses_is_told_with_what_it_says(place, study):
    job = sweeps.job(place, study.STUDY)
    (place / "refuse").touch()
    with pytest.raises(InputError, match=r"Slurm does not take 2 lanes .* partition, array_limit"):
        train_in_lanes(study.STUDY, tasks(study, 2), job.data, Slurm(place / "jobs"))


def test_data_that_a_node_does_not_see_are_named(place, study, monkeypatch):
    job = sweeps.job(place, study.STUDY)
    steps = train_in_lanes(study.STUDY, tasks(study, 1, seconds=0), job.data, Slurm(place / "jobs"))
    job.data.rename(place / "away")
    with pytest.raises(InputError, match=r"does not see the prepared data in .*/data: with slurm"):
        list(steps)


def test_where_there_is_no_slurm_its_command_is_named(place, study, monkeypatch):
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))
    job = sweeps.job(place, study.STUDY)
    with pytest.raises(InputError, match="Slurm's sbatch is not there"):
        train_in_lanes(study.STUDY, tasks(study, 1), job.data, Slurm(place / "jobs"))


def test_without_submitit_one_sentence_says_what_to_install(monkeypatch, study, tmp_path):
    monkeypatch.setitem(sys.modules, "submitit", None)
    job = sweeps.job(tmp_path, study.STUDY)
    with pytest.raises(InputError) as caught:
        train_in_lanes(study.STUDY, tasks(study, 1), job.data, Slurm(tmp_path / "jobs"))
    assert str(caught.value) == "submitit is missing: pip install 'uphold[slurm]'."
