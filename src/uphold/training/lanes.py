"""Train many runs at once: the runs' lanes on worker processes, or one after the other.

Comes in: a study, runs, the folder of its prepared data. Goes out: every run's result as soon as
its lane has ended. On a CPU there is one process a core, each with one thread; on a GPU, where a
lane fills the device, lanes follow one another in this process. Which of these it is changes no
result.
"""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from uphold.threads import one_thread
from uphold.training import arithmetic, devices
from uphold.training.attempts import TrainingError, attempt
from uphold.training.contract import Result, RunSettings, Task, Trainable
from uphold.training.workers import Ended, train_on_workers

__all__ = ["TrainingError", "train_in_lanes"]


def train_in_lanes(
    study: Trainable,
    tasks: Sequence[Task[RunSettings]],
    folder: Path,
    workers: int | None = None,
    device: str | None = None,
) -> Iterator[tuple[Task[RunSettings], Result, float]]:
    """Train runs and yield each with its result as soon as its lane has ended.

    Data are loaded, and workers begin, when this is called.

    Parameters
    ----------
    study : Trainable
        Its module ``training`` provides ``load``, ``plan`` and ``train``.
    tasks : sequence of Task
        The runs, in any order.
    folder : Path
        The prepared data.
    workers : int, optional
        How many processes train at once on a CPU. By default one for each usable core.
    device : str, optional
        ``"cpu"`` or ``"cuda"``. By default a GPU where there is one.

    Yields
    ------
    (Task, Result, float)
        The run, its result, and its share of its lane's seconds.

    Raises
    ------
    InputError
        If data, settings or the device cannot be used.
    TrainingError
        If a lane fails or a worker dies. No worker is left behind then, nor when the iterator is
        closed early or interrupted.
    """
    if not tasks:
        return iter(())
    device = devices.choose(device)
    count = workers or devices.cores()
    training = study.module("training")
    data = arithmetic.load(training, folder)
    with one_thread():
        lanes = training.plan(tasks, data, device, count)
    count = min(count, len(lanes)) if device == "cpu" else 1
    attempts = (
        train_on_workers(study, lanes, folder, data, device, count)
        if count > 1
        else ((lane, attempt(training, lane, data, device)) for lane in lanes)
    )
    return _results(attempts)


def _results(
    attempts: Generator[Ended, None, None],
) -> Iterator[tuple[Task[RunSettings], Result, float]]:
    """Yield the runs of lanes as these end."""
    # Closed here and now, not when the garbage of an error is collected: it holds the workers.
    with closing(attempts):
        for lane, outcome in attempts:
            if outcome.error:
                raise outcome.error
            for task, result in zip(lane, outcome.results, strict=True):
                yield task, result, outcome.seconds / len(lane)
