"""The heads of one lane in training, step by step.

A run leaves the stack after its last epoch, when its patience is used up, or when its loss is no
longer finite; the others go on. Within an epoch, runs with more training rows have more steps: the
stack is sorted, so that the runs with a step left are always the first ones. Each run has an epoch
of its own: those that go on from a checkpoint are further than the others.
"""

from collections.abc import Sequence
from itertools import groupby

import numpy as np
import torch
from torch import Tensor

from studies.calls.training import head
from studies.calls.training.dense import Layer, Products, backward, forward
from studies.calls.training.epoch import Epoch, batches
from studies.calls.training.loading import CallsData, Rows
from studies.calls.training.losses import CrossEntropy, Focal, Loss
from studies.calls.training.run_state import RunState
from uphold.training.stacked_adam import Rule, StackedAdam


class Stack:
    """The heads of a lane and the runs that they belong to.

    Parameters
    ----------
    states : sequence of RunState
        Runs that have not begun; those whose checkpoint holds a state go on from it. Each is given
        its result by `run`.
    data : CallsData
        With what is predicted on the device.
    device : str
    products : Products
        How the matrix products are done.
    """

    def __init__(
        self, states: Sequence[RunState], data: CallsData, device: str, products: Products
    ) -> None:
        self.states = sorted(states, key=batches, reverse=True)
        self.data, self.device, self.products = data, device, products
        first = self.states[0]
        sizes = first.x.shape[1], first.settings.width, first.y.shape[1]
        self.size = head.parameters(*sizes)
        layers = head.initial(head.widths(*sizes), [t.seed for t in self.states], device)
        self.adam = StackedAdam([tensor for layer in layers for tensor in layer])
        for k, state in enumerate(self.states):
            kept = state.checkpoint and state.checkpoint.read()
            if kept:
                state.resume(kept)
                self.adam.restore(k, kept)

    def run(self) -> None:
        """Train every run to its end."""
        self._dismiss()  # a run can have been killed after its last epoch
        epoch = Epoch(self.states, self.device) if self.states else None
        while epoch is not None:
            epoch.fill(self.states)
            self._train(epoch)
            self._record(self._train_losses(epoch), self._validation_losses())
            if self._dismiss():
                epoch = Epoch(self.states, self.device) if self.states else None
            self._keep()

    def _train(self, epoch: Epoch) -> None:
        """Take every step of one epoch."""
        rules = [_rule(state) for state in self.states]
        steps = [batches(state) for state in self.states]
        for running, those in groupby(range(steps[0]), lambda s: sum(n > s for n in steps)):
            layers = self._layers(slice(running))
            loss = _loss(self.states[:running], self.device)
            updates = self.adam.updates(rules[:running])
            for step in those:
                batch = epoch.step(step, running)
                values = forward(self.products, layers, batch.x, batch.masks)
                slope = loss.slope(values[-1], batch.y).mul_(batch.weight)
                updates.apply(backward(self.products, layers, values, slope, batch.masks))
                batch.logits.copy_(values[-1])

    # Sums and means are taken run by run: the order in which a reduction adds depends on its shape.

    def _train_losses(self, epoch: Epoch) -> list[float]:
        """Return the mean loss over the rows of the epoch, as they were when they were used."""
        losses = _loss(self.states, self.device).value(epoch.logits, epoch.y)
        losses *= epoch.weight > 0
        sums = [of_run[:rows].sum() for of_run, rows in zip(losses, epoch.rows, strict=True)]
        sums = torch.stack(sums).tolist()
        return [s / state.y.numel() for s, state in zip(sums, self.states, strict=True)]

    def _validation_losses(self) -> list[float]:
        """Return the mean cross-entropy on the validation split."""
        rows = self.data.validation
        x = rows.x.expand(len(self.states), -1, -1)
        logits = forward(self.products, self._layers(slice(None)), x)[-1]
        means = [CrossEntropy().value(of_run, rows.y).mean() for of_run in logits]
        return torch.stack(means).tolist()

    def _record(self, train: Sequence[float], validation: Sequence[float]) -> None:
        for k, state in enumerate(self.states):
            if state.record(train[k], validation[k]):
                state.best = [p[k : k + 1].clone() for p in self.adam.parameters]

    def _dismiss(self) -> bool:
        """Give the runs that are done their results; return whether there were any."""
        staying = []
        for k, state in enumerate(self.states):
            if state.done:
                layers = _layers(state.best or [p[k : k + 1] for p in self.adam.parameters])
                state.finish(self._predictions(layers), self.size, head.weights(layers))
            else:
                staying.append(k)
        if len(staying) == len(self.states):
            return False
        self.states = [self.states[k] for k in staying]
        self.adam.keep(staying)
        return True

    def _keep(self) -> None:
        """Keep the state of each run that goes on, where that is due."""
        for k, state in enumerate(self.states):
            if state.checkpoint is not None and state.checkpoint.due:
                state.checkpoint.write({**state.kept(), **self.adam.kept(k)})

    def _predictions(self, layers: Sequence[Layer]) -> dict[str, np.ndarray]:
        splits: dict[str, Rows] = {"validation": self.data.validation, **self.data.tests}
        logits = {n: forward(self.products, layers, s.x[None])[-1][0] for n, s in splits.items()}
        return {name: torch.sigmoid(z).cpu().numpy() for name, z in logits.items()}

    def _layers(self, networks: slice) -> list[Layer]:
        return _layers([p[networks] for p in self.adam.parameters])


def _layers(parameters: Sequence[Tensor]) -> list[Layer]:
    """Pair weights and biases."""
    return [Layer(*pair) for pair in zip(parameters[::2], parameters[1::2], strict=True)]


def _rule(state: RunState) -> Rule:
    decay = state.settings.weight_decay if state.settings.optimizer == "adamw" else 0.0
    return Rule(state.rates[state.epoch - 1], decay)


def _loss(states: Sequence[RunState], device: str) -> Loss:
    """Return the loss of the runs, all of them focal or none."""
    settings = [state.settings for state in states]
    if not settings[0].focal_loss:
        return CrossEntropy()
    strengths = [[s.focal_gamma for s in settings], [s.focal_alpha for s in settings]]
    gamma, alpha = torch.tensor(strengths, device=device)[:, :, None, None]
    return Focal(gamma, alpha)
