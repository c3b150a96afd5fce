"""Lanes on a Ray cluster: one task a lane, by Ray Core alone.

In: lanes, and where the cluster is; without an address Ray looks for one, and begins one on this
machine where there is none. Tasks take from a node what the study says that a run takes, and Ray
tells each worker which GPUs are its. A worker keeps its process, and the data that it has loaded,
for its next lane.

The code of ``uphold`` and of the studies is sent as it is here; libraries must be on every node in
the same versions. Prepared data are put into Ray's store once, file by file, and from there come
to a node once: into a folder of the system's place for temporary files, named by their digest,
where the next sweep finds them again. A node that sees them at the path that they have here, on
storage that is shared, reads them there.

A lane that is lost with its node or its worker is submitted again, `TRIES` times altogether: a
machine that is taken back costs the lane's time and no run, and a lane that kills every worker is
an error. Results are handed over once, by the task that ended. Checkpoints: see `elsewhere`.

Ray sends no usage statistics from here, and starts no dashboard.
"""

import importlib
import os
from collections import deque
from collections.abc import Generator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from uphold.errors import InputError
from uphold.format import counted
from uphold.training.attempts import Attempt, TrainingError, names
from uphold.training.contract import Resources
from uphold.training.executors import carried, elsewhere, fitting
from uphold.training.executors.elsewhere import Proof, Sent, no_proof
from uphold.training.executors.seam import Ended, Lane, Work, begun

TRIES = 5
"""How often a lane is submitted before it counts as what kills its workers."""
LOOK_S = 1.0
"""How long to wait for tasks before looking again, so that Ctrl-C is heard."""
AHEAD = 2
"""Lanes in the cluster's hands for each that can be trained at once: no worker waits for the next
one, and results that nobody has taken stay few, however many lanes there are."""
END_S = 10.0
"""How long cancelled tasks are waited for."""
ENVIRONMENT: Mapping[str, str] = {
    "RAY_USAGE_STATS_ENABLED": "0",
    # Ray would otherwise warn that it will some day leave GPUs visible to tasks that take none.
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
}


@dataclass(frozen=True)
class Ray:
    """Trains on a Ray cluster.

    Attributes
    ----------
    address : str or None
        The cluster's, as ``ray.init`` takes it.
    proof : callable
        What tells that a worker's code is this process's; see `elsewhere`.
    packages : tuple of str
        Those whose code is sent; they are regular packages.
    """

    address: str | None = None
    proof: Proof = no_proof
    packages: tuple[str, ...] = ("uphold",)

    def device(self, resources: Resources) -> str:
        """Return a GPU where runs take one: nothing here tells what the nodes have."""
        return "cuda" if resources.gpus else "cpu"

    def workers(self, resources: Resources, device: str) -> int:
        """Return how many lanes the nodes that are there now hold at once; see `Executor`.

        A node that the cluster would start when asked is not among them: start one before.
        """
        del device
        fitting.check(resources)
        nodes = [node["Resources"] for node in self._begun().nodes() if node["Alive"]]
        held = sum(_held(node, resources) for node in nodes)
        if not held:
            raise InputError(
                f"A run takes {fitting.told(resources)}, which none of the cluster's "
                f"{counted(len(nodes), 'node')} has: start one that has it, or let the study's "
                "resources be less."
            )
        return held

    def submit(self, work: Work) -> Generator[Ended, None, None]:
        """Train lanes; see `Executor`. The first are submitted when this is called."""
        lanes = _Lanes(self._begun(), work, self.proof, self.workers(work.study.resources, "cpu"))
        return begun(lanes.completed())

    def _begun(self) -> Any:
        """Return Ray, connected to the cluster."""
        ray = _imported()
        if not ray.is_initialized():
            try:
                ray.init(
                    address=self.address,
                    log_to_driver=False,
                    include_dashboard=False,
                    runtime_env=_environment(self.packages),
                )
            except (ConnectionError, ValueError, RuntimeError) as error:
                where = f" at {self.address}" if self.address else ""
                raise InputError(
                    f"No Ray cluster can be reached{where} ({error}): start one with ray start "
                    "--head, or give its --address."
                ) from None
        return ray


class _Lanes:
    """The lanes of one submission: those that wait, and those that the cluster has."""

    def __init__(self, ray: Any, work: Work, proof: Proof, workers: int) -> None:
        self.ray, self.most = ray, AHEAD * workers
        self.waiting = deque((lane, 1) for lane in work.lanes)
        self.running: dict[Any, tuple[Lane, int]] = {}
        told = elsewhere.sent(work, proof)
        digest, files = carried.put(work.folder, ray.put)
        self.args = ray.put(told), str(work.folder.resolve()), digest, files
        resources = work.study.resources
        self.task = ray.remote(_train).options(
            num_cpus=resources.cores,
            num_gpus=resources.gpus or 0,
            memory=int((resources.memory_gb or 0) * fitting.GB) or None,
            max_retries=0,  # by Ray; here they are counted, and the runs named
        )

    def fill(self) -> None:
        """Submit lanes until the cluster has as many as it should."""
        while self.waiting and len(self.running) < self.most:
            lane, number = self.waiting.popleft()
            self.running[self.task.remote(lane, *self.args)] = lane, number

    def completed(self) -> Generator[Ended | None, None, None]:
        """Yield None when lanes are submitted, then lanes as they are completed; see `Executor`."""
        try:
            self.fill()
            yield None
            while self.running:
                ended, _ = self.ray.wait(list(self.running), timeout=LOOK_S)
                for reference in ended:
                    lane, number = self.running.pop(reference)
                    outcome = self._outcome(reference, lane, number)
                    del reference  # and with it what the store holds of it
                    self.fill()
                    if outcome is not None:
                        yield lane, outcome
        finally:
            self._cancel()

    def _outcome(self, reference: Any, lane: Lane, number: int) -> Attempt | None:
        """Return what came of a lane; None where it was lost and waits again."""
        errors = self.ray.exceptions
        lost = (
            errors.NodeDiedError,
            errors.WorkerCrashedError,
            errors.LocalRayletDiedError,
            errors.ObjectLostError,
            errors.OutOfMemoryError,
        )
        try:
            attempt: Attempt = self.ray.get(reference)
        except lost as error:
            if number < TRIES:
                self.waiting.appendleft((lane, number + 1))
                return None
            cause = str(error).partition("\n")[0]
            return _failed(
                f"A worker was lost while training {names(lane)}, {TRIES} times ({cause}). If "
                "memory ran out, let the study's resources say how much a run takes."
            )
        except errors.RayError as error:
            return _failed(f"{names(lane)} could not be trained on the cluster.\n{error}")
        return attempt

    def _cancel(self) -> None:
        self.waiting.clear()
        running = list(self.running)
        if not running or not self.ray.is_initialized():
            return
        for reference in running:
            with suppress(self.ray.exceptions.RayError):
                self.ray.cancel(reference, force=True)
        self.ray.wait(running, num_returns=len(running), timeout=END_S)
        self.running.clear()


def _failed(message: str) -> Attempt:
    return Attempt([], 0.0, TrainingError(message))


def _imported() -> Any:
    os.environ.update(ENVIRONMENT)  # read when it is imported
    try:
        import ray
    except ModuleNotFoundError:
        raise InputError("ray is missing: pip install 'uphold[ray]'.") from None
    return ray


def _environment(packages: Sequence[str]) -> dict[str, Any]:
    """Return what workers are started with: this process's arithmetic and code."""
    found = [importlib.import_module(name) for name in packages]
    return {
        "env_vars": dict(elsewhere.environment()),
        "py_modules": [next(iter(package.__path__)) for package in found],
    }


def _train(lane: Lane, told: Sent, path: str, digest: str, files: Mapping[str, Any]) -> Attempt:
    """Train a lane on a node."""
    fetch = partial(carried.fetched, digest, files, _imported().get)
    return elsewhere.train(told, lane, partial(carried.found, Path(path), digest, fetch))


def _held(node: Mapping[str, float], resources: Resources) -> int:
    """Return how many runs a node holds at once."""
    machine = fitting.Machine(
        cores=tuple(range(int(node.get("CPU", 0)))),
        memory_gb=node.get("memory", 0.0) / fitting.GB,
        gpus=tuple(map(str, range(int(node.get("GPU", 0))))),
    )
    return fitting.how_many(machine, resources)
