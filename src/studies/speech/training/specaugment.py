"""SpecAugment: bands of frequencies and stretches of time of every spectrogram, blanked.

Reference: Park et al. 2019, "SpecAugment: A simple data augmentation method for automatic speech
recognition", with two masks of each kind, as in its policy LD, and no time warping.
"""

import numpy as np
import torch
from torch import Tensor

MASKS = 2
"""Of each kind."""


def blank(rng: np.random.Generator, spectra: Tensor, frequencies: int, frames: int) -> Tensor:
    """Return spectrograms with random bands and stretches set to each one's mean.

    Parameters
    ----------
    rng : numpy.random.Generator
    spectra : Tensor of shape (rows, bands, time)
    frequencies, frames : int
        The widest band and the longest stretch. The width of each of the `MASKS` is drawn evenly
        from 0 to this (cut to what there is), then its place evenly among those where it fits;
        they may overlap.

    Returns
    -------
    Tensor of shape (rows, bands, time)
        A copy.
    """
    rows, bands, time = spectra.shape
    band = _stretches(rng, rows, bands, frequencies)[:, :, None]
    stretch = _stretches(rng, rows, time, frames)[:, None, :]
    hidden = torch.from_numpy(band | stretch).to(spectra.device)
    return torch.where(hidden, spectra.mean(dim=(1, 2), keepdim=True), spectra)


def _stretches(rng: np.random.Generator, rows: int, length: int, widest: int) -> np.ndarray:
    """Return masks of shape (rows, length), each true along `MASKS` stretches."""
    width = rng.integers(0, min(widest, length) + 1, size=(rows, MASKS, 1))
    start = np.floor(rng.random((rows, MASKS, 1)) * (length - width + 1))
    place = np.arange(length)
    # numpy's types do not know that two axes are left
    found: np.ndarray = ((place >= start) & (place < start + width)).any(axis=1)  # type: ignore[assignment]
    return found
