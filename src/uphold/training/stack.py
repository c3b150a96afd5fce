"""Train runs of one shape together: one program whose every call does the work of all of them.

Comes in: learners that give tensors of the same shapes, and the course of each. Goes out: how each
was trained, and its network with the weights of the chosen epoch. Draws, rates, the best epoch,
early stopping, failure and checkpoint are a run's own: some can be further than others, and a run
that is done leaves. On a CPU its result does not depend on its company in a single bit, as long as
the stack has the same number of networks; places without a run repeat the rows of another one, and
are not updated.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from typing import Any

import torch
from torch import Tensor

from uphold.training.networks import Fit
from uphold.training.resuming import as_tensors, below
from uphold.training.sampling import slices
from uphold.training.side_by_side import put, reseed, side_by_side, taken
from uphold.training.stacked_adam import StackedAdam
from uphold.training.stacked_run import Course, Learner, StackedRun

Loss = Callable[[Sequence[Tensor], Sequence[Tensor]], Tensor]
"""From outputs and what else a batch holds, each (runs, rows, ...), to losses of shape (runs,)."""

JUDGED_AT_ONCE = 512


def fit_together(
    runs: Sequence[tuple[Learner, Course]],
    loss: Loss,
    *,
    batch_size: int,
    device: str,
    networks: int | None = None,
    mixed_precision: bool = False,
) -> list[Fit]:
    """Train runs with Adam.

    Parameters
    ----------
    runs : sequence of (Learner, Course)
        With networks of one shape.
    loss : callable
        Gives the mean loss of a batch of each run.
    batch_size : int
        No batch has more rows.
    device : str
    networks : int, optional
        How many networks are trained as one: those beyond the runs are computed and not used, and
        runs beyond come after. By default just the runs that are not done.
    mixed_precision : bool
        Whether a GPU computes in bfloat16 where that is safe; without effect on a CPU.
    """
    of_all = [StackedRun(*run) for run in runs]
    half = mixed_precision and torch.device(device).type == "cuda"
    cast = torch.autocast("cuda", dtype=torch.bfloat16) if half else nullcontext()
    most = networks or len(of_all)
    for start in range(0, len(of_all), most):
        those = of_all[start : start + most]
        _Stack(those, loss, batch_size, device, networks).train(cast)
    return [run.fit for run in of_all]


class _Stack:
    """The networks of the runs that go on, each at its place.

    Attributes
    ----------
    places : dict of int to StackedRun
    network : torch.nn.Module
        All networks side by side.
    fixed : bool
        Whether it has the same number of networks to the end.
    """

    def __init__(
        self,
        runs: Sequence[StackedRun],
        loss: Loss,
        batch_size: int,
        device: str,
        networks: int | None,
    ) -> None:
        self.loss, self.batch_size, self.device = loss, batch_size, torch.device(device)
        self.fixed = networks is not None
        self.places = dict(enumerate(runs))
        models = [run.learner.model for run in runs]
        size = networks or len(runs)
        self.network = side_by_side(models[0], size).to(self.device)
        for place in range(size):
            put(self.network, place, models[min(place, len(models) - 1)].state_dict())
        self.adam = StackedAdam([p.detach() for p in self.network.parameters()])
        for place, run in self.places.items():
            if kept := run.begin():
                put(self.network, place, as_tensors(below("network", kept)))
                self.adam.restore(place, below("optimizer", kept))

    @property
    def size(self) -> int:
        """How many networks there are, used or not."""
        return len(self.adam.steps)

    def train(self, cast: Any) -> None:
        """Train every run to its end."""
        self._dismiss()  # a run can have been killed after its last epoch
        while self.places:
            losses, steps = self._epoch(cast)
            for place, outputs in self._judged(cast).items():
                run = self.places[place]
                scores = run.learner.scores(run.number, outputs)
                if run.record(losses[place], steps, scores):
                    run.state.best = taken(self.network, place)
                if run.due:
                    run.keep(taken(self.network, place), self.adam.kept(place))
            self._dismiss()

    def _epoch(self, cast: Any) -> tuple[dict[int, float], int]:
        """Train every run for an epoch; return their mean losses, and how many steps it had."""
        self.network.train()
        runs = [self._at(place) for place in range(self.size)]
        reseed(self.network, [(run.course.seed, run.number) for run in runs])
        rows = {place: run.learner.epoch(run.number) for place, run in self.places.items()}
        x, *parts = zip(*self._each(rows), strict=True)
        others = [torch.stack(part).to(self.device) for part in parts]
        losses: list[Tensor] = []
        for batch in slices(len(x[0]), self.batch_size):
            with cast:
                outputs = self._outputs([own[batch] for own in x])
                means = self.loss(outputs, [other[:, batch].contiguous() for other in others])
            parameters = list(self.network.parameters())
            gradients = torch.autograd.grad(means.sum(), parameters)
            rules = [
                self.places[k].rule(len(losses)) if k in self.places else None
                for k in range(self.size)
            ]
            # A kernel's slope can lie channels last; the update goes through memory as it lies.
            self.adam.updates(rules).apply([g.contiguous().unbind() for g in gradients])
            losses.append(means.detach())
        # Run by run: the order in which a mean adds depends on its shape.
        of_steps = torch.stack(losses).T.contiguous().cpu()
        return {place: float(of_steps[place].mean()) for place in self.places}, len(losses)

    def _judged(self, cast: Any) -> dict[int, dict[str, list[Tensor]]]:
        """Return the outputs of every run's network for what it is judged on."""
        self.network.eval()
        judged = {place: run.learner.judged(run.number) for place, run in self.places.items()}
        found: dict[int, dict[str, list[Tensor]]] = {place: {} for place in judged}
        for name in dict.fromkeys(name for inputs in judged.values() for name in inputs):
            those = {place: (inputs[name],) for place, inputs in judged.items() if name in inputs}
            x = [own for (own,) in self._each(those)]
            with torch.inference_mode(), cast:
                split = zip(*(own.split(JUDGED_AT_ONCE) for own in x), strict=True)
                parts = [self._outputs(part) for part in split]
            whole = [torch.cat(part, dim=1).float().cpu() for part in zip(*parts, strict=True)]
            for place in those:
                found[place][name] = [output[place] for output in whole]
        return found

    def _each(self, of_runs: Mapping[int, Sequence[Tensor]]) -> list[Sequence[Tensor]]:
        """Return what every place has; one that has nothing repeats the first that has."""
        first = next(iter(of_runs.values()))
        return [of_runs.get(place, first) for place in range(self.size)]

    def _outputs(self, of_each: Sequence[Tensor]) -> list[Tensor]:
        """Return the outputs for some rows of each, all of shape (networks, rows, features)."""
        x = torch.cat([own.to(self.device) for own in of_each], dim=1)
        # Channels last: grouped convolutions take half the time on a CPU.
        out = self.network(x.contiguous(memory_format=torch.channels_last))
        outputs = out if isinstance(out, tuple) else (out,)
        shape = len(of_each[0]), self.size, -1
        return [output.reshape(shape).transpose(0, 1).contiguous() for output in outputs]

    def _at(self, place: int) -> StackedRun:
        return self.places.get(place) or next(iter(self.places.values()))

    def _dismiss(self) -> None:
        """Let the runs go that are done."""
        for place, run in list(self.places.items()):
            if run.done:
                run.finish(taken(self.network, place))
                del self.places[place]
        if not self.fixed and 0 < len(self.places) < self.size:
            staying = list(self.places)
            one = self.places[staying[0]].learner.model
            network = side_by_side(one, len(staying)).to(self.device)
            for to, place in enumerate(staying):
                put(network, to, taken(self.network, place))
            self.adam.keep(staying)
            self.adam.parameters[:] = [p.detach() for p in network.parameters()]
            self.network, self.places = network, dict(enumerate(self.places.values()))
