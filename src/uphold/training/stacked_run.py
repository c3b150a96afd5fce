"""One run of a stack: what it learns from, how its rate goes, its record, what is best so far."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from math import inf
from typing import Protocol

import numpy as np
from torch import Tensor, nn

from uphold.training.contract import Checkpoint
from uphold.training.networks import Fit
from uphold.training.resuming import State, by_column, packed, unpacked
from uphold.training.stacked_adam import Rule
from uphold.training.stopping import EarlyStopping


class Learner(Protocol):
    """What `stack.fit_together` asks of a run.

    All runs of a stack give tensors of the same shapes. One that takes more from epoch to epoch
    than its network is also `resuming.Remembers`.
    """

    @property
    def model(self) -> nn.Module:
        """The network, with its first weights; it is given those of the chosen epoch."""
        ...

    def epoch(self, number: int) -> Sequence[Tensor]:
        """Return the rows of one epoch, counted from 1, in the order in which they are met.

        What the network takes comes first, (rows, channels, ...), then what the loss is of.
        """
        ...

    def judged(self, number: int) -> Mapping[str, Tensor]:
        """Return what the network is to be judged on after an epoch, by names of its own."""
        ...

    def scores(self, number: int, outputs: Mapping[str, Sequence[Tensor]]) -> Mapping[str, float]:
        """Return the scores of an epoch from the outputs for what is judged."""
        ...


@dataclass(frozen=True)
class Course:
    """How a run is trained.

    Attributes
    ----------
    seed : int
        Dropout draws from it.
    rates : iterable of float
        The learning rate of every epoch. Each is asked for when its epoch begins, so that it can
        follow from the epochs before; training ends with them.
    by_step : callable, optional
        Gives the learning rate of a step, counted from 0 over all epochs, in place of the epoch's.
    chosen_by : str or None
        The score whose best epoch is kept; None keeps the last epoch.
    higher : bool
        Whether a higher score is better.
    patience : float
        Stop once so many epochs in a row have not improved the score.
    weight_decay : float
        Adam's own, part of the gradient, of all parameters.
    decoupled : bool
        Whether the decay is that of AdamW instead, of matrices and kernels alone.
    clip : float, optional
        The largest norm of the gradient.
    first : int
        The number of the first epoch, by which dropout draws; where epochs of another kind come
        before those that count, it is so far below 1. The record counts from 1 anyway.
    checkpoint : Checkpoint, optional
        Where the state after an epoch is kept when that is due, and what training goes on from.
    """

    seed: int
    rates: Iterable[float]
    by_step: Callable[[int], float] | None = None
    chosen_by: str | None = "validation_loss"
    higher: bool = False
    patience: float = inf
    weight_decay: float = 0.0
    decoupled: bool = False
    clip: float | None = None
    first: int = 1
    checkpoint: Checkpoint | None = None


class StackedRun:
    """A run and what its training has come to.

    Attributes
    ----------
    learner : Learner
    course : Course
    state : State
    rate : float
        Of the epoch that comes next, or is on.
    done : bool
        Whether no epoch comes next.
    failure : str or None
    """

    def __init__(self, learner: Learner, course: Course) -> None:
        self.learner, self.course = learner, course
        self.state, self.stopping = State(), EarlyStopping(course.patience)
        self.failure: str | None = None
        self.rate, self.done = 0.0, False
        self._rates: Iterator[float] = iter(())

    @property
    def number(self) -> int:
        """Return the number of the epoch that comes next, or is on."""
        return len(self.state.rows) + 1

    @property
    def counted(self) -> int:
        """Return the number by which dropout draws in that epoch."""
        return self.number + self.course.first - 1

    def begin(self) -> dict[str, np.ndarray] | None:
        """Take up what the checkpoint holds; return it, for the network and the optimizer."""
        kept = None if self.course.checkpoint is None else self.course.checkpoint.read()
        if kept is not None:
            self.state = unpacked(kept, self.learner)
            for row in self.state.rows:
                self._improved(row)
        self._rates = islice(iter(self.course.rates), len(self.state.rows), None)
        self._go_on()
        return kept

    def rule(self, step: int) -> Rule:
        """Return how a step of this epoch, counted from 0, updates the network."""
        by_step = self.course.by_step
        rate = self.rate if by_step is None else by_step(self.state.steps + step)
        apart = self.course.decoupled
        return Rule(rate, self.course.weight_decay, coupled=not apart, matrices=apart)

    def record(self, loss: float, steps: int, scores: Mapping[str, float]) -> bool:
        """Take up an epoch; return whether its weights are the best so far."""
        row = {"epoch": self.number, "train_loss": loss, "learning_rate": self.rate, **scores}
        self.state.rows.append(row)
        self.state.steps += steps
        if not np.isfinite(loss):
            self.failure = f"the training loss is not finite in epoch {row['epoch']}"
            self.done = True
            return False
        best = self._improved(scores)
        self._go_on()
        return best

    @property
    def due(self) -> bool:
        """Whether the state after this epoch is to be kept."""
        checkpoint = self.course.checkpoint
        return self.failure is None and checkpoint is not None and checkpoint.due

    def keep(self, network: Mapping[str, Tensor], adam: Mapping[str, np.ndarray]) -> None:
        """Keep the state in the checkpoint."""
        if self.course.checkpoint is not None:
            self.course.checkpoint.write(packed(self.state, network, adam, self.learner))

    def finish(self, last: Mapping[str, Tensor]) -> None:
        """Give the learner's network the weights of the chosen epoch."""
        self.learner.model.load_state_dict(self.state.best or dict(last))

    @property
    def fit(self) -> Fit:
        """How it was trained."""
        history = by_column(self.state.rows)
        history["epoch"] = history["epoch"].astype(np.int64)
        best = self.stopping.best_epoch if self.state.best else len(self.state.rows)
        return Fit(history, best, self.failure)

    def _improved(self, scores: Mapping[str, float]) -> bool:
        if self.course.chosen_by is None:
            return False
        score = scores[self.course.chosen_by]
        return self.stopping.update(-score if self.course.higher else score)

    def _go_on(self) -> None:
        rate = None if self.stopping.exhausted else next(self._rates, None)
        self.rate, self.done = (0.0, True) if rate is None else (rate, False)
