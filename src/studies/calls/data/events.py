"""An event: one sound in a recording, before any recorder hears it."""

from dataclasses import dataclass

import numpy as np
import scipy.fft
from numpy.random import Generator
from numpy.typing import NDArray

from studies.calls.data.window import RATE, SAMPLES

Samples = NDArray[np.float64]

# Where the call and all that could be mistaken for it have their energy.
CALL_BAND = (80.0, 2500.0)


@dataclass(frozen=True)
class Event:
    """A dry sound of one window's length, at no particular level.

    Attributes
    ----------
    sound : ndarray, shape (48000,)
    active : ndarray of bool, shape (48000,)
        The samples in which it sounds; its level is measured there.
    band : (float, float)
        The frequencies in Hz between which its level is measured.
    """

    sound: Samples
    active: NDArray[np.bool_]
    band: tuple[float, float] = CALL_BAND

    def snr_db(self, heard: Samples, rest: Samples) -> float:
        """Return how far the event stands out of the rest of a recording.

        Parameters
        ----------
        heard : ndarray, shape (48000,)
            The event as recorded, alone.
        rest : ndarray, shape (48000,)
            Everything else in the recording.

        Returns
        -------
        float
            10 log10 of the ratio of their mean powers, both within `band` (cut sharply, by Fourier
            transform) and over the `active` samples.
        """
        powers = [np.mean(_within(sound, self.band)[self.active] ** 2) for sound in (heard, rest)]
        return float(10 * np.log10(powers[0] / powers[1]))


def coloured_noise(rng: Generator, amplitude: Samples) -> Samples:
    """Return Gaussian noise with the given amplitude in each bin of `hertz`, shape (48000,)."""
    white = rng.standard_normal(2 * len(amplitude)).view(np.complex128)
    return scipy.fft.irfft(white * amplitude, SAMPLES)


def hertz() -> Samples:
    """Return the frequencies of one window's Fourier transform, shape (24001,)."""
    return scipy.fft.rfftfreq(SAMPLES, 1 / RATE)


def _within(sound: Samples, band: tuple[float, float]) -> Samples:
    spectrum = scipy.fft.rfft(sound)
    low, high = (round(edge * SAMPLES / RATE) for edge in band)
    spectrum[:low] = 0
    spectrum[high + 1 :] = 0
    return scipy.fft.irfft(spectrum, SAMPLES)
