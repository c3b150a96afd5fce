"""Sound → log-mel spectrogram.

In: mono samples. Out: levels in decibels over full scale, mel bands upwards by frames onwards. The
level is kept, because it tells of emotion (and of the actor and the microphone, which is the
network's burden). Nothing is fitted here, so that no split can leak into another.

Promised: computed in double precision and rounded to `STEP_DB`, equal samples give equal levels on
every processor (`uphold.rounding`).
"""

from functools import cache

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from studies.speech.settings.data import LogMel
from uphold.rounding import rounded

RANGE_DB = 80.0
"""Levels lie within this below each clip's loudest."""
SILENCE = 1e-10
"""The power below which there is silence: −100 dB over full scale."""
STEP_DB = 2.0**-6
"""Of levels in dB: far less than those of noise vary from frame to frame."""


def frames(settings: LogMel) -> int:
    """Return how many frames every spectrogram has."""
    return 1 + _length(settings) // settings.hop_length


def frame_s(settings: LogMel) -> float:
    """Return the seconds from one frame to the next."""
    return settings.hop_length / settings.sample_rate


def log_mel(samples: NDArray[np.floating], settings: LogMel) -> NDArray[np.float32]:
    """Return the spectrogram of one clip.

    Parameters
    ----------
    samples : ndarray, shape (n,)
        At the settings' sample rate, full scale 1.
    settings : LogMel

    Returns
    -------
    ndarray of float32, shape (n_mels, frames)
        Power in Slaney's mel bands of a Hann-windowed Fourier transform, in dB. The middle of the
        first frame is the first sample; what lies before and after the sound is silence.
    """
    size = settings.n_fft
    around = np.pad(_fitted(samples, _length(settings)).astype(np.float64), size // 2)
    frames_TW = np.lib.stride_tricks.sliding_window_view(around, size)[:: settings.hop_length]
    spectra_TF = scipy.fft.rfft(frames_TW * _window(size))
    power_TF = spectra_TF.real**2 + spectra_TF.imag**2
    filters_BF = mel_filters(settings.sample_rate, size, settings.n_mels)
    level_BT = 10 * np.log10(np.maximum(filters_BF @ power_TF.T, SILENCE))
    return rounded(np.maximum(level_BT, level_BT.max() - RANGE_DB), STEP_DB)


@cache
def mel_filters(rate: int, size: int, bands: int) -> NDArray[np.float64]:
    """Return triangular filters evenly spaced in mel from 0 to half the rate, of equal area.

    The mel is that of Slaney 1998, "Auditory Toolbox": straight up to 1,000 Hz, 15 mel there, and
    from there on logarithmic, 27 mel for a factor of 6.4.

    Parameters
    ----------
    rate : int
        In Hz.
    size : int
        Samples of the Fourier transform.
    bands : int

    Returns
    -------
    ndarray, shape (bands, size // 2 + 1)
    """
    top = rate / 2
    highest = 3 * top / 200 if top < 1000 else 15 + 27 * np.log(top / 1000) / np.log(6.4)
    mel = np.linspace(0, highest, bands + 2)
    corners = np.where(mel < 15, 200 * mel / 3, 1000 * 6.4 ** ((mel - 15) / 27))
    bins = scipy.fft.rfftfreq(size, 1 / rate)
    low, centre, high = corners[:-2, None], corners[1:-1, None], corners[2:, None]
    rising, falling = (bins - low) / (centre - low), (high - bins) / (high - centre)
    return np.maximum(0, np.minimum(rising, falling)) * 2 / (high - low)


@cache
def _window(size: int) -> NDArray[np.float64]:
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)


def _length(settings: LogMel) -> int:
    return round(settings.seconds * settings.sample_rate)


def _fitted(samples: NDArray[np.floating], length: int) -> NDArray[np.floating]:
    """Return the middle of a longer sound, or a shorter one centred in silence."""
    over = len(samples) - length
    if over >= 0:
        return samples[over // 2 : over // 2 + length]
    return np.pad(samples, (-over // 2, -over - -over // 2))
