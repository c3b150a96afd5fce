"""Sound → log-mel spectrogram.

In: mono samples. Out: levels in decibels over full scale, mel bands upwards by frames onwards. The
level is kept, because it tells of emotion (and of the actor and the microphone, which is the
network's burden). Nothing is fitted here, so that no split can leak into another.
"""

import numpy as np
from numpy.typing import NDArray

from studies.speech.settings.data import LogMel

RANGE_DB = 80.0
"""Levels lie within this below each clip's loudest."""


def frames(settings: LogMel) -> int:
    """Return how many frames every spectrogram has."""
    return 1 + _length(settings) // settings.hop_length


def frame_s(settings: LogMel) -> float:
    """Return the seconds from one frame to the next."""
    return settings.hop_length / settings.sample_rate


def log_mel(samples: NDArray[np.float32], settings: LogMel) -> NDArray[np.float32]:
    """Return the spectrogram of one clip.

    Parameters
    ----------
    samples : ndarray of float32, shape (n,)
        At the settings' sample rate, full scale 1.
    settings : LogMel

    Returns
    -------
    ndarray of float32, shape (n_mels, frames)
        Power in Slaney's mel bands of a Hann-windowed Fourier transform, in dB.
    """
    # Importing librosa takes seconds, which settings and cards should not have to wait for.
    import librosa

    power = librosa.feature.melspectrogram(
        y=_fitted(samples, _length(settings)),
        sr=settings.sample_rate,
        n_fft=settings.n_fft,
        hop_length=settings.hop_length,
        n_mels=settings.n_mels,
    )
    return librosa.power_to_db(power, ref=1.0, top_db=RANGE_DB).astype(np.float32)


def _length(settings: LogMel) -> int:
    return round(settings.seconds * settings.sample_rate)


def _fitted(samples: NDArray[np.float32], length: int) -> NDArray[np.float32]:
    """Return the middle of a longer sound, or a shorter one centred in silence."""
    over = len(samples) - length
    if over >= 0:
        return samples[over // 2 : over // 2 + length]
    return np.pad(samples, (-over // 2, -over - -over // 2))
