"""Divide runs into lanes: one run each, the longest first, so that the workers finish together."""

from collections.abc import Sequence

from studies.multitask.training.network import TRUNK
from studies.multitask.training.prepared import Prepared
from uphold.training.contract import Task


def plan(tasks: Sequence[Task], data: Prepared, device: str, workers: int) -> list[list[Task]]:
    """Return one lane a run.

    Parameters
    ----------
    tasks : sequence of Task
        The runs to be trained.
    data : Prepared
        What `load` gave.
    device : str
        ``"cpu"`` or ``"cuda"``.
    workers : int
        How many lanes are trained at once.
    """
    return [[task] for task in sorted(tasks, key=_work, reverse=True)]


def _work(task: Task) -> int:
    """Return a run's time in arbitrary units."""
    return task.settings.epochs * (task.settings.stem_width + sum(TRUNK))
