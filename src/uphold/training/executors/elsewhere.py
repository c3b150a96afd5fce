"""What a worker on another machine does with a lane, and what it must know for it.

A run key holds the code, the version of torch and the arithmetic. All three are those of the
process that holds the sweep's lock, so a worker first makes sure that they are its own too; it
refuses the lane where they are not, and nothing gets under a key that it does not belong to. What
its machine computes (`uphold.training.probe`) and is called goes back with the results, for the
journal.

Checkpoints are files below the journal. A worker keeps them where it sees the journal's folder, on
storage that is shared, and none where it does not: a lane that is lost is then trained from its
start, to the same result.
"""

import os
import platform
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from types import ModuleType
from typing import Any, Protocol, runtime_checkable

from uphold import processor
from uphold.errors import InputError
from uphold.training import arithmetic, probe
from uphold.training.attempts import Attempt, TrainingError, attempt, names
from uphold.training.contract import Place, RunSettings, Task, Trainable
from uphold.training.executors.seam import Lane, Work

Proof = Callable[[Any], str]
"""Gives a digest of the code that decides what a run of a study comes to."""


@runtime_checkable
class Placed(Protocol):
    """A checkpoint that knows whether the place where it is kept is seen from here."""

    @property
    def seen(self) -> bool:
        """Whether it is."""


@dataclass(frozen=True)
class Sent:
    """What a worker must know, the lane and the data apart.

    Attributes
    ----------
    study : Trainable
    device : str
    arithmetic : {"avx2", "native"}
        How the process that sends it computes.
    torch : str
        Its version there.
    proof : callable
    code : str
        What `proof` gave there.
    """

    study: Trainable
    device: str
    arithmetic: processor.Arithmetic
    torch: str
    proof: Proof
    code: str


def no_proof(study: Trainable) -> str:
    """Return the same for every study: its code is not looked at."""
    del study
    return ""


def sent(work: Work, proof: Proof) -> Sent:
    """Return what workers elsewhere must know to do this process's work."""
    pinned = all(os.environ.get(name) == value for name, value in processor.variables().items())
    return Sent(
        work.study,
        work.device,
        "avx2" if pinned else "native",
        version("torch"),
        proof,
        proof(work.study),
    )


def environment() -> Mapping[str, str]:
    """Return the variables that workers must have before they import numpy or torch."""
    return {name: os.environ[name] for name in processor.variables() if name in os.environ}


def train(told: Sent, lane: Lane, folder: Callable[[], Path]) -> Attempt:
    """Train a lane on a worker, whatever comes of it.

    Parameters
    ----------
    told : Sent
    lane : sequence of Task
    folder : callable
        Gives the folder of the prepared data on this machine.
    """
    start = perf_counter()
    try:
        _refuse(told)
        training = told.study.module("training")
        data = _data(training, folder())
        place = Place(platform.node(), probe.digest(probe.computed(told.device)))
    except InputError as error:
        return Attempt([], perf_counter() - start, error)
    except Exception:
        begun = f"A worker on {platform.node()} could not begin {names(lane)}.\n"
        cause = TrainingError(begun + traceback.format_exc())
        return Attempt([], perf_counter() - start, cause)
    return replace(attempt(training, _kept(lane), data, told.device), place=place)


def _kept(lane: Lane) -> Lane:
    """Return a lane without the checkpoints whose place is not seen from this machine."""

    def away(task: Task[RunSettings]) -> bool:
        return isinstance(task.checkpoint, Placed) and not task.checkpoint.seen

    return [replace(task, checkpoint=None) if away(task) else task for task in lane]


_LOADED: dict[tuple[str, Path], Any] = {}
"""The data that this process has loaded last, by the study's module and their folder."""
_PROVEN: set[str] = set()
"""The digests of code that this process has found to be its own."""


def _data(training: ModuleType, folder: Path) -> Any:
    """Return prepared data, loaded once a process."""
    key = training.__name__, folder
    if key not in _LOADED:
        _LOADED.clear()  # before others take their room
        _LOADED[key] = arithmetic.load(training, folder)
    return _LOADED[key]


def _refuse(told: Sent) -> None:
    """Refuse to train where a run would not be what its key says."""
    if version("torch") != told.torch:
        raise InputError(
            f"{platform.node()} has torch {version('torch')}, and the run keys say {told.torch}: "
            "install the same version on every machine."
        )
    processor.pin(told.arithmetic)
    if told.code not in _PROVEN and told.proof(told.study) != told.code:
        raise InputError(
            f"The code on {platform.node()} is not that which the run keys were made with: was it "
            "edited meanwhile? Train again."
        )
    _PROVEN.add(told.code)
