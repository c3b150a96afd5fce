"""Pairs for the denoiser: a received frame, and the same frame with noise added to it.

All powers are linear. Of a frame of power P at a given SNR the signal has P / (1 + 1 / snr); the
noise that it lacks to a lower SNR is added, and both frames are scaled alike, so that the noisier
one has the power that the received one had, as every frame has that a network meets.
"""

import numpy as np
import torch
from torch import Tensor

from studies.radio.training.noise import power, root

LEAST_STEP = 2.0
"""Pairs that are closer than this, in dB, teach nothing and do not count."""


def draw_steps(
    rng: np.random.Generator,
    snr_db: Tensor,
    steps: tuple[float, float],
    lowest: float,
    aim: tuple[float, float] | None = None,
) -> Tensor:
    """Draw by how many dB each frame is degraded.

    Parameters
    ----------
    rng : numpy.random.Generator
    snr_db : Tensor of shape (rows,)
        The SNR that each frame has.
    steps : (float, float)
        The smallest and the largest step.
    lowest : float
        No frame is led below this SNR.
    aim : (float, float), optional
        Only steps to an SNR within these limits are drawn.

    Returns
    -------
    Tensor of shape (rows,), float32
        Uniform over the steps that are possible; 0 where none is.
    """
    lower, upper = aim or (-np.inf, np.inf)
    snr = snr_db.double().numpy()
    smallest = np.maximum(steps[0], snr - upper)
    largest = np.minimum(steps[1], snr - max(lower, lowest))
    drawn = smallest + (largest - smallest) * rng.random(len(snr))
    return torch.from_numpy(np.where(largest >= smallest, drawn, 0).astype(np.float32))


def degrade(
    frames: Tensor, snr_db: Tensor, step_db: Tensor, noise: Tensor
) -> tuple[Tensor, Tensor]:
    """Return frames with noise added, and the received frames on the same scale.

    Parameters
    ----------
    frames : Tensor of shape (..., 2, samples)
    snr_db, step_db : Tensor of shape (...,)
        The SNR that they have, and by how many dB it is lowered.
    noise : Tensor of shape (..., 2, samples)
        Standard normal.

    Returns
    -------
    noisier, received : Tensor of shape (..., 2, samples)
    """
    total = power(frames)
    signal = total / (1 + 10 ** (-snr_db / 10))
    added = signal * (10 ** ((step_db - snr_db) / 10) - 10 ** (-snr_db / 10))
    deviation = root(added / 2)[..., None, None]
    noisier = torch.addcmul(frames, noise, deviation)
    scale = root(total / power(noisier).clamp_min(1e-12))[..., None, None]
    return noisier * scale, frames * scale
