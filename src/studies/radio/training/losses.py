"""The losses beside the classifier's; each is a mean over the frames that count for it.

Frames have the shape (..., rows, 2, samples), what is known of them (..., rows), a loss (...,).
"""

import torch
from torch import Tensor
from torch.nn.functional import smooth_l1_loss

from studies.radio.training.degradation import LEAST_STEP
from studies.radio.training.noise import log_odds

CLEAN_DB, CLEAN_WIDTH_DB = 10.0, 2.0
"""Where a frame begins to count as clean, and how gradually."""


def noise_loss(estimate: Tensor, snr_db: Tensor) -> Tensor:
    """Return the smooth L1 distance of the estimated log odds from those of the SNR."""
    return smooth_l1_loss(estimate, log_odds(snr_db), reduction="none").mean(dim=-1)


def denoising_loss(denoised: Tensor, less_noisy: Tensor, step_db: Tensor) -> Tensor:
    """Return the L1 distance from the less noisy frame, over pairs at least `LEAST_STEP` apart.

    It is 0 where no pair is.
    """
    distance = (denoised - less_noisy).abs().mean(dim=(-2, -1))
    counts = (step_db >= LEAST_STEP).to(distance.dtype)
    return (distance * counts).sum(dim=-1) / counts.sum(dim=-1).clamp_min(1)


def cleanness(snr_db: Tensor) -> Tensor:
    """Return how much a frame counts as clean: ``sigmoid((SNR - 10) / 2)``."""
    return torch.sigmoid((snr_db - CLEAN_DB) / CLEAN_WIDTH_DB)


def identity_loss(denoised: Tensor, frames: Tensor, snr_db: Tensor) -> Tensor:
    """Return the L1 distance between a frame and what the denoiser makes of it, where it is clean.

    The mean is over all frames, each with the weight `cleanness`.
    """
    distance = (denoised - frames).abs().mean(dim=(-2, -1))
    return (distance * cleanness(snr_db)).mean(dim=-1)


def preservation_loss(kept: Tensor, wanted: Tensor) -> Tensor:
    """Return the L1 distance between features, ``‖f([x_low, D(x_low)]) − f([x_low, x])‖₁``.

    They have the shape (steps, rows, ..., channels). The wanted features are a
    target: no gradient passes through them.
    """
    distance = (kept - wanted.detach()).abs()
    return distance.movedim((0, 1), (-3, -2)).flatten(-3).mean(dim=-1)
