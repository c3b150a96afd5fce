"""What a network learns from in one step: frames in order, augmented, mixed, degraded.

Every draw has a stream of its own for each epoch, so that a setting that is off shifts no other
draw: arms that differ in one setting meet the same frames in the same order, turned by the same
phases, with the same noise.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

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
from uphold.training.sampling import batches as cut
from uphold.training.smoothing import smooth


@dataclass(frozen=True)
class Pairs:
    """Frames of a batch with noise added, and what was received.

    Attributes
    ----------
    noisier, less_noisy : Tensor of shape (rows, 2, samples)
        On one scale.
    step : Tensor of shape (rows,)
        How far they are apart, in dB.
    """

    noisier: Tensor
    less_noisy: Tensor
    step: Tensor


@dataclass(frozen=True)
class Batch:
    """One step's frames.

    Attributes
    ----------
    frames : Tensor of shape (rows, 2, samples)
        What the noise head and the denoiser learn from.
    snr : Tensor of shape (rows,)
        Theirs, in dB.
    classified : Tensor of shape (rows, 2, samples)
        What the classifier learns from: `frames` itself unless it alone gets mixed ones.
    targets : Tensor of shape (rows, classes)
        Distributions over the classes, for `classified`.
    label : Tensor of shape (rows,)
        The class of each frame, before any was mixed.
    pure : Tensor of shape (rows,), or None
        Which of `classified` are not mixed; None: all.
    pairs : Pairs or None
        For the denoiser.
    """

    frames: Tensor
    snr: Tensor
    classified: Tensor
    targets: Tensor
    label: Tensor
    pure: Tensor | None = None
    pairs: Pairs | None = None


def batches(settings: RadioRun, seed: int, data: RadioData, epoch: int) -> Iterator[Batch]:
    """Yield the batches of one epoch, on the device of the data.

    Parameters
    ----------
    settings : RadioRun
    seed : int
        The run's.
    data : RadioData
    epoch : int
        The classifier's, counted from 1; what is trained before it has epochs up to 0.
    """
    train, rows = data.train, len(data.train.iq)
    device = train.iq.device
    at = order(settings, seed, train.snr.cpu().numpy(), epoch)
    angles = draw_angles(generator(seed, "rotation", epoch), rows).to(device)
    rolls = draw_rolls(generator(seed, "shift", epoch), rows, data.samples).to(device)
    mixing, degrading = (generator(seed, purpose, epoch) for purpose in ("mixup", "degradation"))
    start = 0
    for chosen in cut(at, settings.batch_size):
        here = slice(start, start + len(chosen))
        start = here.stop
        picked = torch.from_numpy(chosen).to(device)
        frames = train.iq[picked]
        if settings.rotation:
            frames = rotate(frames, angles[here])
        if settings.shift:
            frames = roll(frames, rolls[here])
        label = train.label[picked]
        sure = one_hot(label, data.classes).float()
        targets = smooth(sure, settings.label_smoothing, data.classes)
        received = Batch(frames, train.snr[picked], frames, targets, label)
        batch = mixed(received, settings, mixing)
        yield paired(batch, settings, degrading, data.lowest) if settings.denoiser else batch


def mixed(batch: Batch, settings: RadioRun, rng: np.random.Generator) -> Batch:
    """Return the batch with frames and targets mixed, as far as the draw and the settings say.

    Where only the classifier gets mixed frames, `frames` and `snr` are the very tensors of before.
    """
    if settings.mixup == "none":
        return batch
    gate = settings.mixup_min_snr
    allowed = batch.snr.cpu() >= (-float("inf") if gate is None else gate)
    drawn = mixup.draw_batch(rng, allowed, settings.mixup_alpha, settings.mixup_probability)
    if bool((drawn[1] == 1).all()):
        return batch
    partner, weight = (values.to(batch.frames.device) for values in drawn)
    classified = mixup.mix(batch.frames, batch.frames[partner], weight)
    targets = mixup.mix(batch.targets, batch.targets[partner], weight)
    pure = (weight == 1) | (partner == torch.arange(len(partner), device=partner.device))
    batch = replace(batch, classified=classified, targets=targets, pure=pure)
    if settings.mixup == "classifier-only":
        return batch
    snr = mixup.mix(batch.snr, batch.snr[partner], weight)
    return replace(batch, frames=classified, snr=snr)


def paired(batch: Batch, settings: RadioRun, rng: np.random.Generator, lowest: float) -> Batch:
    """Return the batch with degraded frames; none is led below the SNR `lowest`, in dB."""
    device = batch.frames.device
    aim = settings.degradation_aim if settings.degradation_aimed else None
    step = draw_steps(rng, batch.snr.cpu(), settings.degradation_steps, lowest, aim).to(device)
    noise = torch.from_numpy(rng.standard_normal(batch.frames.shape, dtype=np.float32)).to(device)
    pairs = Pairs(*degrade(batch.frames, batch.snr, step, noise), step)
    return replace(batch, pairs=pairs)


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
