"""Train the runs of a lane one after the other; runs that differ in inference alone only once.

Comes in: tasks, prepared data, a device. Goes out: a result for each task, in their order. Nothing
is read or written elsewhere, and a run's result does not depend on the lane it is in.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn

from studies.radio.settings.run import RadioRun
from studies.radio.training.learner import RadioLearner
from studies.radio.training.loading import Frames, RadioData
from studies.radio.training.network import Network
from studies.radio.training.noise import gain_db
from studies.radio.training.plateau import flat_since
from uphold.errors import InputError
from uphold.training.contract import Result, Task
from uphold.training.division import divide
from uphold.training.initial import initialise
from uphold.training.networks import Fit, fit, parameters, predict, weights
from uphold.training.schedules import rates


def plan(
    tasks: Sequence[Task[RadioRun]], data: RadioData, device: str, workers: int
) -> list[list[Task[RadioRun]]]:
    """Divide runs into lanes, so that a lane's runs differ at most in how they predict.

    Lanes come with the longest first. They are as short as they can be, whatever the device and
    the number of workers.
    """
    del data, device, workers
    return divide(tasks, _work, together=_training_of)


def train(lane: Sequence[Task[RadioRun]], data: RadioData, device: str) -> list[Result]:
    """Train the runs of one lane.

    Parameters
    ----------
    lane : sequence of Task
    data : RadioData
        What `load` gave.
    device : str
        ``"cpu"`` or ``"cuda"``.

    Returns
    -------
    list of Result
        In the order of the lane. Predictions are float32: logits (rows, classes) under
        ``validation`` and ``test``; under ``test_noise`` the noise head's log odds (rows,), under
        ``test_denoising`` by how many dB the denoiser raised the SNR (rows,), each where there is
        the part, the latter where clean frames are known.

    Raises
    ------
    InputError
        If the frames' length does not fit the networks.
    """
    moved = replace(
        data,
        train=data.train.to(device),
        validation=data.validation.to(device),
    )
    trained: dict[str, tuple[Network, Fit]] = {}
    results = []
    for task in lane:
        name = _training_of(task)
        if name not in trained:
            trained[name] = _fit(task, moved, device)
        results.append(_result(*trained[name], task.settings, data))
    return results


def _fit(task: Task[RadioRun], data: RadioData, device: str) -> tuple[Network, Fit]:
    settings, seed = task.settings, task.seed
    _check(settings, data)
    model = Network(settings, data.classes, data.calibration)
    initialise(model, seed)
    model.to(device)
    if settings.compile and torch.device(device).type == "cuda":
        for part in (model.noise_head, model.denoiser, model.classifier):
            if part is not None:
                part.compile()
    learner = RadioLearner(model, settings, seed, data)
    outcome = fit(
        learner,
        _until_ended(learner, _rates(settings)),
        seed=seed,
        first=1 - settings.epochs_before,
        chosen_by="validation_accuracy",
        higher=True,
        weight_decay=settings.weight_decay,
        clip=settings.clip,
        mixed_precision=settings.mixed_precision,
        checkpoint=task.checkpoint,
    )
    return model, outcome


def _rates(settings: RadioRun) -> list[float]:
    """Return the rate of every epoch.

    The schedule is the classifier's: what is trained before it gets the highest rate, so that arms
    with and without a noise head train their classifiers at the same rates.
    """
    highest = settings.learning_rate
    schedule = rates(settings.schedule, highest, settings.epochs, warmup=settings.warmup)
    return [highest] * settings.epochs_before + schedule


def _until_ended(learner: RadioLearner, rates: Sequence[float]) -> Iterator[float]:
    """Yield the rate of each epoch, until the run ends."""
    for rate in rates:
        if learner.ended:
            return
        yield rate


def _result(model: Network, outcome: Fit, settings: RadioRun, data: RadioData) -> Result:
    accuracy = outcome.history["validation_accuracy"]
    frames_by_snr = data.train.snr.unique(return_counts=True)[1]
    facts: dict[str, int | float | str] = {
        "parameters": parameters(model),
        "train_items": len(data.train.iq),
        "training_set": data.digest,
        "fewest_at_an_snr": int(frames_by_snr.min()),
        "most_at_an_snr": int(frames_by_snr.max()),
        "epochs_run": len(accuracy),
    }
    if outcome.failure is not None:
        return Result({}, outcome.history, facts, outcome.failure)
    facts |= {
        "best_epoch": outcome.best_epoch,
        "epochs_since_best": len(accuracy) - outcome.best_epoch,
        "flat_since": flat_since(accuracy, len(data.validation.iq)),
    }
    model.bypass = settings.bypass_denoiser
    predictions = {
        "validation": _predicted(model, data.validation)["logits"],
        **{
            "test" if name == "logits" else f"test_{name}": values
            for name, values in _predicted(model, data.test).items()
        },
    }
    return Result(predictions, outcome.history, facts, weights=weights(model))


class _Predictor(nn.Module):
    """What is stored of a network's outputs, a tuple in the order of `names`."""

    def __init__(self, model: Network, clean: bool) -> None:
        super().__init__()
        self.model = model
        gain = model.denoiser is not None and clean
        self.names = ["logits"]
        self.names += ["noise"] if model.noise_head is not None else []
        self.names += ["denoising"] if gain else []

    def forward(self, frames: Tensor, clean: Tensor | None = None) -> tuple[Tensor, ...]:
        logits, eta, denoised = self.model(frames)
        outputs = {"logits": logits, "noise": eta}
        if "denoising" in self.names:
            # asked for only where there are clean frames
            outputs["denoising"] = gain_db(
                frames,
                denoised,
                clean,  # type: ignore[arg-type]
            )
        return tuple(outputs[name] for name in self.names)


def _predicted(model: Network, frames: Frames) -> dict[str, np.ndarray]:
    predictor = _Predictor(model, frames.clean is not None)
    inputs = (frames.iq,) if frames.clean is None else (frames.iq, frames.clean)
    outputs = predict(predictor, *inputs)
    return {n: o.numpy() for n, o in zip(predictor.names, outputs, strict=True)}


def _check(settings: RadioRun, data: RadioData) -> None:
    """Raise `InputError` unless all strides divide the frame."""
    divisors = {"widths.strides": int(np.prod(settings.widths.strides))}
    if settings.denoiser:
        divisors["denoiser_levels"] = 2**settings.denoiser_levels
    for name, divisor in divisors.items():
        if data.samples % divisor:
            raise InputError(
                f"Frames of {data.samples} samples cannot be shortened by {divisor}, as {name} "
                "asks: choose others, or frames whose length is a multiple of it."
            )


def _training_of(task: Task[RadioRun]) -> str:
    """Return what tells the trainings of two tasks apart."""
    trained = task.settings.model_copy(update={"bypass_denoiser": False})
    return f"{task.seed} {trained.model_dump_json()}"


def _work(task: Task[RadioRun]) -> float:
    """Return a run's time in arbitrary units: a denoised frame costs about as much as the rest."""
    settings = task.settings
    passes = 1.0 + settings.denoiser + 0.3 * (settings.mixup == "classifier-only")
    return passes * (settings.epochs + settings.auxiliary_epochs)
