"""What training asks of an executor, in the shape of `concurrent.futures`.

In: lanes of a study. Out: each lane with what came of it, as completed. Lanes are submitted
together, because arrays of Slurm and forks of this process begin with all of them.

What is promised of each executor (``tests/uphold/training/executors/test_contract.py``): a lane
comes out once, whatever was lost meanwhile; an error in a lane is an `Attempt` with that error; a
worker that dies of its lane is a `TrainingError` that names the runs; and where the iterator is
closed, interrupted or fails, nothing is left running that was submitted through it.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from uphold.training.attempts import Attempt
from uphold.training.contract import Resources, RunSettings, Task, Trainable

Lane = Sequence[Task[RunSettings]]
Ended = tuple[Lane, Attempt]
"""A lane, and what came of it."""


@dataclass(frozen=True)
class Work:
    """Lanes to be trained.

    Attributes
    ----------
    study : Trainable
    lanes : sequence of lanes
        Begun in this order.
    folder : Path
        The prepared data.
    data
        What they are here, as they were loaded.
    device : str
        What lanes are trained on.
    """

    study: Trainable
    lanes: Sequence[Lane]
    folder: Path
    data: Any
    device: str


class Executor(Protocol):
    """Something that trains lanes."""

    def device(self, resources: Resources) -> str:
        """Return what runs that take so much are trained on: ``"cpu"`` or ``"cuda"``."""

    def workers(self, resources: Resources, device: str) -> int:
        """Return how many lanes are trained at once, of runs that take so much each.

        Raises
        ------
        InputError
            Where one fits nowhere; nothing has begun then.
        """

    def submit(self, work: Work) -> Generator[Ended, None, None]:
        """Begin to train lanes, and yield each as it is completed.

        Closing the generator cancels what is not completed.
        """


def begun(attempts: Generator[Ended | None, None, None]) -> Generator[Ended, None, None]:
    """Return what yields None when its lanes have begun, past that.

    A generator that has begun ends what it has begun also where nobody asks it for a lane.
    """
    next(attempts)
    return attempts  # type: ignore[return-value]  # None comes once, and has come
