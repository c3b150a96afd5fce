"""Train runs of one shape together: one program whose every call does the work of all of them.

Comes in: learners that give tensors of the same shapes, and the course of each. Goes out: how each
was trained, and its network with the weights of the chosen epoch. Draws, rates, the best epoch,
early stopping, failure and checkpoint are a run's own. Runs are at one epoch together: those that
have come further when training goes on wait for the others, and a run that is done leaves. On a CPU
its result does not depend on its company in a single bit, as long as the stack has the same number
of networks; places without a run repeat the rows of another one, and are not updated.
"""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import Any

import torch
from torch import Tensor

from uphold.training.networks import Fit
from uphold.training.program import Program
from uphold.training.resuming import as_tensors, below
from uphold.training.sampling import slices
from uphold.training.side_by_side import put, reseed, taken
from uphold.training.stacked_adam import Rule, StackedAdam, clipped
from uphold.training.stacked_run import Course, Learner, StackedRun

JUDGED_AT_ONCE = 512
LOSS = "loss"


def fit_together(
    runs: Sequence[tuple[Learner, Course]],
    program: Program,
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
    program : Program
        What they have in common.
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
        _Stack(those, program, batch_size, device, networks).train(cast)
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
        program: Program,
        batch_size: int,
        device: str,
        networks: int | None,
    ) -> None:
        self.program, self.batch_size, self.device = program, batch_size, torch.device(device)
        self.fixed = networks is not None
        self.places = dict(enumerate(runs))
        models = [run.learner.model for run in runs]
        size = networks or len(runs)
        self.network = program.widened(models[0], size).to(self.device)
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
        return self.adam.networks

    def train(self, cast: Any) -> None:
        """Train every run to its end."""
        self._dismiss()  # a run can have been killed after its last epoch
        while self.places:
            number = min(run.number for run in self.places.values())
            on = {place: run for place, run in self.places.items() if run.number == number}
            waiting = {k: taken(self.network, k) for k in self.places if k not in on}
            met, steps = self._epoch(on, cast)
            for place, outputs in self._judged(on, cast).items():
                run, means = on[place], met[place]
                scores = run.learner.scores(run.number, outputs)
                loss = means.pop(LOSS)
                if run.record(loss, steps, {**scores, **self.program.record(means)}):
                    run.state.best = taken(self.network, place)
                if run.due:
                    run.keep(taken(self.network, place), self.adam.kept(place))
            for place, state in waiting.items():  # normalisations have learned without their run
                put(self.network, place, state)
            self._dismiss()

    def _epoch(
        self, on: Mapping[int, StackedRun], cast: Any
    ) -> tuple[dict[int, dict[str, float]], int]:
        """Train runs for an epoch; return their means of what a step gives, and its steps."""
        self.network.train()
        first = next(iter(on.values()))
        runs = [on.get(place, first) for place in range(self.size)]
        reseed(self.network, [(run.course.seed, run.counted) for run in runs])
        self.program.begin(first.number, self.network, {k: run.learner for k, run in on.items()})
        rows = {place: run.learner.epoch(run.number) for place, run in on.items()}
        x, *parts = zip(*self._each(rows), strict=True)
        others = [torch.stack(part).to(self.device) for part in parts]
        parameters = list(self.network.parameters())
        record: list[dict[str, Tensor]] = []
        rules: list[Rule | None] = [None] * self.size
        updates = self.adam.updates(rules)
        for batch in slices(len(x[0]), self.batch_size):
            with cast:
                means, beside = self.program.losses(
                    self.network,
                    [own[batch].to(self.device) for own in x],
                    [other[:, batch].contiguous() for other in others],
                )
            found = torch.autograd.grad(means.sum(), parameters, allow_unused=True)
            # A kernel's slope can lie channels last; the update goes through memory as it lies.
            gradients = [None if g is None else g.contiguous().unbind() for g in found]
            for place, run in on.items():
                if run.course.clip is not None:
                    clipped([g[place] for g in gradients if g is not None], run.course.clip)
            asked = [on[k].rule(len(record)) if k in on else None for k in range(self.size)]
            if asked != rules:
                rules, updates = asked, self.adam.updates(asked)
            updates.apply(gradients)
            record.append({LOSS: means.detach(), **beside})
        # Run by run: the order in which a mean adds depends on its shape.
        of_steps = {
            name: torch.stack([step[name] for step in record]).T.contiguous().float().cpu()
            for name in record[0]
        }
        return {
            place: {name: float(steps[place].mean()) for name, steps in of_steps.items()}
            for place in on
        }, len(record)

    def _judged(
        self, on: Mapping[int, StackedRun], cast: Any
    ) -> dict[int, dict[str, list[Tensor]]]:
        """Return the outputs of every run's network for what it is judged on."""
        self.network.eval()
        judged = {place: run.learner.judged(run.number) for place, run in on.items()}
        found: dict[int, dict[str, list[Tensor]]] = {place: {} for place in judged}
        for name in dict.fromkeys(name for inputs in judged.values() for name in inputs):
            those = {place: (inputs[name],) for place, inputs in judged.items() if name in inputs}
            x = [own.to(self.device) for (own,) in self._each(those)]
            with torch.inference_mode(), cast:
                split = zip(*(own.split(JUDGED_AT_ONCE) for own in x), strict=True)
                parts = [self.program.outputs(self.network, part) for part in split]
            whole = [torch.cat(part, dim=1).float().cpu() for part in zip(*parts, strict=True)]
            for place in those:
                found[place][name] = [output[place] for output in whole]
        return found

    def _each(self, of_runs: Mapping[int, Sequence[Tensor]]) -> list[Sequence[Tensor]]:
        """Return what every place has; one that has nothing repeats the first that has."""
        first = next(iter(of_runs.values()))
        return [of_runs.get(place, first) for place in range(self.size)]

    def _dismiss(self) -> None:
        """Let the runs go that are done."""
        for place, run in list(self.places.items()):
            if run.done:
                run.finish(taken(self.network, place))
                del self.places[place]
        if not self.fixed and 0 < len(self.places) < self.size:
            staying = list(self.places)
            one = self.places[staying[0]].learner.model
            network = self.program.widened(one, len(staying)).to(self.device)
            for to, place in enumerate(staying):
                put(network, to, taken(self.network, place))
            self.adam.keep(staying, [p.detach() for p in network.parameters()])
            self.network, self.places = network, dict(enumerate(self.places.values()))
