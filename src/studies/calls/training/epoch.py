"""One epoch's batches for all runs of a lane: shuffled, mixed, smoothed, masked, all at once.

Drawing a whole epoch at once and laying it out in the order of use leaves the training steps
nothing to do but arithmetic. Runs of equal seed make equal draws, so that their random bytes are
drawn once.

A batch takes whole blocks of `BLOCK` rows; what is left over is filled up with rows of weight 0.
Vectorized functions treat the last few numbers of an array differently from the others, and matrix
products heed the alignment of theirs: with whole blocks, a run's numbers cannot depend on its place
in the stack.

Shapes: K runs, R rows in memory (of the largest training set), I features, O classes, U hidden
units.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from studies.calls.training.run_state import RunState
from uphold.randomness import generator
from uphold.training import dropout, mixup
from uphold.training.smoothing import smooth

BLOCK = 32


class Batch(NamedTuple):
    """One step's rows of the fields of `Epoch`, for some runs."""

    x: Tensor
    y: Tensor
    weight: Tensor
    logits: Tensor
    masks: list[Tensor]


class Epoch:
    """The batches of one epoch, refilled for each.

    Attributes
    ----------
    x : Tensor (K, R, I)
        Features, dropped ones zero, the others scaled.
    y : Tensor (K, R, O)
        Targets.
    masks : list of Tensor (K, R, U)
        The mask of the hidden layer, scaled; empty if there is none or nothing is dropped.
    logits : Tensor (K, R, O)
        Filled by the training steps.
    weight : Tensor (K, R, 1)
        What each row counts in the mean over its batch and the classes; 0 for rows that fill up.
    rows : list of int
        How many of the rows in memory are each run's.
    """

    def __init__(self, states: Sequence[RunState], device: str) -> None:
        batch = states[0].settings.batch_size
        self._device = device
        self._slots = [_slots(len(state.x), batch).to(device) for state in states]
        self.rows = [len(slots) for slots in self._slots]
        features, classes = states[0].x.shape[1], states[0].y.shape[1]

        def stack(width: int) -> Tensor:
            return torch.zeros(len(states), max(self.rows), width, device=device)

        self.x, self.y, self.logits, self.weight = map(stack, (features, classes, classes, 1))
        for k, slots in enumerate(self._slots):
            of_batch = (slots >= 0).view(-1, _rows(batch))
            share = of_batch / (of_batch.sum(1, keepdim=True) * classes)
            self.weight[k, : len(slots), 0] = share.view(-1)
            slots.clamp_(min=0)
        self._other = torch.zeros(max(self.rows), features, device=device)
        self._drops = any(state.settings.dropout > 0 for state in states)
        hidden = states[0].settings.width
        self.masks = [stack(hidden)] if hidden and self._drops else []
        # The views of every step, made once: in a small head's step they cost as much as the work.
        fields = [self.x, self.y, self.weight, self.logits, *self.masks]
        views = zip(*(field.split(_rows(batch), dim=1) for field in fields), strict=True)
        self._steps = [Batch(x, y, weight, out, masks) for x, y, weight, out, *masks in views]

    def step(self, number: int, runs: int) -> "Batch":
        """Return the batch of one step for the first runs of the stack."""
        batch = self._steps[number]
        if runs == len(self.x):
            return batch
        x, y, weight, logits = (field[:runs] for field in batch[:4])
        return Batch(x, y, weight, logits, [mask[:runs] for mask in batch.masks])

    def fill(self, states: Sequence[RunState]) -> None:
        """Draw the epoch that comes next of every run."""
        noise: dict[tuple[int, int, int, int], Tensor] = {}
        for k, state in enumerate(states):
            self._fill_rows(k, state)
            if self._drops:
                self._drop(k, state, noise)

    def _fill_rows(self, k: int, state: RunState) -> None:
        rows, slots = self.rows[k], self._slots[k]
        x, y, other = self.x[k, :rows], self.y[k, :rows], self._other[:rows]
        order = state.order().to(self._device)[slots]
        torch.index_select(state.x, 0, order, out=x)
        torch.index_select(state.y, 0, order, out=y)
        if state.settings.mixup:
            draws = state.partners()
            partner, weight = (draw.to(self._device)[slots] for draw in draws)
            torch.index_select(state.x, 0, partner, out=other)
            mixup.mix(x, other, weight, out=x)
            mixup.mix(y, state.y[partner], weight, out=y)
        if state.settings.label_smoothing:
            y.copy_(smooth(y, state.settings.smoothing_epsilon))

    def _drop(
        self, k: int, state: RunState, noise: dict[tuple[int, int, int, int], Tensor]
    ) -> None:
        rows, rate = self.rows[k], state.settings.dropout
        for depth, values in enumerate([self.x, *self.masks]):
            key = (state.seed, state.epoch, depth, rows)
            if key not in noise:
                rng = generator(state.seed, "dropout", state.epoch, depth)
                noise[key] = dropout.random_bytes(rng, rows, values.shape[2]).to(self._device)
            if depth == 0:
                values[k, :rows].mul_(dropout.mask(noise[key], rate, out=self._other[:rows]))
            else:
                dropout.mask(noise[key], rate, out=values[k, :rows])


def batches(state: RunState) -> int:
    """Return the number of batches in an epoch of this run."""
    return -(-len(state.x) // state.settings.batch_size)


def _rows(batch: int) -> int:
    """Return the rows in memory of one batch."""
    return -(-batch // BLOCK) * BLOCK


def _slots(examples: int, batch: int) -> Tensor:
    """Return for every row in memory the number of its example in the epoch's order, or -1."""
    steps = -(-examples // batch)
    slots = torch.full((steps, _rows(batch)), -1)
    slots[:, :batch] = torch.arange(steps * batch).view(steps, batch)
    slots[slots >= examples] = -1
    return slots.view(-1)
