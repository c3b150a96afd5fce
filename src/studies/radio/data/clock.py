"""When the receiver takes its samples, on the transmitter's clock.

In: settings and the cell's streams. Out: times. Each frame starts at a random fraction of a symbol,
and its clock runs too fast or too slow by a random share.
"""

import math

import numpy as np
import torch
from torch import Tensor

from studies.radio.data.draws import Draws
from studies.radio.settings.data import Synthetic


def times(settings: Synthetic, frames: int, draws: Draws) -> Tensor:
    """Return when each sample is taken, in samples of the transmitter's clock from some past.

    Returns
    -------
    Tensor of float64, shape (frames, samples before the frame + samples)
        The samples before a frame are those that its delayed paths still carry.
    """
    drift = settings.channel.clock_drift
    rate = 1 + draws["drift"].uniform(-drift, drift, (frames, 1))
    start = draws["timing"].uniform(0, settings.samples_per_symbol, (frames, 1))
    return torch.from_numpy(start + rate * np.arange(before(settings) + settings.samples))


def before(settings: Synthetic) -> int:
    """Return how many samples before a frame its latest path reaches back."""
    return max(settings.channel.taps - 1, 0)


def symbols(settings: Synthetic) -> int:
    """Return how many symbols begin before the last sample of any frame; the same for all of them.

    It follows from the settings and not from drawn times, so that no frame depends on another.
    """
    steps = (before(settings) + settings.samples) * (1 + settings.channel.clock_drift)
    return math.ceil(steps / settings.samples_per_symbol) + 2
