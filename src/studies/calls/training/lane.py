"""Train one lane: runs that share a program, side by side in one stack of heads.

Comes in: tasks with equal `program`, prepared data, a device. Goes out: a result for each task, in
their order. Nothing is read or written elsewhere. A run's draws, batches, rates and record are its
own, so that its result does not depend on the other runs of the lane: on a CPU not in a single bit,
on a GPU up to rounding.
"""

from collections.abc import Sequence

import torch

from studies.calls.settings.run import CallsRun
from studies.calls.training.dense import Batched, Looped, Products
from studies.calls.training.loading import CallsData
from studies.calls.training.run_state import RunState
from studies.calls.training.stack import Stack
from uphold.training.contract import Result, Task


def program(settings: CallsRun) -> tuple[int, int, bool]:
    """Return what the runs of one lane have in common."""
    return settings.width, settings.batch_size, settings.focal_loss


def train(
    lane: Sequence[Task[CallsRun]],
    data: CallsData,
    device: str,
    *,
    products: Products | None = None,
) -> list[Result]:
    """Train the runs of one lane.

    Parameters
    ----------
    lane : sequence of Task
        Runs with equal `program`.
    data : CallsData
        What `load` gave.
    device : str
        ``"cpu"`` or ``"cuda"``.
    products : Products, optional
        How the matrix products are done. By default network by network on a CPU and all in one
        call on a GPU.

    Returns
    -------
    list of Result
        In the order of the lane. Predictions are probabilities, float32, of shape (items, classes)
        for each of the splits ``validation``, ``iid`` and ``ood``; none if the run failed because
        its loss was no longer finite.

    Raises
    ------
    InputError
        If the settings of a run leave it nothing to train on.
    """
    if len({program(task.settings) for task in lane}) != 1:
        raise ValueError("The runs of a lane must share a program.")
    if products is None:
        products = Looped() if torch.device(device).type == "cpu" else Batched()
    states = [RunState.start(task, data, device) for task in lane]
    Stack(states, data.to(device), device, products).run()
    return [state.result for state in states]  # type: ignore[misc]  # each is finished
