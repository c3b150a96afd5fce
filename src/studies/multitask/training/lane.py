"""Runs, as many in a lane as go side by side: divide them, train them."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from math import inf

import numpy as np
import torch

from studies.multitask.settings.run import MultitaskRun
from studies.multitask.training.learner import Learner, losses
from studies.multitask.training.loading import MultitaskData
from studies.multitask.training.network import Network, widths
from uphold.training import company
from uphold.training.contract import Result, Task
from uphold.training.division import divide
from uphold.training.initial import initialise
from uphold.training.networks import Fit, parameters, predict, weights
from uphold.training.program import Images
from uphold.training.stack import fit_together
from uphold.training.stacked_run import Course
from uphold.training.step_rates import cosine, on_plateaus

# Networks side by side on a CPU, if the sum of their widths is at most so large.
COMPANY, SMALL = 8, 200
GRID = 32 * 32
# What the calls of a step cost, in channels.
CALLS = 30


def program(task: Task[MultitaskRun]) -> tuple[int, float, int]:
    """Return what the runs of one lane have in common."""
    settings = task.settings
    return settings.stem_width, settings.width_scale, settings.batch_size


def plan(
    tasks: Sequence[Task[MultitaskRun]], data: MultitaskData, device: str, workers: int
) -> list[list[Task[MultitaskRun]]]:
    """Divide runs into lanes of those that share a program, the longest first."""
    del workers
    return divide(tasks, _work, program, partial(_company, data=data, device=device))


def train(lane: Sequence[Task[MultitaskRun]], data: MultitaskData, device: str) -> list[Result]:
    """Return the result of every run of a lane; on a CPU nothing that one does touches another."""
    if len({program(task) for task in lane}) != 1:
        raise ValueError("The runs of a lane must share a program.")
    data = data.to(device)
    learners = [_learner(task, data) for task in lane]
    courses = [_course(*run) for run in zip(lane, learners, strict=True)]
    fits = fit_together(
        list(zip(learners, courses, strict=True)),
        Images(losses),
        batch_size=lane[0].settings.batch_size,
        device=device,
        networks=_company(lane[0], data, device) if device == "cpu" else None,
    )
    return [_result(*run, device) for run in zip(learners, fits, strict=True)]


def _learner(task: Task[MultitaskRun], data: MultitaskData) -> Learner:
    model = Network(task.settings.stem_width, task.settings.width_scale)
    initialise(model, task.seed)
    return Learner(model, task.settings, task.seed, data)


def _course(task: Task[MultitaskRun], learner: Learner) -> Course:
    settings = task.settings
    return Course(
        seed=task.seed,
        rates=_by_epoch(learner),
        by_step=_by_step(learner),
        chosen_by="validation_loss" if settings.early_stopping else None,
        patience=settings.patience if settings.early_stopping else inf,
        checkpoint=task.checkpoint,
    )


def _result(learner: Learner, found: Fit, device: str) -> Result:
    data, settings = learner.data, learner.settings
    # Channels last: separable convolutions take half the time on a CPU.
    # torch does not declare this overload
    model = learner.model.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
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


def _work(task: Task[MultitaskRun]) -> float:
    """Return a run's time in arbitrary units: a step has a cost of its own beside its widths."""
    settings = task.settings
    return settings.epochs * (CALLS + sum(widths(settings.stem_width, settings.width_scale)[:-1]))


def _company(task: Task[MultitaskRun], data: MultitaskData, device: str) -> int:
    """Return how many networks like this one are trained as one."""
    stem, *_ = sizes = widths(task.settings.stem_width, task.settings.width_scale)
    if torch.device(device).type == "cpu":
        return COMPANY if sum(sizes) <= SMALL else 1
    # Two copies of the training set and one of the validation split, maps and their gradients.
    rows, batch = 2 * len(data.train) + len(data.validation), task.settings.batch_size
    return company.on_gpu(4 * (GRID * rows + 6 * stem * GRID // 4 * max(batch, 512)), device)
