"""Train one network by automatic differentiation: epochs, rates, validation, the best epoch.

Comes in: a `Learner`, which knows its network, its batches and its loss. Goes out: the history of
its epochs, and the network with the weights of the chosen one. What is promised: every draw
follows from the run's seed, the epoch is chosen on validation data alone, and a loss that is no
longer finite ends the run as a failure with its epoch instead of an error. A run with a checkpoint
goes on from the last epoch that it was kept after.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor, nn

from uphold.training import dropout
from uphold.training.contract import Checkpoint
from uphold.training.resuming import State, by_column, moments, packed, resumed
from uphold.training.stopping import EarlyStopping


class Learner(Protocol):
    """What `fit` asks of a run.

    One that takes more from epoch to epoch than its network is also `resuming.Remembers`.
    """

    @property
    def model(self) -> nn.Module:
        """The network, on the device that it is trained on."""
        ...

    def batches(self, epoch: int) -> Iterable[Any]:
        """Return the batches of one epoch, by the number that `fit` counts it with."""
        ...

    def loss(self, batch: Any) -> Tensor:
        """Return the mean loss of a batch, a scalar; the network is in training mode."""
        ...

    def validate(self) -> Mapping[str, float]:
        """Return scores of the validation data; the network is in evaluation mode."""
        ...


@dataclass(frozen=True)
class Fit:
    """How a network was trained.

    Attributes
    ----------
    history : dict of str to ndarray, each of shape (epochs,)
        ``epoch`` (from 1), ``train_loss``, ``learning_rate`` and what `Learner.validate` gives.
    best_epoch : int
        The epoch whose weights the network has now.
    failure : str or None
        Why it ended early, if it did.
    """

    history: dict[str, np.ndarray]
    best_epoch: int
    failure: str | None = None


def fit(
    learner: Learner,
    rates: Iterable[float],
    *,
    seed: int,
    first: int = 1,
    by_step: Callable[[int], float] | None = None,
    chosen_by: str | None = "validation_loss",
    higher: bool = False,
    patience: float = float("inf"),
    weight_decay: float = 0.0,
    clip: float | None = None,
    mixed_precision: bool = False,
    checkpoint: Checkpoint | None = None,
) -> Fit:
    """Train a network with AdamW (Adam where `weight_decay` is 0).

    Parameters
    ----------
    learner : Learner
        Its network lies on the device that it is trained on.
    rates : iterable of float
        The learning rate of every epoch. Each is asked for when its epoch begins, so that it can
        follow from the epochs before; training ends with them.
    seed : int
        The run's; dropout draws from it.
    first : int
        The number of the first epoch, by which batches and dropout draw; where epochs of another
        kind come before those that count, it is so far below 1. The record counts from 1 anyway.
    by_step : callable, optional
        Gives the learning rate of a step, counted from 0 over all epochs, in place of the epoch's.
    chosen_by : str or None
        The score of `Learner.validate` whose best epoch is kept; None keeps the last epoch.
    higher : bool
        Whether a higher score is better.
    patience : float
        Stop once so many epochs in a row have not improved the score.
    weight_decay : float
        Decoupled, of matrices and kernels alone.
    clip : float, optional
        The largest norm of the gradient.
    mixed_precision : bool
        Whether a GPU computes in bfloat16 where that is safe; without effect on a CPU.
    checkpoint : Checkpoint, optional
        Where the state after an epoch is kept when that is due, and what training goes on from.
    """
    model = learner.model
    device = next(model.parameters()).device
    cast = (
        torch.autocast(device.type, dtype=torch.bfloat16)
        if mixed_precision and device.type == "cuda"
        else nullcontext()
    )
    optimizer = _optimizer(model, weight_decay)
    stopping = EarlyStopping(patience)
    state, failure = State(), None
    kept = None if checkpoint is None else checkpoint.read()
    if kept is not None:
        state = resumed(kept, model, optimizer, learner)

    def improved(scores: Mapping[str, float]) -> bool:
        score = scores[str(chosen_by)]
        return stopping.update(-score if higher else score)

    for row in state.rows if chosen_by is not None else []:
        improved(row)
    for epoch, rate in islice(enumerate(rates, start=1), len(state.rows), None):
        if stopping.exhausted:
            break
        _set_rate(optimizer, rate)
        loss, state.steps = _epoch(
            learner, optimizer, cast, clip, seed, first + epoch - 1, by_step, state.steps
        )
        model.eval()
        with torch.inference_mode(), cast:
            scores = dict(learner.validate())
        state.rows.append({"epoch": epoch, "train_loss": loss, "learning_rate": rate, **scores})
        if not np.isfinite(loss):
            failure = f"the training loss is not finite in epoch {epoch}"
            break
        if chosen_by is not None and improved(scores):
            state.best = {name: value.clone() for name, value in model.state_dict().items()}
        if checkpoint is not None and checkpoint.due:
            checkpoint.write(packed(state, model.state_dict(), moments(optimizer), learner))
    if state.best:
        model.load_state_dict(state.best)
    history = by_column(state.rows)
    history["epoch"] = history["epoch"].astype(np.int64)
    return Fit(history, stopping.best_epoch if state.best else len(state.rows), failure)


def predict(model: nn.Module, *inputs: Tensor, batch_size: int = 512) -> tuple[Tensor, ...]:
    """Return the network's outputs for all rows of its inputs, in evaluation mode, on the CPU.

    Parameters
    ----------
    model : torch.nn.Module
        Gives one tensor or a tuple of them, a row for each row of its inputs.
    *inputs : Tensor of shape (rows, ...)
        On any device; moved to the network's batch by batch.
    """
    model.eval()
    device = next(model.parameters()).device
    parts: list[tuple[Tensor, ...]] = []
    with torch.inference_mode():
        for batch in zip(*(value.split(batch_size) for value in inputs), strict=True):
            out = model(*(value.to(device) for value in batch))
            outputs = out if isinstance(out, tuple) else (out,)
            parts.append(tuple(output.float().cpu() for output in outputs))
    return tuple(torch.cat(part) for part in zip(*parts, strict=True))


def weights(model: nn.Module) -> dict[str, np.ndarray]:
    """Return a copy of all that a network has learnt, running statistics too, by its names."""
    return {name: value.cpu().numpy().copy() for name, value in model.state_dict().items()}


def parameters(model: nn.Module) -> int:
    """Return how many numbers a network learns."""
    return sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)


def _epoch(
    learner: Learner,
    optimizer: torch.optim.Optimizer,
    cast: Any,
    clip: float | None,
    seed: int,
    epoch: int,
    by_step: Callable[[int], float] | None,
    steps: int,
) -> tuple[float, int]:
    """Train for an epoch after so many steps; return its mean loss, and the steps until now."""
    learner.model.train()
    dropout.reseed(learner.model, seed, epoch)
    losses: list[Tensor] = []
    for batch in learner.batches(epoch):
        if by_step is not None:
            _set_rate(optimizer, by_step(steps + len(losses)))
        optimizer.zero_grad(set_to_none=True)
        with cast:
            loss = learner.loss(batch)
        loss.backward()
        if clip is not None:
            nn.utils.clip_grad_norm_(learner.model.parameters(), clip)
        optimizer.step()
        losses.append(loss.detach())
    return float(torch.stack(losses).mean()), steps + len(losses)


def _set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    for group in optimizer.param_groups:
        group["lr"] = rate


def _optimizer(model: nn.Module, weight_decay: float) -> torch.optim.Optimizer:
    decayed = [p for p in model.parameters() if p.requires_grad and p.dim() > 1]
    others = [p for p in model.parameters() if p.requires_grad and p.dim() <= 1]
    groups = [
        {"params": decayed, "weight_decay": weight_decay},
        {"params": others, "weight_decay": 0.0},
    ]
    # The rate is set before the first step of every epoch.
    # Fused: a step over many small parameters takes half the time.
    return torch.optim.AdamW([group for group in groups if group["params"]], lr=0.0, fused=True)
