import os

import pytest
import torch

from uphold.errors import InputError
from uphold.training import devices
from uphold.training.contract import Resources, Task
from uphold.training.executors import fitting
from uphold.training.executors.fitting import Machine
from uphold.training.executors.local import Local
from uphold.training.lanes import train_in_lanes

from ..test_lanes import fake

__all__ = ["fake"]

FOUR = Machine(cores=tuple(sorted(os.sched_getaffinity(0)))[:2] * 2, memory_gb=8.0)


@pytest.fixture
def four(monkeypatch):
    """A machine of four cores, whatever this one has."""
    monkeypatch.setattr(fitting, "here", lambda resources: FOUR)


def spans(fake, folder, resources, processes=None):
    """Train six lanes; return when each began and ended, and the cores that it had."""
    tasks = [Task(fake.Run(lane=k, does="tell"), k) for k in range(6)]
    study = fake.Fake(resources)
    steps = train_in_lanes(study, tasks, folder, Local(processes), "cpu")
    return [step.result.facts for step in steps]


def at_once(facts):
    """Return how many lanes were trained at once, at most."""
    return max(sum(f["began"] <= g["began"] < f["ended"] for f in facts) for g in facts)


@pytest.mark.parametrize(
    ("resources", "processes", "most"),
    [
        (Resources(cores=2), None, 2),
        (Resources(cores=2), 4, 2),
        (Resources(memory_gb=3), None, 2),
        (Resources(cores=3), None, 1),
    ],
)
def test_no_more_runs_begin_than_fit(four, fake, tmp_path, resources, processes, most):
    assert at_once(spans(fake, tmp_path, resources, processes)) == most


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="there is one core")
def test_a_worker_has_cores_of_its_own(fake, tmp_path):
    here = sorted(os.sched_getaffinity(0))
    facts = spans(fake, tmp_path, Resources(cores=2))
    assert all(len(fact["cores"].split()) == 2 for fact in facts)
    assert len({fact["cores"] for fact in facts}) <= len(here) // 2
    assert sorted(os.sched_getaffinity(0)) == here


def test_a_worker_is_told_which_gpu_is_its(four, fake, tmp_path, monkeypatch):
    gpus = Machine(FOUR.cores, FOUR.memory_gb, ("3", "GPU-7"))
    monkeypatch.setattr(fitting, "here", lambda resources: gpus)
    facts = spans(fake, tmp_path, Resources(gpus=0.5))
    assert {fact["gpus"] for fact in facts} == {"3", "GPU-7"}
    assert at_once(facts) <= 4
    whole = spans(fake, tmp_path, Resources(gpus=2))
    assert {fact["gpus"] for fact in whole} == {"3,GPU-7"}
    assert at_once(whole) == 1


@pytest.mark.parametrize(
    ("resources", "message"),
    [
        (Resources(cores=5), "A run takes 5 cores, and this machine has 4 cores"),
        (Resources(memory_gb=9.5), r"takes 1 core and 9\.5 GB of memory, and this machine .* 8\.0"),
        (Resources(gpus=0.5), r"1 core and 0\.5 of a GPU, and this machine has .* 0 GPUs"),
        (Resources(gpus=1.5), r"a part of one GPU or whole ones, and not 1\.5"),
        (Resources(cores=0), "a core at least"),
    ],
)
def test_a_run_that_does_not_fit_is_refused_before_anything_begins(
    four, fake, tmp_path, resources, message
):
    study, tasks = fake.Fake(resources), [Task(fake.Run(), 1)]
    with pytest.raises(InputError, match=message) as caught:
        list(train_in_lanes(study, tasks, tmp_path, Local(), "cpu"))
    assert "\n" not in str(caught.value)
    assert not list(tmp_path.iterdir()), "nothing has begun"


def test_what_runs_do_not_take_is_not_looked_for(monkeypatch, fake, tmp_path):
    monkeypatch.setattr(torch.cuda, "device_count", lambda: pytest.fail("GPUs were looked for"))
    assert fitting.here(Resources()).gpus == ()


def test_the_gpus_that_may_be_used_are_those_that_are_visible(monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "2,0")
    assert fitting.here(Resources(gpus=1)).gpus == ("2", "0")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    assert fitting.here(Resources(gpus=1)).gpus == ()


def test_memory_is_what_the_container_may_use(monkeypatch, tmp_path):
    (tmp_path / "memory.max").write_text("3000000000\n")
    monkeypatch.setattr(fitting, "CGROUP_LIMITS", (tmp_path / "memory.max", tmp_path / "none"))
    assert fitting.here(Resources()).memory_gb == 3.0
    (tmp_path / "memory.max").write_text("max\n")
    assert fitting.here(Resources()).memory_gb > 0


@pytest.mark.parametrize(
    ("gpus", "device", "alone"),
    [(None, "cuda", True), (None, "cpu", False), (0, "cpu", False), (0.5, "cuda", False)],
)
def test_lanes_follow_one_another_on_a_gpu_that_each_fills(gpus, device, alone):
    assert fitting.one_by_one(Resources(gpus=gpus), device) is alone


@pytest.mark.parametrize(("gpus", "device"), [(None, "cuda"), (0, "cpu"), (0.5, "cuda")])
def test_runs_that_take_no_gpu_leave_it_alone(monkeypatch, gpus, device):
    monkeypatch.setattr(devices, "choose", lambda: "cuda")
    assert Local().device(Resources(gpus=gpus)) == device
