"""Runs, as many in a lane as go side by side: divide them, train them.

Comes in: tasks, prepared data, a device. Goes out: a result for each task, in their order. Nothing
is read or written elsewhere, and a run's result does not depend on the lane it is in. Runs that
differ in inference alone are trained once.
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
from studies.radio.training.together import Together
from uphold.errors import InputError
from uphold.training.contract import Result, Task
from uphold.training.division import divide
from uphold.training.initial import initialise
from uphold.training.networks import Fit, parameters, predict, weights
from uphold.training.schedules import rates
from uphold.training.stack import fit_together
from uphold.training.stacked_run import Course

# Networks side by side on a CPU, if their convolutions are at most so wide.
COMPANY, SMALL = 4, 16
# Widths must be powers of two below this, or multiples of it; see `wide`.
BLOCK = 8
OWN = frozenset(
    [
        "bypass_denoiser",
        "mixup",
        "mixup_alpha",
        "mixup_probability",
        "mixup_min_snr",
        "snr_balanced",
        "label_smoothing",
        "degradation_steps",
        "degradation_aimed",
        "degradation_aim",
        "lambda_noise",
        "lambda_denoise",
        "lambda_id",
        "lambda_preservation",
        "learning_rate",
        "schedule",
        "warmup",
        "weight_decay",
        "clip",
        "patience",
        "flat_patience",
    ]
)
"""What may differ between runs side by side: the others make the network and its steps."""


def program(task: Task[RadioRun]) -> str:
    """Return what the runs of one lane have in common."""
    settings = task.settings
    common = settings.model_dump_json(exclude=set(OWN))
    return f"{common} {settings.mixup == 'classifier-only'}"


def plan(
    tasks: Sequence[Task[RadioRun]], data: RadioData, device: str, workers: int
) -> list[list[Task[RadioRun]]]:
    """Divide runs into lanes of those that share a program, the longest first.

    Runs that differ in how they predict alone are in one lane and count as one.
    """
    del data, workers
    trained: dict[str, list[Task[RadioRun]]] = {}
    for task in tasks:
        trained.setdefault(_training_of(task), []).append(task)
    firsts = [runs[0] for runs in trained.values()]
    lanes = divide(firsts, _work, program, lambda task: _company(task, device))
    return [[run for task in lane for run in trained[_training_of(task)]] for lane in lanes]


def train(lane: Sequence[Task[RadioRun]], data: RadioData, device: str) -> list[Result]:
    """Train the runs of one lane.

    Parameters
    ----------
    lane : sequence of Task
        That share a `program`.
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
    if len({program(task) for task in lane}) != 1:
        raise ValueError("The runs of a lane must share a program.")
    settings = lane[0].settings
    _check(settings, data)
    moved = replace(
        data,
        train=data.train.to(device),
        validation=data.validation.to(device),
    )
    trained: dict[str, Task[RadioRun]] = {}
    for task in lane:
        trained.setdefault(_training_of(task), task)
    learners = [_learner(task, moved) for task in trained.values()]
    courses = [_course(*run) for run in zip(trained.values(), learners, strict=True)]
    fits = fit_together(
        list(zip(learners, courses, strict=True)),
        Together(settings, moved),
        batch_size=settings.batch_size,
        device=device,
        networks=_company(lane[0], device) if device == "cpu" else None,
        mixed_precision=settings.mixed_precision,
    )
    done = dict(zip(trained, zip(learners, fits, strict=True), strict=True))
    results = []
    for task in lane:
        learner, outcome = done[_training_of(task)]
        results.append(_result(learner.model.to(device), outcome, task.settings, data))
    return results


def _learner(task: Task[RadioRun], data: RadioData) -> RadioLearner:
    model = Network(task.settings, data.classes, data.calibration)
    initialise(model, task.seed)
    return RadioLearner(model, task.settings, task.seed, data)


def _course(task: Task[RadioRun], learner: RadioLearner) -> Course:
    settings = task.settings
    return Course(
        seed=task.seed,
        rates=_until_ended(learner, _rates(settings)),
        chosen_by="validation_accuracy",
        higher=True,
        weight_decay=settings.weight_decay,
        decoupled=True,
        clip=settings.clip,
        first=1 - settings.epochs_before,
        checkpoint=task.checkpoint,
    )


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


def _company(task: Task[RadioRun], device: str) -> int:
    """Return how many networks like this one are trained as one."""
    settings = task.settings
    widths = [settings.widths.convolutions, settings.widths.recurrent]
    widths += [settings.noise_channels] if settings.noise_head else []
    widths += [settings.denoiser_channels] if settings.denoiser else []
    even = all(width % BLOCK == 0 or width in (1, 2, 4) for width in widths)
    small = even and settings.widths.convolutions <= SMALL
    return COMPANY if small and torch.device(device).type == "cpu" else 1


def _work(task: Task[RadioRun]) -> float:
    """Return a run's time in arbitrary units: a denoised frame costs about as much as the rest."""
    settings = task.settings
    passes = 1.0 + settings.denoiser + 0.3 * (settings.mixup == "classifier-only")
    return passes * (settings.epochs + settings.auxiliary_epochs)
