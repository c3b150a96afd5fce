"""Lanes on a Slurm cluster, by submitit: one array task a lane.

In: lanes, and a folder that every node sees, which submitit asks for: lanes, results and logs pass
through files there, written and read by it. So the prepared data, the code and Python's environment
are read where they are here. Slurm gives each task what the study says that a run takes: cores,
memory, and whole GPUs (a part of one counts as one).

Slurm has at most `limit` lanes at a time, in arrays of at most so many; as lanes are completed, the
next array follows. A lane whose node was lost or taken back is submitted again, `TRIES` times
altogether. One that ended without a result for another reason is an error, which names its log.
Checkpoints: see `elsewhere`; here the journal's folder is seen as the repository is.

What submitit wrote is removed when all lanes were completed, and kept where something failed.
"""

import math
import os
import shlex
import shutil
import subprocess
import time
import uuid
from collections import deque
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from platform import node
from typing import Any

from uphold.errors import InputError
from uphold.training.attempts import Attempt, TrainingError, names
from uphold.training.contract import Resources
from uphold.training.executors import elsewhere, fitting
from uphold.training.executors.elsewhere import Proof, Sent, no_proof
from uphold.training.executors.seam import Ended, Lane, Work, begun

TRIES = 5
"""How often a lane is submitted before it counts as what kills its nodes."""
LOOK_S = 1.0
"""How long to wait before looking again for results."""
COMMANDS = ("sbatch", "srun", "sacct", "scancel")
LOST = ("NODE_FAIL", "PREEMPTED", "BOOT_FAIL", "REVOKED")
"""Ends of a task that are its node's."""
BEGIN_MIN = 10
"""Minutes beside those of its runs that a lane may take: imports, data, the probe."""


@dataclass(frozen=True)
class Slurm:
    """Trains on a Slurm cluster.

    Attributes
    ----------
    place : Path
        A folder that every node sees; each submission has one of its own in it.
    partition : str
        The site's own choice where it is empty.
    limit : int
        How many lanes Slurm has at most at a time.
    minutes : int
        After which a lane is ended, where resources do not say how long a run may take.
    proof : callable
        What tells that a worker's code is this process's; see `elsewhere`.
    """

    place: Path
    partition: str = ""
    limit: int = 1000
    minutes: int = 1440
    proof: Proof = no_proof

    def device(self, resources: Resources) -> str:
        """Return a GPU where runs take one: nothing here tells what the nodes have."""
        return "cuda" if resources.gpus else "cpu"

    def workers(self, resources: Resources, device: str) -> int:
        """Return how many lanes Slurm has at a time: what fits is for Slurm to say."""
        del device
        fitting.check(resources)
        return self.limit

    def submit(self, work: Work) -> Generator[Ended, None, None]:
        """Train lanes; see `Executor`. The first are submitted when this is called."""
        lanes = _Lanes(self, work)
        return begun(lanes.completed())


class _Lanes:
    """The lanes of one submission: those that wait, and those that Slurm has."""

    def __init__(self, settings: Slurm, work: Work) -> None:
        self.limit, self.told = settings.limit, elsewhere.sent(work, settings.proof)
        self.data = work.folder.resolve()
        self.waiting = deque((lane, 1) for lane in work.lanes)
        self.running: dict[Any, tuple[Lane, int]] = {}
        self.folder = settings.place.resolve() / uuid.uuid4().hex[:12]
        self.arrays = _executor(settings, work, self.folder)

    def fill(self) -> None:
        """Submit an array of the lanes that Slurm has room for, once that is half of all."""
        room = self.limit - len(self.running)
        if not self.waiting or room < min(len(self.waiting), math.ceil(self.limit / 2)):
            return
        lanes = [self.waiting.popleft() for _ in range(min(room, len(self.waiting)))]
        try:
            with self.arrays.batch():
                jobs = [self.arrays.submit(train, self.told, lane, self.data) for lane, _ in lanes]
        except (OSError, subprocess.SubprocessError, RuntimeError) as error:
            raise InputError(
                f"Slurm does not take {len(lanes)} lanes ({error}): see the options partition, "
                "array_limit and minutes of executor in params.yaml."
            ) from None
        self.running.update(zip(jobs, lanes, strict=True))

    def completed(self) -> Generator[Ended | None, None, None]:
        """Yield None when lanes are submitted, then lanes as they are completed; see `Executor`."""
        whole = False
        try:
            self.fill()
            yield None
            while self.running:
                ended = [job for job in self.running if job.done()]
                for job in ended:
                    lane, number = self.running.pop(job)
                    outcome = self._outcome(job, lane, number)
                    if outcome is not None:
                        yield lane, outcome
                self.fill()
                if not ended:
                    time.sleep(LOOK_S)
            whole = True
        finally:
            self._cancel()
            if whole:
                shutil.rmtree(self.folder, ignore_errors=True)

    def _outcome(self, job: Any, lane: Lane, number: int) -> Attempt | None:
        """Return what came of a lane; None where it was lost and waits again."""
        error = job.exception()
        if error is None:
            attempt: Attempt = job.result()
            return attempt
        state = str(job.state)
        if state.startswith(LOST) and number < TRIES:
            self.waiting.appendleft((lane, number + 1))
            return None
        return Attempt(
            [],
            0.0,
            TrainingError(
                f"A worker process died ({state}) while training {names(lane)}. Its log is "
                f"{job.paths.stderr}."
            ),
        )

    def _cancel(self) -> None:
        if self.running:
            arrays = sorted({job.job_id.partition("_")[0] for job in self.running})
            subprocess.run(["scancel", *arrays], check=False)
            self.running.clear()


def train(told: Sent, lane: Lane, data: Path) -> Attempt:
    """Train a lane on a node."""

    def folder() -> Path:
        if not data.is_dir():
            raise InputError(
                f"{node()} does not see the prepared data in {data}: with slurm the repository "
                "must lie on storage that every node sees at the same path."
            )
        return data

    return elsewhere.train(told, lane, folder)


def _executor(settings: Slurm, work: Work, folder: Path) -> Any:
    """Return submitit's executor."""
    try:
        import submitit
    except ModuleNotFoundError:
        raise InputError("submitit is missing: pip install 'uphold[slurm]'.") from None
    if missing := [name for name in COMMANDS if shutil.which(name) is None]:
        raise InputError(
            f"Slurm's {missing[0]} is not there: start this on a machine that submits to Slurm."
        )
    folder.mkdir(parents=True)
    resources = work.study.resources
    found = submitit.SlurmExecutor(folder=folder)
    found.update_parameters(
        job_name="uphold",
        time=_minutes(settings, work),
        cpus_per_task=resources.cores,
        array_parallelism=settings.limit,
        # Before Python: submitit imports numpy first of all, and a site may clear the environment.
        setup=[
            f"export {name}={shlex.quote(value)}"
            for name, value in {**elsewhere.environment(), **_path()}.items()
        ],
        **({"mem": _memory(resources.memory_gb)} if resources.memory_gb else {}),
        **({"gpus_per_node": math.ceil(resources.gpus)} if resources.gpus else {}),
        **({"partition": settings.partition} if settings.partition else {}),
    )
    return found


def _memory(gigabytes: float) -> str:
    """Return memory as Slurm takes it, whose megabytes are of 2²⁰ bytes."""
    return f"{math.ceil(gigabytes * fitting.GB / 2**20)}M"


def _minutes(settings: Slurm, work: Work) -> int:
    """Return after how many minutes Slurm ends a lane."""
    of_a_run = work.study.resources.minutes
    if of_a_run is None:
        return settings.minutes
    return math.ceil(BEGIN_MIN + of_a_run * max(map(len, work.lanes)))


def _path() -> dict[str, str]:
    found = os.environ.get("PYTHONPATH")
    return {"PYTHONPATH": found} if found else {}
