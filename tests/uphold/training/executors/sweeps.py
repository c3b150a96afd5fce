"""A sweep of the toy study, what it publishes, and a Ray cluster on loopback."""

import os
import tempfile
from contextlib import contextmanager

import numpy as np

from uphold.pipeline.design import Design, lay_out
from uphold.pipeline.journal import Journal
from uphold.pipeline.stages.train import Job

PUBLISHED = ("runs.csv", "histories.csv", "predictions.safetensors", "design.json")
"""What does not tell when and where runs were trained."""
LOOPBACK = {
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # Ray's own way to stay on loopback
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
}
NODE = {"num_cpus": 1, "node_ip_address": "127.0.0.1", "object_store_memory": 80_000_000}


def job(folder, study, lanes=3, seeds=(1, 2), **settings) -> Job:
    """Return a sweep with its data: so many lanes, and a run for each lane and seed."""
    data = folder / "data"
    (data / "deep").mkdir(parents=True, exist_ok=True)
    np.save(data / "deep" / "features.npy", np.arange(600, dtype=np.float32).reshape(40, 15) % 7)
    (data / "card.json").write_text("{}")
    design = Design(factors={"lane": list(range(lanes))}, seeds=list(seeds))
    return Job(
        name="toy",
        title="Toy",
        study=study,
        design=design,
        runs=lay_out(design, study.run, settings, {}, "toy"),
        data=data,
        journal=Journal(folder / "journal"),
        out=folder / "out",
    )


def published(job: Job) -> dict[str, bytes]:
    """Return what a sweep has published, and what the journal holds of its runs' arrays."""
    files = {name: (job.out / name).read_bytes() for name in PUBLISHED}
    for key in sorted(job.journal.keys()):
        for name in ("arrays.safetensors", "weights.safetensors"):
            files[f"{key}/{name}"] = (job.journal.folder / "runs" / key / name).read_bytes()
    return files


def node_of(cluster):
    """Add a node to a cluster of Ray and return it."""
    return _patiently(lambda: cluster.add_node(**NODE))


def _patiently(begin):
    """Begin a node of Ray, which gives one up that is not there in 30 s, as on a busy machine."""
    for _ in range(3):
        try:
            return begin()
        except Exception as error:
            if "timed out during startup" not in str(error):
                raise
    return begin()


@contextmanager
def ray_cluster(monkeypatch, paths):
    """Begin a Ray cluster on loopback, its head without a core for lanes; nodes are added to it.

    Its workers find modules in `paths`.
    """
    for name, value in LOOPBACK.items():
        monkeypatch.setenv(name, value)
    found = os.pathsep.join([*map(str, paths), os.environ.get("PYTHONPATH", "")])
    monkeypatch.setenv("PYTHONPATH", found)
    import ray
    from ray.cluster_utils import Cluster

    with tempfile.TemporaryDirectory(prefix="r", ignore_cleanup_errors=True) as place:
        head = NODE | {"num_cpus": 0, "include_dashboard": False, "temp_dir": place}
        cluster = _patiently(lambda: Cluster(initialize_head=True, head_node_args=head))
        try:
            yield cluster
        finally:
            ray.shutdown()
            cluster.shutdown()
