"""Divide runs into lanes.

On a CPU a head whose weights, gradients and moments outgrow the cache is trained alone, one
process a core; smaller heads, for which the calls cost more than the arithmetic, go side by side.
On a GPU a lane takes all runs that share a program, as many as its memory holds.
"""

from collections.abc import Sequence
from itertools import groupby

import torch

from studies.calls.settings.run import CallsRun
from studies.calls.training import head
from studies.calls.training.lane import program
from studies.calls.training.loading import CallsData
from studies.calls.training.training_set import size
from uphold.training import company
from uphold.training.contract import Task

# Bytes of the weights, gradients and moments of one head, up to which it has company on a CPU.
# Measured on cores with 1 MiB of level-2 cache: four heads side by side take 40 % less time each
# than one alone at .25 MiB, 5 to 10 % less at 2 and 4 MiB, and 10 % more at 8 MiB.
SMALL = 4 * 2**20
# More heads than this side by side gain nothing on a CPU.
COMPANY = 8
# Heads with other widths have no company: their weights would not all lie on whole cache lines,
# on which the last bits of a matrix product can depend.
WIDTH = 16


def plan(
    tasks: Sequence[Task[CallsRun]], data: CallsData, device: str, workers: int
) -> list[list[Task[CallsRun]]]:
    """Divide runs into lanes, the longest lanes first, so that the workers finish together.

    Parameters
    ----------
    tasks : sequence of Task
        The runs to be trained.
    data : CallsData
        What `load` gave.
    device : str
        ``"cpu"`` or ``"cuda"``.
    workers : int
        How many lanes are trained at once.

    Raises
    ------
    InputError
        If the settings of a run leave it nothing to train on.
    """
    rows = {task: size(task.settings, task.seed, data) for task in tasks}

    def work(lane: Sequence[Task[CallsRun]]) -> float:
        return sum(_work(task, rows[task]) for task in lane)

    lanes: list[list[Task[CallsRun]]] = []
    for _, group in groupby(sorted(tasks, key=_program), key=_program):
        runs = sorted(group, key=lambda task: -_work(task, rows[task]))
        largest = max(rows[task] for task in runs)
        fits = _company(runs[0], largest, data, device)
        length = min(fits, -(-len(runs) // workers))
        lanes += [runs[start : start + length] for start in range(0, len(runs), length)]
    return sorted(lanes, key=lambda lane: -work(lane))


def _program(task: Task[CallsRun]) -> tuple[int, int, bool]:
    return program(task.settings)


def _work(task: Task[CallsRun], rows: int) -> float:
    """Return a run's time in arbitrary units: steps times what a step costs, fixed costs in it."""
    settings = task.settings
    return settings.epochs * -(-rows // settings.batch_size) * (settings.width + 50)


def _company(task: Task[CallsRun], rows: int, data: CallsData, device: str) -> int:
    """Return how many heads like this one go side by side, itself included."""
    hidden, features = task.settings.width, data.train.x.shape[1]
    classes = data.train.y.shape[1]
    state = 16 * head.parameters(features, hidden, classes)
    if torch.device(device).type == "cpu":
        aligned = features % WIDTH == hidden % WIDTH == 0
        return COMPANY if state <= SMALL and aligned else 1
    # A head's weights, gradients, moments and best weights; two copies of its training set and its
    # masks; the hidden values of the validation split and of the gradients on their way.
    validation = len(data.validation.x)
    bytes_a_head = 1.5 * state + 4 * rows * (2 * features + hidden) + 8 * validation * (hidden + 1)
    return company.on_gpu(bytes_a_head, device)
