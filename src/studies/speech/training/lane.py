"""Runs, each a lane of its own: divide them, train them."""

from collections.abc import Sequence

import numpy as np

from studies.speech.settings.run import SpeechRun
from studies.speech.training.folds import fold
from studies.speech.training.learner import Learner
from studies.speech.training.loading import SpeechData
from uphold.training.contract import Result, Task
from uphold.training.division import divide
from uphold.training.networks import fit, parameters, weights
from uphold.training.schedules import rates

# How much longer a step of the large network takes at equal width: about three times the layers.
COST = {"resnet18": 3.0, "small_cnn": 1.0}


def plan(
    tasks: Sequence[Task[SpeechRun]], data: SpeechData, device: str, workers: int
) -> list[list[Task[SpeechRun]]]:
    """Divide runs into lanes: each run by itself, the longest first.

    Raises
    ------
    InputError
        If the actors cannot be divided as the settings of a run ask for.
    """
    del device, workers
    for task in tasks:
        fold(task.settings, task.seed, data.actor)
    return divide(tasks, _work)


def train(lane: Sequence[Task[SpeechRun]], data: SpeechData, device: str) -> list[Result]:
    """Train the runs of one lane, one after the other.

    Returns
    -------
    list of Result
        In the order of the lane. Predictions, none if the run failed: ``validation`` and ``test``
        are logits, float32, (clips, classes), by the weights of the epoch that is best in
        validation macro-F1; ``validation_last`` and ``test_last`` by those of the last epoch;
        ``validation_items`` and ``test_items`` are the clips' places in the prepared data, int64.
    """
    return [_train(task, data, device) for task in lane]


def _train(task: Task[SpeechRun], data: SpeechData, device: str) -> Result:
    settings, seed = task.settings, task.seed
    ours = fold(settings, seed, data.actor)
    learner = Learner(settings, seed, data, ours, device)
    epochs = settings.trained_epochs
    done = fit(
        learner,
        rates(
            settings.schedule,
            settings.trained_rate,
            epochs,
            warmup=settings.warmup_epochs,
            floor=0,
        ),
        seed=seed,
        chosen_by="validation_macro_f1",
        higher=True,
        mixed_precision=True,
        checkpoint=task.checkpoint,
    )
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


def _work(task: Task[SpeechRun]) -> float:
    """Return a run's time in arbitrary units."""
    settings = task.settings
    width = settings.resnet_width if settings.model == "resnet18" else settings.cnn_width
    return settings.trained_epochs * COST[settings.model] * width
