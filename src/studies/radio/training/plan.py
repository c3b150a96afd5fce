"""Divide runs into lanes: one for each training, the longest first."""

from collections.abc import Sequence

from studies.radio.settings.run import Run
from studies.radio.training.prepared import Prepared
from uphold.training.contract import Task


def plan(tasks: Sequence[Task], data: Prepared, device: str, workers: int) -> list[list[Task]]:
    """Divide runs into lanes, so that a lane's runs differ at most in how they predict.

    Lanes come with the longest first, so that the workers finish together.

    Parameters
    ----------
    tasks : sequence of Task
    data : Prepared
    device : str
    workers : int
        Without influence: a lane is as short as it can be.
    """
    lanes: dict[str, list[Task]] = {}
    for task in tasks:
        lanes.setdefault(training_of(task), []).append(task)
    return sorted(lanes.values(), key=lambda lane: -_work(lane[0].settings))


def training_of(task: Task) -> str:
    """Return what tells the trainings of two tasks apart."""
    trained = task.settings.model_copy(update={"bypass_denoiser": False})
    return f"{task.seed} {trained.model_dump_json()}"


def _work(settings: Run) -> float:
    """Return a run's time in arbitrary units: a denoised frame costs about as much as the rest."""
    passes = 1.0 + settings.denoiser + 0.3 * (settings.mixup == "classifier-only")
    return passes * (settings.epochs + settings.auxiliary_epochs)
