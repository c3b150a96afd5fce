"""The state of a network in training as a checkpoint keeps it: flat arrays, and back.

What is promised: a run that goes on from the state after an epoch gives what it would have given
without the interruption, on a CPU in every bit. That takes all that an epoch leaves to the next
ones: the network, the optimizer's moments and steps, the weights that are best so far, the record
of the epochs, and what a learner remembers. Draws are not among it: they follow from the run's
seed and the epoch.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

import numpy as np
import torch
from torch import Tensor, nn


@dataclass
class State:
    """What training has come to, the network and its optimizer apart.

    Attributes
    ----------
    rows : list of dict
        The record of every epoch so far.
    steps : int
        How many steps the optimizer has taken.
    best : dict of str to Tensor
        The weights after the best epoch so far; empty before any.
    """

    rows: list[dict[str, float]] = field(default_factory=list)
    steps: int = 0
    best: dict[str, Tensor] = field(default_factory=dict)


@runtime_checkable
class Remembers(Protocol):
    """A learner that takes more from one epoch to the next than its network."""

    def memory(self) -> Mapping[str, np.ndarray]:
        """Return what cannot be told from the record of the epochs."""

    def remember(self, memory: Mapping[str, np.ndarray], history: Mapping[str, np.ndarray]) -> None:
        """Take up what `memory` gave, and the record of the epochs by column."""


def by_column(rows: Sequence[Mapping[str, float]]) -> dict[str, np.ndarray]:
    """Return the record of epochs as arrays of shape (epochs,)."""
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def packed(
    state: State,
    network: Mapping[str, Tensor],
    optimizer: Mapping[str, np.ndarray],
    learner: object,
) -> dict[str, np.ndarray]:
    """Return all that an epoch leaves to the next ones.

    Parameters
    ----------
    state : State
    network : mapping of str to Tensor
        Its ``state_dict``.
    optimizer : mapping of str to ndarray
        What `moments` gives, or an optimizer of its own kind.
    learner : object
        Where it `Remembers`, its memory is kept.
    """
    return {
        "steps": np.array(state.steps),
        **under("history", by_column(state.rows)),
        **under("network", as_arrays(network)),
        **under("optimizer", optimizer),
        **under("best", as_arrays(state.best)),
        **(under("memory", learner.memory()) if isinstance(learner, Remembers) else {}),
    }


def moments(optimizer: torch.optim.Optimizer) -> dict[str, np.ndarray]:
    """Return what an optimizer knows of every parameter, by the parameter's place."""
    return as_arrays(
        {
            f"{place}.{name}": value
            for place, values in optimizer.state_dict()["state"].items()
            for name, value in values.items()
        }
    )


def resumed(
    arrays: Mapping[str, np.ndarray],
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    learner: object,
) -> State:
    """Put a network, its optimizer and a learner into a state that was kept; return the rest."""
    model.load_state_dict(as_tensors(below("network", arrays)))
    of_each: dict[int, dict[str, Tensor]] = {}
    for name, value in as_tensors(below("optimizer", arrays)).items():
        place, _, moment = name.partition(".")
        of_each.setdefault(int(place), {})[moment] = value
    optimizer.load_state_dict({**optimizer.state_dict(), "state": of_each})
    for parameter, values in optimizer.state.items():
        for name, value in values.items():
            if value.shape == parameter.shape:  # laid out in memory as the parameter is
                values[name] = torch.empty_like(parameter).copy_(value)
    return unpacked(arrays, learner)


def unpacked(arrays: Mapping[str, np.ndarray], learner: object) -> State:
    """Return the state that was packed, and put a learner that `Remembers` into it."""
    history = below("history", arrays)
    if isinstance(learner, Remembers):
        learner.remember(below("memory", arrays), history)
    return State(by_row(history), int(arrays["steps"]), as_tensors(below("best", arrays)))


def by_row(columns: Mapping[str, np.ndarray]) -> list[dict[str, float]]:
    """Return what `by_column` gave as the record that it was made of."""
    rows = zip(*(values.tolist() for values in columns.values()), strict=True)
    return [dict(zip(columns, row, strict=True)) for row in rows]


def under(part: str, arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return arrays with their names put under that of the part that they belong to."""
    return {f"{part}/{name}": values for name, values in arrays.items()}


def below(part: str, arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the arrays of one part, by their own names."""
    start = f"{part}/"
    return {n.removeprefix(start): v for n, v in arrays.items() if n.startswith(start)}


def as_arrays(tensors: Mapping[str, Tensor]) -> dict[str, np.ndarray]:
    """Return tensors as a checkpoint holds them."""
    return {name: values.detach().cpu().numpy() for name, values in tensors.items()}


def as_tensors(arrays: Mapping[str, np.ndarray]) -> dict[str, Tensor]:
    """Return copies of arrays as tensors."""
    return {name: torch.tensor(values) for name, values in arrays.items()}
