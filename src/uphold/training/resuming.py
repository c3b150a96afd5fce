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
    state: State, model: nn.Module, optimizer: torch.optim.Optimizer, learner: object
) -> dict[str, np.ndarray]:
    """Return all that an epoch leaves to the next ones."""
    moments = {
        f"{place}.{name}": value
        for place, values in optimizer.state_dict()["state"].items()
        for name, value in values.items()
    }
    return {
        "steps": np.array(state.steps),
        **_under("history", by_column(state.rows)),
        **_under("network", _arrays(model.state_dict())),
        **_under("optimizer", _arrays(moments)),
        **_under("best", _arrays(state.best)),
        **(_under("memory", learner.memory()) if isinstance(learner, Remembers) else {}),
    }


def resumed(
    arrays: Mapping[str, np.ndarray],
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    learner: object,
) -> State:
    """Put a network, its optimizer and a learner into a state that was kept; return the rest."""
    device = next(model.parameters()).device
    model.load_state_dict(_tensors(_below("network", arrays)))
    moments: dict[int, dict[str, Tensor]] = {}
    for name, value in _tensors(_below("optimizer", arrays)).items():
        place, _, moment = name.partition(".")
        moments.setdefault(int(place), {})[moment] = value
    optimizer.load_state_dict({**optimizer.state_dict(), "state": moments})
    for parameter, values in optimizer.state.items():
        for name, value in values.items():
            if value.shape == parameter.shape:  # laid out in memory as the parameter is
                values[name] = torch.empty_like(parameter).copy_(value)
    history = _below("history", arrays)
    if isinstance(learner, Remembers):
        learner.remember(_below("memory", arrays), history)
    columns = [values.tolist() for values in history.values()]
    rows = [dict(zip(history, row, strict=True)) for row in zip(*columns, strict=True)]
    best = {n: v.to(device) for n, v in _tensors(_below("best", arrays)).items()}
    return State(rows, int(arrays["steps"]), best)


def _under(part: str, arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {f"{part}/{name}": values for name, values in arrays.items()}


def _below(part: str, arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    start = f"{part}/"
    return {n.removeprefix(start): v for n, v in arrays.items() if n.startswith(start)}


def _arrays(tensors: Mapping[str, Tensor]) -> dict[str, np.ndarray]:
    return {name: values.detach().cpu().numpy() for name, values in tensors.items()}


def _tensors(arrays: Mapping[str, np.ndarray]) -> dict[str, Tensor]:
    return {name: torch.tensor(values) for name, values in arrays.items()}
