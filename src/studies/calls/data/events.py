"""An event: one sound in a recording, before any recorder hears it; and what events are made of."""

from dataclasses import dataclass
from functools import cache

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
        return float(10 * np.log10(self._power(heard) / self._power(rest)))

    def _power(self, sound: Samples) -> float:
        """Return the mean power of a sound within the band while the event sounds."""
        low, high = (round(edge * SAMPLES / RATE) for edge in self.band)
        within = scipy.fft.rfft(sound)[: high + 1]
        within[:low] = 0
        if self.active.all():
            # By Parseval's theorem; each bin stands for itself and its conjugate.
            return float(2 * np.sum(within.real**2 + within.imag**2) / SAMPLES**2)
        # What is cut below a third of the highest frequency is told by every third sample.
        every = 3 if 3 * high < SAMPLES // 2 else 1
        filtered = scipy.fft.irfft(within, SAMPLES // every) / every
        return float(np.mean(filtered[self.active[::every]] ** 2))


def coloured_noise(rng: Generator, amplitude: Samples) -> Samples:
    """Return Gaussian noise with the given amplitude in each bin of `hertz`, shape (48000,)."""
    white = rng.standard_normal(2 * len(amplitude)).view(np.complex128)
    return scipy.fft.irfft(white * amplitude, SAMPLES)


@cache
def hertz() -> Samples:
    """Return the frequencies of one window's Fourier transform, shape (24001,)."""
    return scipy.fft.rfftfreq(SAMPLES, 1 / RATE)


def sine(hertz: float, phase: float = 0.0) -> Samples:
    """Return a sine over the window, shape (48000,); its phase at the start is in radians."""
    # sin (a + b) of 240 by 200 angles, so that 880 sines and cosines make 48,000.
    fine = SAMPLES // 240
    a = 2 * np.pi * hertz * (np.arange(SAMPLES // fine) * fine / RATE) + phase
    b = 2 * np.pi * hertz * np.arange(fine) / RATE
    return (np.outer(np.sin(a), np.cos(b)) + np.outer(np.cos(a), np.sin(b))).ravel()


def struck(
    at: NDArray[np.integer], strengths: NDArray[np.floating], ring: NDArray[np.floating]
) -> Samples:
    """Return a ring at each of the samples where it is struck, shape (48000,).

    Parameters
    ----------
    at : ndarray of int, shape (n,)
        Samples within the window.
    strengths : ndarray, shape (n,)
    ring : ndarray, shape (m,)
        What one strike of the strength 1 gives.
    """
    sound = np.zeros(SAMPLES + len(ring))
    for start, strength in zip(at.tolist(), strengths.tolist(), strict=True):
        sound[start : start + len(ring)] += strength * ring
    return sound[:SAMPLES]
