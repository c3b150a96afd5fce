"""SpecAugment: one band of frequencies and one stretch of time of every spectrogram, blanked.

Reference: Park et al. 2019, "SpecAugment: A simple data augmentation method for automatic speech
recognition", with one mask of each kind and no time warping.
"""

import numpy as np
import torch
from torch import Tensor


def blank(rng: np.random.Generator, spectra: Tensor, frequencies: int, frames: int) -> Tensor:
    """Return spectrograms with a random band and a random stretch set to each one's mean.

    Parameters
    ----------
    rng : numpy.random.Generator
    spectra : Tensor of shape (rows, bands, time)
    frequencies, frames : int
        The widest band and the longest stretch. Each width is drawn evenly from 0 to this (cut to
        what there is), then its place evenly among those where it fits.

    Returns
    -------
    Tensor of shape (rows, bands, time)
        A copy.
    """
    rows, bands, time = spectra.shape
    band = _stretch(rng, rows, bands, frequencies)[:, :, None]
    stretch = _stretch(rng, rows, time, frames)[:, None, :]
    hidden = torch.from_numpy(band | stretch).to(spectra.device)
    return torch.where(hidden, spectra.mean(dim=(1, 2), keepdim=True), spectra)


def _stretch(rng: np.random.Generator, rows: int, length: int, widest: int) -> np.ndarray:
    """Return masks of shape (rows, length), each true along one stretch."""
    width = rng.integers(0, min(widest, length) + 1, size=(rows, 1))
    start = np.floor(rng.random((rows, 1)) * (length - width + 1))
    place = np.arange(length)
    return (place >= start) & (place < start + width)
