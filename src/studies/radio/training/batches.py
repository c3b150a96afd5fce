"""What a network learns from in one step: frames in order, augmented, mixed, degraded.

Every draw has a stream of its own for each epoch, so that a setting that is off shifts no other
draw: arms that differ in one setting meet the same frames in the same order, turned by the same
phases, with the same noise.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import one_hot

from studies.radio.settings import Run
from studies.radio.training.augmentation import draw_angles, draw_rolls, roll, rotate
from studies.radio.training.degradation import degrade, draw_steps
from studies.radio.training.prepared import Prepared
from studies.randomness import generator
from studies.training import mixup
from studies.training.sampling import batches as cut
from studies.training.smoothing import smooth


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
    pairs : Pairs or None
        For the denoiser.
    """

    frames: Tensor
    snr: Tensor
    classified: Tensor
    targets: Tensor
    pairs: Pairs | None


def batches(settings: Run, seed: int, data: Prepared, epoch: int) -> Iterator[Batch]:
    """Yield the batches of one epoch, on the device of the data.

    Parameters
    ----------
    settings : Run
    seed : int
        The run's.
    data : Prepared
    epoch : int
        Counted from 1.
    """
    train = data.train
    device = train.iq.device
    rows = len(train.iq)
    at = order(settings, seed, train.snr.cpu().numpy(), epoch)
    angles = draw_angles(generator(seed, "rotation", epoch), rows)
    rolls = draw_rolls(generator(seed, "shift", epoch), rows, data.samples)
    mixing, stepping, noising = (
        generator(seed, purpose, epoch) for purpose in ("mixup", "degradation", "noise")
    )
    targets = smooth(
        one_hot(train.label, data.classes).float(), settings.label_smoothing, data.classes
    )
    start = 0
    for chosen in cut(at, settings.batch_size):
        here = slice(start, start + len(chosen))
        start = here.stop
        rows_here = torch.from_numpy(chosen).to(device)
        frames, snr = train.iq[rows_here], train.snr[rows_here]
        wanted = targets[rows_here]
        if settings.rotation:
            frames = rotate(frames, angles[here].to(device))
        if settings.shift:
            frames = roll(frames, rolls[here].to(device))
        classified = frames
        if settings.mixup != "none":
            partner, weight = draw_mixup(mixing, snr, settings)
            partner, weight = partner.to(device), weight.to(device)
            if bool((weight < 1).any()):
                classified = mixup.mix(frames, frames[partner], weight)
                wanted = mixup.mix(wanted, wanted[partner], weight)
                if settings.mixup == "all-losses":
                    frames, snr = classified, mixup.mix(snr, snr[partner], weight)
        pairs = None
        if settings.denoiser:
            step = draw_steps(
                stepping,
                snr.cpu(),
                settings.degradation_steps,
                data.lowest,
                settings.degradation_aim,
            ).to(device)
            noise = noising.standard_normal(frames.shape, dtype=np.float32)
            added = torch.from_numpy(noise).to(device)
            pairs = Pairs(*degrade(frames, snr, step, added), step)
        yield Batch(frames, snr, classified, wanted, pairs)


def draw_mixup(rng: np.random.Generator, snr: Tensor, settings: Run) -> tuple[Tensor, Tensor]:
    """Draw each row's partner and weight; see `studies.training.mixup.draw_batch`."""
    gate = settings.mixup_min_snr
    allowed = torch.ones(len(snr), dtype=torch.bool) if gate is None else (snr >= gate).cpu()
    return mixup.draw_batch(rng, allowed, settings.mixup_alpha, settings.mixup_probability)


def order(settings: Run, seed: int, snr: np.ndarray, epoch: int) -> np.ndarray:
    """Return the order in which an epoch meets the training frames.

    Each frame comes once. With ``snr_balanced`` the SNRs take turns, in an order that is drawn
    anew for each round, so that they are equally frequent in every batch and not in the epoch alone
    (up to one, as long as all have frames left).
    """
    rng = generator(seed, "order", epoch)
    shuffled = rng.permutation(len(snr))
    if not settings.snr_balanced:
        return shuffled
    _, level = np.unique(snr[shuffled], return_inverse=True)
    sorting = np.argsort(level, kind="stable")
    sizes = np.bincount(level)
    rounds = np.empty(len(snr), dtype=np.int64)
    rounds[sorting] = np.concatenate([np.arange(size) for size in sizes])
    return shuffled[np.lexsort((rng.random(len(snr)), rounds))]
