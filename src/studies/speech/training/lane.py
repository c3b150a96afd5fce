"""Runs, as many in a lane as go side by side: divide them, train them."""

from collections.abc import Hashable, Sequence

import numpy as np
import torch

from studies.speech.settings.run import SpeechRun
from studies.speech.training.folds import fold
from studies.speech.training.learner import Learner
from studies.speech.training.loading import SpeechData
from studies.speech.training.losses import cross_entropy, focal
from uphold.training import company
from uphold.training.contract import Result, Task
from uphold.training.division import divide
from uphold.training.networks import Fit, parameters, weights
from uphold.training.program import Images
from uphold.training.schedules import rates
from uphold.training.stack import fit_together
from uphold.training.stacked_run import Course

# How much longer a step of the large network takes at equal width: about three times the layers.
COST = {"resnet18": 3.0, "small_cnn": 1.0}
# Networks side by side on a CPU, if their width is at most so large.
COMPANY, SMALL = 8, 16


def plan(
    tasks: Sequence[Task[SpeechRun]], data: SpeechData, device: str, workers: int
) -> list[list[Task[SpeechRun]]]:
    """Divide runs into lanes of those that share a program, the longest first.

    Raises
    ------
    InputError
        If the actors cannot be divided as the settings of a run ask for.
    """
    del workers
    return divide(
        tasks,
        _work,
        lambda task: program(task, data),
        lambda task: _company(task, data, device),
    )


def program(task: Task[SpeechRun], data: SpeechData) -> Hashable:
    """Return what the runs of one lane have in common: network, loss, and how many clips."""
    settings, ours = task.settings, fold(task.settings, task.seed, data.actor)
    network: tuple[Hashable, ...] = (
        ("resnet18", settings.resnet_width)
        if settings.model == "resnet18"
        else ("small_cnn", settings.cnn_width, settings.batch_norm, settings.dropout)
    )
    sizes = len(ours.train), len(ours.validation), len(ours.test)
    return network, settings.loss, settings.trained_batch, sizes


def train(lane: Sequence[Task[SpeechRun]], data: SpeechData, device: str) -> list[Result]:
    """Train the runs of one lane.

    Returns
    -------
    list of Result
        In the order of the lane. Predictions, none if the run failed: ``validation`` and ``test``
        are logits, float32, (clips, classes), by the weights of the epoch that is best in
        validation macro-F1; ``validation_last`` and ``test_last`` by those of the last epoch;
        ``validation_items`` and ``test_items`` are the clips' places in the prepared data, int64.
    """
    if len({program(task, data) for task in lane}) != 1:
        raise ValueError("The runs of a lane must share a program.")
    learners = [
        Learner(task.settings, task.seed, data, fold(task.settings, task.seed, data.actor), device)
        for task in lane
    ]
    fits = fit_together(
        list(zip(learners, map(_course, lane), strict=True)),
        Images(focal if lane[0].settings.loss == "focal" else cross_entropy),
        batch_size=lane[0].settings.trained_batch,
        device=device,
        networks=_company(lane[0], data, device) if device == "cpu" else None,
        mixed_precision=True,
    )
    return [_result(*run, device) for run in zip(learners, fits, strict=True)]


def _course(task: Task[SpeechRun]) -> Course:
    settings = task.settings
    return Course(
        seed=task.seed,
        rates=rates(
            settings.schedule,
            settings.trained_rate,
            settings.trained_epochs,
            warmup=settings.warmup_epochs,
            floor=0,
        ),
        chosen_by="validation_macro_f1",
        higher=True,
        weight_decay=settings.weight_decay,
        checkpoint=task.checkpoint,
    )


def _result(learner: Learner, done: Fit, device: str) -> Result:
    learner.model.to(device)
    ours = learner.fold
    facts: dict[str, int | float | str] = {
        "parameters": parameters(learner.model),
        "best_epoch": done.best_epoch,
        "epochs_run": len(done.history["epoch"]),
        "train_items": len(ours.train),
        "tested_fold": ours.number,
        "training_set": learner.training_set,
    }
    if done.failure:
        return Result({}, done.history, facts, done.failure)
    predictions = {
        "validation": learner.logits(ours.validation),
        "test": learner.logits(ours.test),
        "validation_last": learner.last["validation"],
        "test_last": learner.last["test"],
        "validation_items": ours.validation,
        "test_items": ours.test,
    }
    return Result(
        {k: np.ascontiguousarray(v) for k, v in predictions.items()},
        done.history,
        facts,
        weights=weights(learner.model),
    )


def _width(settings: SpeechRun) -> int:
    return settings.resnet_width if settings.model == "resnet18" else settings.cnn_width


def _work(task: Task[SpeechRun]) -> float:
    """Return a run's time in arbitrary units."""
    settings = task.settings
    return settings.trained_epochs * COST[settings.model] * _width(settings)


def _company(task: Task[SpeechRun], data: SpeechData, device: str) -> int:
    """Return how many networks like this one are trained as one."""
    width = _width(task.settings)
    if torch.device(device).type == "cpu":
        return COMPANY if width <= SMALL else 1
    # The clips of an epoch before and after augmentation; maps of a batch and their gradients, the
    # first as large as a clip in all channels.
    clips, *size = data.x.shape
    rows = 4 * clips + 4 * width * max(task.settings.trained_batch, 512)
    return company.on_gpu(4 * rows * int(np.prod(size)), device)
