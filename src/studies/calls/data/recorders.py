"""Recorders: the same sound, heard by another device at another place.

In: a seed and a name. Out: a `Recorder`, the same for all its recordings. Foreign recorders are
drawn from ranges of their own (`FOREIGN`), next to and beyond those of familiar ones (`FAMILIAR`).
Promised: a recorder is linear, so that what it hears of a sum is the sum of what it hears. That is
what lets the SNR of a recording be set exactly.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import scipy.fft
from numpy.random import Generator
from numpy.typing import NDArray

from studies.calls.data.events import Samples
from studies.calls.data.window import RATE, SAMPLES
from uphold.randomness import generator

FAMILIAR = {
    "noise_slope_db": (-5.0, -2.5),
    "low_edge_hz": (50.0, 120.0),
    "high_edge_hz": (5500.0, 7500.0),
    "resonance_hz": (900.0, 3000.0),
    "resonance_db": (2.0, 6.0),
    "echo": (0.1, 0.3),
    "echo_s": (0.01, 0.04),
    "gain_db": (-36.0, -24.0),
    "neighbour_hz": (200.0, 330.0),
}
FOREIGN = {
    "noise_slope_db": (-8.0, 0.0),
    "low_edge_hz": (100.0, 260.0),
    "high_edge_hz": (3000.0, 6000.0),
    "resonance_hz": (500.0, 2000.0),
    "resonance_db": (4.0, 9.0),
    "echo": (0.3, 0.6),
    "echo_s": (0.03, 0.09),
    "gain_db": (-42.0, -18.0),
    "neighbour_hz": (140.0, 260.0),
}
ECHOES = 3
# Echoes run on beyond the window; without this room they would come round to its beginning.
LENGTH = 52_500


@dataclass(frozen=True)
class Recorder:
    """A device and the place where it stands.

    Attributes
    ----------
    name : str
    noise_slope_db : float
        Colour of the place's noise, in dB per octave (0 is white, −3 is pink).
    low_edge_hz, high_edge_hz : float
        Where the response has fallen by 3 dB (second order).
    resonance_hz, resonance_db : float
        Centre and height of the case's resonance, about one octave wide.
    echo, echo_s : float
        Amplitude and delay of the first of three echoes; the second is `echo`² strong and twice as
        late, the third likewise.
    gain_db : float
        Level of everything that is recorded.
    neighbour_hz : float
        Pitch of the other species that lives at the place.
    """

    name: str
    noise_slope_db: float
    low_edge_hz: float
    high_edge_hz: float
    resonance_hz: float
    resonance_db: float
    echo: float
    echo_s: float
    gain_db: float
    neighbour_hz: float

    def hear(self, sound: Samples) -> Samples:
        """Return a sound as recorded, shape (48000,)."""
        return _window(scipy.fft.rfft(sound, LENGTH) * _response(self))

    def background(self, rng: Generator) -> Samples:
        """Return the place's own noise as recorded, shape (48000,)."""
        white = rng.standard_normal(LENGTH + 2).view(np.complex128)
        return _window(white * _noise(self))


def recorder(seed: int, name: str, *, foreign: bool) -> Recorder:
    """Return the recorder of that name in the data set of that seed."""
    rng = generator(seed, "recorder", name)
    ranges = FOREIGN if foreign else FAMILIAR
    return Recorder(name, **{key: float(rng.uniform(*span)) for key, span in ranges.items()})


def _window(spectrum: NDArray[np.complex128]) -> Samples:
    return scipy.fft.irfft(spectrum, LENGTH)[:SAMPLES]


def _hertz() -> Samples:
    return scipy.fft.rfftfreq(LENGTH, 1 / RATE)


@cache
def _response(recorder: Recorder) -> NDArray[np.complex128]:
    hertz = _hertz()
    low = (hertz / recorder.low_edge_hz) ** 2
    edges = low / np.sqrt(1 + low**2) / np.sqrt(1 + (hertz / recorder.high_edge_hz) ** 4)
    octaves = np.log2(np.maximum(hertz, 1) / recorder.resonance_hz)
    level_db = recorder.gain_db + recorder.resonance_db * np.exp(-2 * octaves**2)
    once = recorder.echo * np.exp(-2j * np.pi * hertz * recorder.echo_s)
    echoes = sum(once**k for k in range(ECHOES + 1))
    return edges * 10 ** (level_db / 20) * echoes


@cache
def _noise(recorder: Recorder) -> NDArray[np.complex128]:
    """Return each bin's factor on white noise, which has unit power before the response."""
    # Flat below 20 Hz, or else the lowest bin would hold nearly all the power.
    octaves = np.log2(np.maximum(_hertz(), 20) / 1000)
    amplitude = 10 ** (recorder.noise_slope_db * octaves / 20)
    # Each bin holds a complex normal of power 2 and stands for itself and its conjugate.
    return amplitude * LENGTH / np.sqrt(4 * np.sum(amplitude**2)) * _response(recorder)
