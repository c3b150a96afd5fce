"""A fixed embedding of sound: 1,024 numbers for 3 s, without learned weights.

In: one window of mono samples at `RATE`. Out: 64 mel bands × 16 statistics of each band's level
over time. Promised: nothing in here is fitted, so that no split can leak into another and a clip's
features do not depend on which other clips there are; a gain applied to the whole window changes
nothing; computed in double precision and rounded to `STEP`, the same samples give the same features
on every processor (`uphold.rounding`).

The level of band b in frame t is L = 10 log10(P[t, b] / mean P), in decibels over the window's own
mean mel power, with a floor 60 dB below it. A window of digital silence has the level 0 throughout.
The statistics of one band, each divided by a constant that brings it near unit size:

================  =======  ==================================================================
statistic         divisor  meaning
================  =======  ==================================================================
mean              20       mean level
q10 q50 q90 q99   20       quantiles of the level: background, usual, loud, peaks
sd                5        standard deviation of the level
skewness          2        third standardised moment (0 where the level is constant)
step              2        mean absolute difference between neighbouring frames
step_sd           4        standard deviation of that difference
mod_1 … mod_7     4        root of the level's variance within seven bands of modulation
                           rate: under 1, 1–2, 2–4, 4–8, 8–16, 16–32, over 32 Hz
================  =======  ==================================================================

By Parseval's theorem the squares of the seven modulation numbers (undivided) add up to sd².
"""

from functools import cache

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from studies.calls.data.window import RATE
from uphold.rounding import rounded

BANDS = 64
FRAME = 512
HOP = 160
FLOOR_DB = -60.0
MODULATION_EDGES_HZ = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
DIVISORS = {
    "mean": 20.0,
    "q10": 20.0,
    "q50": 20.0,
    "q90": 20.0,
    "q99": 20.0,
    "sd": 5.0,
    "skewness": 2.0,
    "step": 2.0,
    "step_sd": 4.0,
    **{f"mod_{k + 1}": 4.0 for k in range(len(MODULATION_EDGES_HZ) + 1)},
}
STEP = 2.0**-12
"""Of the features; that which varies least from clip to clip does by about fifty such steps."""
STATISTICS = tuple(DIVISORS)
SIZE = BANDS * len(STATISTICS)


def embed(clip: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return the features of one window.

    Parameters
    ----------
    clip : ndarray, shape (48000,)
        Mono samples at 16 kHz, finite.

    Returns
    -------
    ndarray of float32, shape (1024,)
        Statistic by statistic, in the order of `STATISTICS`; within each, band by band upwards.
    """
    # One window at a time: the bits of a matrix product depend on its shape, and a clip's features
    # must not depend on how many clips are embedded with it.
    level_BT = np.ascontiguousarray(levels(clip).T)
    mean = level_BT.mean(axis=1)
    centred_BT = level_BT - mean[:, None]
    squared_BT = centred_BT**2
    sd = np.sqrt(squared_BT.mean(axis=1))
    cubes = (squared_BT * centred_BT).mean(axis=1)
    skewness = np.divide(cubes, sd**3, out=np.zeros(BANDS), where=sd > 1e-6)
    step_BT = np.diff(level_BT)
    statistics = np.vstack(
        [
            mean,
            _quantiles(level_BT, (0.1, 0.5, 0.9, 0.99)),
            sd,
            skewness,
            np.abs(step_BT).mean(axis=1),
            step_BT.std(axis=1),
            _modulations(centred_BT),
        ]
    )
    return rounded(statistics / np.array(list(DIVISORS.values()))[:, None], STEP).ravel()


def levels(clip: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the mel levels of one window in decibels over its mean, shape (frames, bands)."""
    frames = np.lib.stride_tricks.sliding_window_view(clip, FRAME)[::HOP]
    spectra = scipy.fft.rfft(frames * _window())
    power_TB = (spectra.real**2 + spectra.imag**2) @ mel_filters().T
    mean = power_TB.mean()
    if mean <= 0:
        return np.zeros(power_TB.shape)
    return 10 * np.log10(np.maximum(power_TB / mean, 10 ** (FLOOR_DB / 10)))


def _quantiles(level_BT: NDArray[np.float64], shares: tuple[float, ...]) -> NDArray[np.float64]:
    """Return the nearest-rank quantiles over time, shape (shares, bands)."""
    ranks = [round(share * (level_BT.shape[1] - 1)) for share in shares]
    return np.sort(level_BT)[:, ranks].T


def _modulations(centred_BT: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the root of the variance in each band of modulation rate, shape (rates, bands)."""
    frames = centred_BT.shape[1]
    spectra = scipy.fft.rfft(centred_BT)
    variance = (spectra.real**2 + spectra.imag**2) * 2 / frames**2
    if frames % 2 == 0:
        variance[:, -1] /= 2
    rates = scipy.fft.rfftfreq(frames, HOP / RATE)
    edges = np.searchsorted(rates, [0, *MODULATION_EDGES_HZ])
    return np.sqrt(np.add.reduceat(variance, edges, axis=1)).T


@cache
def _window() -> NDArray[np.float64]:
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME) / FRAME)


@cache
def mel_filters() -> NDArray[np.float64]:
    """Return triangular filters evenly spaced in mel from 0 to 8 kHz, each of unit peak.

    The mel of f Hz is 2595 log10(1 + f / 700) (O'Shaughnessy 1987). Shape (bands, frequency bins).
    """
    top = 2595 * np.log10(1 + RATE / 2 / 700)
    corners = 700 * (10 ** (np.linspace(0, top, BANDS + 2) / 2595) - 1)
    bins = np.fft.rfftfreq(FRAME, 1 / RATE)
    low, centre, high = corners[:-2, None], corners[1:-1, None], corners[2:, None]
    rising, falling = (bins - low) / (centre - low), (high - bins) / (high - centre)
    return np.maximum(0, np.minimum(rising, falling))


DEFINITION = {
    "size": SIZE,
    "definition": f"{BANDS} mel bands × {len(STATISTICS)} statistics of their level over time",
    "statistics": list(STATISTICS),
    "frame_s": FRAME / RATE,
    "hop_s": HOP / RATE,
    "fitted": "nothing: fixed filters, fixed divisors",
}
