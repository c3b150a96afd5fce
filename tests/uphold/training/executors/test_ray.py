"""A Ray cluster that loses nodes, on loopback; what the other executors promise too is in
`test_contract`.

``UPHOLD_KILLS=20 python -m pytest tests/uphold/training/executors/test_ray.py -k killed -s`` kills
as many nodes as that, in some minutes.
"""

import importlib.util
import os
import random
import sys
import time
from collections import Counter

import pytest

from uphold.errors import InputError
from uphold.training.contract import Resources, Task
from uphold.training.executors.local import Local
from uphold.training.executors.ray import Ray, _held
from uphold.training.lanes import train_in_lanes

from . import sweeps
from .test_contract import HERE, MISSING, known_code, patch, study, trained

__all__ = ["known_code", "patch", "study"]

KILLS = int(os.environ.get("UPHOLD_KILLS", "2"))
LONGEST_S = 1.5
"""Within so many seconds of a run's end a node is killed; lanes, of 1 s, go on meanwhile."""


@pytest.fixture(scope="module")
def cluster(patch, study):
    if importlib.util.find_spec("ray") is None:  # not imported before it is kept to loopback
        pytest.skip(MISSING["ray"])
    with sweeps.ray_cluster(patch, [HERE]) as found:
        yield found


def test_nodes_are_killed_and_no_run_is_lost_or_doubled(cluster, study, tmp_path):
    marks, moments = tmp_path / "marks", random.Random(1)
    marks.mkdir()
    lanes = 4 * KILLS + 2
    alone, job = (
        sweeps.job(tmp_path / name, study.STUDY, lanes, **more)
        for name, more in (
            ("alone", {}),
            ("other", {"seconds": 0.5, "marks": str(marks)}),
        )
    )
    trained(alone, Local(1))
    nodes = [sweeps.node_of(cluster) for _ in range(2)]
    came: Counter[Task] = Counter()
    killed = 0

    def killing(steps, tasks):
        nonlocal killed
        for number, step in enumerate(steps):
            came[step.task] += 1
            yield step
            if killed < KILLS and number * KILLS >= killed * len(tasks):
                time.sleep(moments.uniform(0, LONGEST_S))
                cluster.remove_node(nodes.pop(killed % 2), allow_graceful=False)
                killed += 1
                nodes.append(sweeps.node_of(cluster))

    trained(job, Ray(cluster.address), track=killing)
    begun = len(list(marks.iterdir()))
    print(f"{killed} nodes killed, {begun} runs begun for {2 * lanes}")
    assert killed == KILLS
    assert set(came.values()) == {1} and len(came) == 2 * lanes
    assert sweeps.published(job) == sweeps.published(alone)


def test_data_that_a_node_does_not_see_come_to_it(cluster, study, tmp_path, monkeypatch):
    if not cluster.list_all_nodes()[1:]:
        sweeps.node_of(cluster)
    alone, job = (sweeps.job(tmp_path / name, study.STUDY, 1) for name in ("alone", "other"))
    trained(alone, Local(1))

    def trainer(study, tasks, folder):
        steps = train_in_lanes(study, tasks, folder, Ray(cluster.address))
        folder.rename(folder.with_name("away"))
        yield from steps

    from uphold.pipeline.stages import train as stage

    stage.train(job, trainer, device="cpu", say=lambda text: None)
    assert sweeps.published(job) == sweeps.published(alone)


@pytest.mark.parametrize(
    "resources", [Resources(cores=1000), Resources(memory_gb=1e6), Resources(gpus=0.5)]
)
def test_a_run_that_no_node_holds_is_refused_before_anything_begins(cluster, study, resources):
    with pytest.raises(InputError, match="none of the cluster's"):
        Ray(cluster.address).workers(resources, "cpu")


@pytest.mark.parametrize(
    ("resources", "runs"),
    [
        (Resources(), 4),
        (Resources(cores=3), 1),
        (Resources(memory_gb=4), 2),
        (Resources(gpus=0.5), 2),
        (Resources(gpus=1), 1),
        (Resources(gpus=2), 0),
    ],
)
def test_what_a_node_holds(resources, runs):
    assert _held({"CPU": 4.0, "memory": 10e9, "GPU": 1.0}, resources) == runs


def test_without_ray_one_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(InputError) as caught:
        Ray().workers(Resources(), "cpu")
    assert str(caught.value) == "ray is missing: pip install 'uphold[ray]'."
