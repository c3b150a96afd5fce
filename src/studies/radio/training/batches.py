"""What a network learns from in one step: frames in order, augmented, mixed, degraded.

Every draw has a stream of its own for each epoch, so that a setting that is off shifts no other
draw: arms that differ in one setting meet the same frames in the same order, turned by the same
phases, with the same noise. What is drawn for an epoch are a few numbers a frame (`draws`); the
frames themselves are made for one step at a time, those of several runs at once (`made`).
"""

from dataclasses import dataclass, fields

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import one_hot

from studies.radio.settings.run import RadioRun
from studies.radio.training.augmentation import draw_angles, draw_rolls, roll, rotate
from studies.radio.training.degradation import degrade, draw_steps
from studies.radio.training.loading import RadioData
from uphold.randomness import generator
from uphold.training import mixup
from uphold.training.sampling import slices
from uphold.training.smoothing import smooth


@dataclass(frozen=True)
class Draws:
    """What is drawn for frames of one run, or of several side by side.

    Every tensor has the shape (rows, ...): of several runs, the runs come after the rows.

    Attributes
    ----------
    picked : Tensor of int64
        Which of the training frames.
    label : Tensor of int64
        Its class.
    angle, shift : Tensor of float32, of int64
        By which phase it is turned, and by how many samples it is rolled.
    partner, weight : Tensor of int64, of float32
        With which row of its batch it is mixed, and what it keeps of itself.
    pure : Tensor of bool
        Whether it is not mixed.
    targets : Tensor of shape (rows, ..., classes)
        A distribution over the classes, as it is mixed.
    snr : Tensor of float32
        What the noise head and the denoiser are told, in dB: that of the mixture where they get it.
    step : Tensor of float32
        By how many dB it is degraded for the denoiser.
    """

    picked: Tensor
    label: Tensor
    angle: Tensor
    shift: Tensor
    partner: Tensor
    weight: Tensor
    pure: Tensor
    targets: Tensor
    snr: Tensor
    step: Tensor

    def tensors(self) -> tuple[Tensor, ...]:
        """Return them in the order in which `Draws` takes them."""
        return tuple(getattr(self, field.name) for field in fields(self))


@dataclass(frozen=True)
class Pairs:
    """Frames of a batch with noise added, and what was received.

    Attributes
    ----------
    noisier, less_noisy : Tensor of shape (rows, ..., 2, samples)
        On one scale.
    """

    noisier: Tensor
    less_noisy: Tensor


@dataclass(frozen=True)
class Batch:
    """One step's frames.

    Attributes
    ----------
    frames : Tensor of shape (rows, ..., 2, samples)
        What the noise head and the denoiser learn from.
    classified : Tensor of the shape of `frames`
        What the classifier learns from: `frames` itself unless it alone gets mixed ones.
    drawn : Draws
        What they were made of.
    pairs : Pairs or None
        For the denoiser.
    """

    frames: Tensor
    classified: Tensor
    drawn: Draws
    pairs: Pairs | None = None


def draws(settings: RadioRun, seed: int, data: RadioData, epoch: int) -> Draws:
    """Draw an epoch of one run.

    Parameters
    ----------
    settings : RadioRun
    seed : int
        The run's.
    data : RadioData
        On any device; what is drawn lies on the CPU.
    epoch : int
        The classifier's, counted from 1; what is trained before it has epochs up to 0.
    """
    snr = data.train.snr.cpu()
    rows = len(snr)
    picked = torch.from_numpy(order(settings, seed, snr.numpy(), epoch))
    snr, label = snr[picked], data.train.label.cpu()[picked]
    sure = one_hot(label, data.classes).float()
    targets = smooth(sure, settings.label_smoothing, data.classes)
    partner, weight = torch.arange(rows), torch.ones(rows)
    pure = torch.ones(rows, dtype=torch.bool)
    if settings.mixup != "none":
        rng, gate = generator(seed, "mixup", epoch), settings.mixup_min_snr
        for batch in slices(rows, settings.batch_size):
            allowed = snr[batch] >= (-float("inf") if gate is None else gate)
            drawn = mixup.draw_batch(rng, allowed, settings.mixup_alpha, settings.mixup_probability)
            partner[batch], weight[batch] = drawn[0] + batch.start, drawn[1]
        pure = (weight == 1) | (partner == torch.arange(rows))
        targets = mixup.mix(targets, targets[partner], weight)
        if settings.mixup == "all-losses":
            snr = mixup.mix(snr, snr[partner], weight)
        for batch in slices(rows, settings.batch_size):
            partner[batch] -= batch.start
    step = torch.zeros(rows)
    if settings.denoiser:
        aim = settings.degradation_aim if settings.degradation_aimed else None
        rng = generator(seed, "degradation", epoch)
        step = draw_steps(rng, snr, settings.degradation_steps, data.lowest, aim)
    return Draws(
        picked,
        label,
        draw_angles(generator(seed, "rotation", epoch), rows),
        draw_rolls(generator(seed, "shift", epoch), rows, data.samples),
        partner,
        weight,
        pure,
        targets,
        snr,
        step,
    )


def made(drawn: Draws, settings: RadioRun, data: RadioData, noise: Tensor | None) -> Batch:
    """Return the frames of a step.

    Parameters
    ----------
    drawn : Draws
        Of the step's rows, on the device of the data.
    settings : RadioRun
        Of one of the runs; what they differ in is drawn.
    data : RadioData
    noise : Tensor of shape (rows, ..., 2, samples), or None
        Standard normal, for the denoiser's pairs; None for a network without denoiser.
    """
    frames = data.train.iq[drawn.picked]
    if settings.rotation:
        frames = rotate(frames, drawn.angle)
    if settings.shift:
        frames = roll(frames, drawn.shift)
    classified = frames
    alone = settings.mixup == "classifier-only"
    # Where the classifier alone gets mixed frames, also where nothing is mixed: which passes there
    # are must not depend on the other runs.
    if alone or not bool(drawn.pure.all()):
        others = torch.take_along_dim(frames, drawn.partner[..., None, None], dim=0)
        classified = torch.lerp(others, frames, drawn.weight[..., None, None])
        frames = frames if alone else classified
    if noise is None:
        return Batch(frames, classified, drawn)
    pairs = Pairs(*degrade(frames, drawn.snr, drawn.step, noise))
    return Batch(frames, classified, drawn, pairs)


def order(settings: RadioRun, seed: int, snr: np.ndarray, epoch: int) -> np.ndarray:
    """Return the order in which an epoch meets the training frames.

    Each frame comes once. With ``snr_balanced`` the SNRs take turns, in an order that is drawn
    anew for each round, so that they are equally frequent in every batch (up to one). Where all
    have as many frames, each frame still comes once. Else an epoch is as long and meets every SNR
    equally often (up to one), a rare one's frames several times, a frequent one's in part.
    """
    rng = generator(seed, "order", epoch)
    shuffled = rng.permutation(len(snr))
    if not settings.snr_balanced:
        return shuffled
    _, level = np.unique(snr[shuffled], return_inverse=True)
    sizes = np.bincount(level)
    quotas = np.full(len(sizes), len(snr) // len(sizes))
    if spare := len(snr) % len(sizes):
        quotas[rng.permutation(len(sizes))[:spare]] += 1
    here = np.split(np.argsort(level, kind="stable"), np.cumsum(sizes)[:-1])
    met = np.concatenate([np.resize(places, n) for places, n in zip(here, quotas, strict=True)])
    rounds = np.concatenate([np.arange(n) for n in quotas])
    as_shuffled = np.argsort(met, kind="stable")
    turns = np.lexsort((rng.random(len(snr)), rounds[as_shuffled]))
    return shuffled[met[as_shuffled][turns]]
