"""How noisy a frame is: SNR, noise fraction, its log odds, and a blind guess at them.

A received frame is x = s + w. Its noise fraction is rho = N / (S + N) = 1 / (1 + 10^(SNR / 10)),
its log odds eta = logit rho = -ln(10) / 10 · SNR in dB. Both are clamped, so that no estimate runs
away where nothing can be told any more.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch
from scipy.optimize import isotonic_regression
from torch import Tensor

RHO = (1e-4, 1 - 1e-4)
"""Limits of the noise fraction."""
ETA = (-8.0, 5.5)
"""Limits of its log odds: SNRs of 34.7 and −23.9 dB."""
DECIBEL = 10 / math.log(10)
"""Decibels in one unit of log odds."""

KNOTS = 64


def fraction(snr_db: Tensor) -> Tensor:
    """Return the noise fraction at an SNR in dB, within `RHO`."""
    return torch.sigmoid(-snr_db / DECIBEL).clamp(*RHO)


def log_odds(snr_db: Tensor) -> Tensor:
    """Return the log odds of the noise fraction at an SNR in dB, within `ETA`."""
    return torch.logit(fraction(snr_db)).clamp(*ETA)


def power(frames: Tensor) -> Tensor:
    """Return the mean power of each frame.

    Parameters
    ----------
    frames : Tensor of shape (..., 2, samples)
        Real and imaginary parts.
    """
    return frames.square().mean(dim=-1).sum(dim=-1)


def root(x: Tensor) -> Tensor:
    """Return the square root of single numbers, by way of double ones.

    Rounded to single precision it is the nearest number whatever computes it; the root of single
    numbers itself has been seen to differ between processors in its last bit.
    """
    return x.double().sqrt().float()


def gain_db(frames: Tensor, denoised: Tensor, clean: Tensor) -> Tensor:
    """Return by how many dB the noise power is lower in each denoised frame."""
    before, after = power(frames - clean), power(denoised - clean)
    return 10 * (before.clamp_min(1e-12) / after.clamp_min(1e-12)).log10()


def roughness(frames: Tensor) -> Tensor:
    """Return ``mean |x[n] - x[n-1]|^2 / mean |x|^2`` of each frame.

    White noise gives 2, a signal of narrow band little: a blind proxy for the noise fraction.

    Parameters
    ----------
    frames : Tensor of shape (..., 2, samples)

    Returns
    -------
    Tensor of shape (...,)
        0 for a frame without power.
    """
    return power(frames[..., 1:] - frames[..., :-1]) / power(frames).clamp_min(1e-12)


@dataclass(frozen=True)
class Calibration:
    """A monotone map from roughness to noise fraction: linear between knots, flat beyond them.

    Attributes
    ----------
    roughness, fraction : Tensor of shape (knots,), float32
        Both ascending, the first strictly.
    """

    roughness: Tensor
    fraction: Tensor

    @classmethod
    def fit(cls, frames: Tensor, snr_db: Tensor, knots: int = KNOTS) -> "Calibration":
        """Fit the map to frames of known SNR.

        Frames are sorted by roughness and cut into groups of equal size; the groups' means are
        made monotone by isotonic regression (least squares, pool adjacent violators).

        Parameters
        ----------
        frames : Tensor of shape (rows, 2, samples)
            Training data.
        snr_db : Tensor of shape (rows,)
        knots : int
            Groups, at most.
        """
        rough = roughness(frames).double().numpy()
        rho = fraction(snr_db.double()).numpy()
        order = np.argsort(rough, kind="stable")
        groups = np.array_split(order, min(knots, len(order)))
        x = np.array([rough[group].mean() for group in groups])
        y = np.array([rho[group].mean() for group in groups])
        monotone = isotonic_regression(y, weights=[len(group) for group in groups]).x
        at, first = np.unique(x.astype(np.float32), return_index=True)
        return cls(torch.from_numpy(at), torch.from_numpy(monotone[first].astype(np.float32)))


def interpolate(x: Tensor, at: Tensor, values: Tensor) -> Tensor:
    """Return the piecewise linear function through (`at`, `values`) at `x`; flat beyond its ends.

    `at` and `values` are of one dimension, `at` ascends strictly.
    """
    if len(at) == 1:
        return values.expand_as(x)
    right = torch.searchsorted(at, x).clamp(1, len(at) - 1)
    left = right - 1
    share = ((x - at[left]) / (at[right] - at[left])).clamp(0, 1)
    return torch.lerp(values[left], values[right], share)
