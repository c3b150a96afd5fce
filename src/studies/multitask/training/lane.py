"""Runs, each a lane of its own: divide them, train them."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from math import inf

import numpy as np
import torch

from studies.multitask.settings.run import MultitaskRun
from studies.multitask.training.learner import Learner
from studies.multitask.training.loading import MultitaskData
from studies.multitask.training.network import TRUNK, Network
from uphold.training.channels_last import channels_last
from uphold.training.contract import Result, Task
from uphold.training.division import divide
from uphold.training.initial import initialise
from uphold.training.networks import fit, parameters, predict, weights
from uphold.training.step_rates import cosine, on_plateaus


def plan(
    tasks: Sequence[Task[MultitaskRun]], data: MultitaskData, device: str, workers: int
) -> list[list[Task[MultitaskRun]]]:
    """Divide runs into lanes: each run by itself, the longest first."""
    del data, device, workers
    return divide(tasks, _work)


def train(lane: Sequence[Task[MultitaskRun]], data: MultitaskData, device: str) -> list[Result]:
    """Return the result of every run of a lane; nothing that a run does touches another."""
    data = data.to(device)
    return [_run(task, data, device) for task in lane]


def _run(task: Task[MultitaskRun], data: MultitaskData, device: str) -> Result:
    settings = task.settings
    model = Network(settings.stem_width)
    initialise(model, task.seed)
    # Channels last: separable convolutions take half the time on a CPU.
    model = channels_last(model.to(device))
    learner = Learner(model, settings, task.seed, data)
    found = fit(
        learner,
        _by_epoch(learner),
        seed=task.seed,
        by_step=_by_step(learner),
        chosen_by="validation_loss" if settings.early_stopping else None,
        patience=settings.patience if settings.early_stopping else inf,
        checkpoint=task.checkpoint,
    )
    facts: dict[str, int | float | str] = {
        "train_items": len(data.train),
        "training_set": data.digest,
        "parameters": parameters(model),
        "epochs_run": len(found.history["epoch"]),
    }
    if settings.schedule == "plateau":
        facts["rate_cuts"] = int((np.diff(found.history["learning_rate"]) < 0).sum())
    if found.failure is not None:
        return Result({}, found.history, facts, found.failure)
    splits = {"validation": data.validation, "test": data.test}
    predictions = {name: outputs(model, rows.x) for name, rows in splits.items()}
    facts["best_epoch"] = found.best_epoch
    learnt = {**weights(model), **data.standard.arrays()}
    return Result(predictions, found.history, facts, weights=learnt)


def _by_epoch(learner: Learner) -> Iterable[float]:
    """Return the rate of each epoch, which is that of its first step."""
    settings, epochs = learner.settings, learner.settings.epochs
    peak = settings.learning_rate
    if settings.schedule == "cosine":
        return [cosine(epoch, epochs, peak, settings.rate_floor) for epoch in range(epochs)]
    if settings.schedule == "plateau":
        return on_plateaus(
            peak,
            epochs,
            learner.losses,
            factor=settings.plateau_factor,
            patience=settings.plateau_patience,
            min_delta=settings.plateau_min_delta,
        )
    return [peak] * epochs


def _by_step(learner: Learner) -> Callable[[int], float] | None:
    """Return the rate of each step of a cosine decay."""
    settings = learner.settings
    if settings.schedule != "cosine":
        return None
    steps = settings.epochs * learner.steps
    return partial(cosine, steps=steps, peak=settings.learning_rate, floor=settings.rate_floor)


def outputs(model: Network, x: torch.Tensor) -> np.ndarray:
    """Return the logits of head A, those of head B and the value of head C side by side."""
    a, b, c = predict(model, x)
    return torch.cat([a, b, c[:, None]], dim=1).numpy()


def _work(task: Task[MultitaskRun]) -> int:
    """Return a run's time in arbitrary units."""
    return task.settings.epochs * (task.settings.stem_width + sum(TRUNK))
