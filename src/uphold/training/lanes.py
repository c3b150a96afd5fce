"""Train many runs at once: the runs' lanes on an executor.

Comes in: a study, runs, the folder of its prepared data, where to train. Goes out: every run's
result as soon as its lane has ended. Where that is changes no result.
"""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from uphold.threads import one_thread
from uphold.training import arithmetic, devices
from uphold.training.attempts import TrainingError
from uphold.training.contract import RunSettings, Step, Task, Trainable
from uphold.training.executors.local import Local
from uphold.training.executors.seam import Ended, Executor, Work

__all__ = ["TrainingError", "train_in_lanes"]


def train_in_lanes(
    study: Trainable,
    tasks: Sequence[Task[RunSettings]],
    folder: Path,
    executor: Executor | None = None,
    device: str | None = None,
) -> Iterator[Step]:
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
    executor : Executor, optional
        Where they are trained. By default on this machine, one process for each usable core.
    device : str, optional
        ``"cpu"`` or ``"cuda"``. By default what the executor trains on.

    Yields
    ------
    Step
        The run, its result, its share of its lane's seconds, and where it was trained.

    Raises
    ------
    InputError
        If data, settings or the device cannot be used, or a run takes more than there is.
    TrainingError
        If a lane fails or a worker dies. No worker is left behind then, nor when the iterator is
        closed early or interrupted.
    """
    if not tasks:
        return iter(())
    executor, resources = executor or Local(), study.resources
    device = devices.choose(device) if device else executor.device(resources)
    count = executor.workers(resources, device)
    training = study.module("training")
    data = arithmetic.load(training, folder)
    with one_thread():
        lanes = training.plan(tasks, data, device, count)
    return _results(executor.submit(Work(study, lanes, folder, data, device)))


def _results(attempts: Generator[Ended, None, None]) -> Iterator[Step]:
    """Yield the runs of lanes as these end."""
    # Closed here and now, not when the garbage of an error is collected: it holds the workers.
    with closing(attempts):
        for lane, outcome in attempts:
            if outcome.error:
                raise outcome.error
            seconds = outcome.seconds / len(lane)
            for task, result in zip(lane, outcome.results, strict=True):
                yield Step(task, result, seconds, outcome.place)
