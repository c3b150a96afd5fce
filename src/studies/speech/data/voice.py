"""A voice as a source and a filter: glottal pulses and breath through the formants of vowels.

In: how a sentence is delivered, syllable by syllable. Out: its sound. Nothing is drawn here but the
noise of breath.

The source is the sum of all harmonics of the voice's pitch, harmonic k with amplitude a^k, in
closed form: for a phase φ it is ``(a cos φ - a²) / (1 - 2 a cos φ + a²)``. The nearer a is to 1,
the brighter (and more pressed) the voice. Breath is white noise in proportion. Both pass the first
three formants of each syllable's vowel, two-pole resonators one after the other, as in Klatt 1980,
"Software for a cascade/parallel formant synthesizer".
"""

from dataclasses import dataclass

import numpy as np
import scipy.signal
from numpy.random import Generator
from numpy.typing import NDArray

Samples = NDArray[np.float64]

VOWELS_HZ = {
    "i": (300, 2250, 3000),
    "e": (450, 2000, 2700),
    "a": (750, 1300, 2500),
    "o": (480, 900, 2450),
    "u": (330, 1000, 2300),
    "@": (500, 1500, 2500),
}
"""First three formants of a man's vowels, rounded; a woman's lie higher by a factor."""

BANDWIDTHS_HZ = (70, 100, 150)

CONTOUR_STEP = 2.0**-20
"""In semitones; a voice moves by a hundredth of one whatever it does."""


@dataclass(frozen=True)
class Delivery:
    """How one sentence is said.

    Attributes
    ----------
    vowels : str
        One letter of `VOWELS_HZ` a syllable.
    seconds : ndarray of float, shape (syllables,)
        How long each lasts.
    pitch_hz : ndarray of float, shape (syllables + 1,)
        At the syllables' borders; between them it goes straight, in semitones.
    loudness : ndarray of float, shape (syllables,)
        Amplitude of each, around 1.
    brightness : float
        The a of the module's formula, between 0 and 1.
    breath : float
        Amplitude of the noise over that of the pulses.
    tremor : float
        Depth in semitones of a shaking of the pitch at 9 Hz.
    formants : float
        Factor on the formants.
    gain_db : float
        Level of the sentence over -26 dB of full scale.
    """

    vowels: str
    seconds: NDArray[np.float64]
    pitch_hz: NDArray[np.float64]
    loudness: NDArray[np.float64]
    brightness: float
    breath: float
    tremor: float
    formants: float
    gain_db: float


def speak(rng: Generator, delivery: Delivery, rate: int) -> Samples:
    """Return the sound of a sentence, shape (n,), at the sample rate `rate`."""
    ends = np.rint(np.cumsum(delivery.seconds) * rate).astype(int)
    time = np.arange(ends[-1]) / rate
    source = _pulses(delivery, np.concatenate([[0], ends]), time, rate)
    source += delivery.breath * source.std() * rng.standard_normal(len(time))
    sound = np.zeros(len(time))
    state = np.zeros((len(BANDWIDTHS_HZ), 2))
    for vowel, start, end, loud in zip(
        delivery.vowels, np.concatenate([[0], ends]), ends, delivery.loudness, strict=False
    ):
        sections = _formants(vowel, delivery.formants, rate)
        shaped, state[: len(sections)] = scipy.signal.sosfilt(
            sections, source[start:end], zi=state[: len(sections)]
        )
        sound[start:end] = shaped * loud * np.sin(np.pi * np.linspace(0, 1, end - start)) ** 0.6
    level = 10 ** ((delivery.gain_db - 26) / 20)
    return sound * (level / np.sqrt(np.mean(sound**2)))


def _pulses(delivery: Delivery, borders: NDArray[np.floating], time: Samples, rate: int) -> Samples:
    """Return the sum of the harmonics along the pitch's contour."""
    # Over hundreds of turns the last bits of a contour add up, and a bright voice makes the sum
    # heard: on a grid they are the same on every processor.
    knots = np.rint(12 * np.log2(delivery.pitch_hz) / CONTOUR_STEP) * CONTOUR_STEP
    contour = np.interp(np.arange(len(time)), borders, knots)
    contour += delivery.tremor * np.sin(2 * np.pi * 9 * time)
    turns = np.cumsum(2 ** (contour / 12) / rate)
    # The module's formula by 1 - cos φ = 2 sin² (φ / 2): for an a near 1, its terms cancel.
    a, square = delivery.brightness, 2 * np.sin(np.pi * (turns - np.rint(turns))) ** 2
    return a * (1 - a - square) / ((1 - a) ** 2 + 2 * a * square)


def _formants(vowel: str, factor: float, rate: int) -> NDArray[np.float64]:
    """Return a vowel's resonators as second-order sections; those beyond the band are left out."""
    sections = []
    for centre, width in zip(VOWELS_HZ[vowel], BANDWIDTHS_HZ, strict=True):
        if (hz := centre * factor) < 0.45 * rate:
            radius = np.exp(-np.pi * width / rate)
            b, c = -2 * radius * np.cos(2 * np.pi * hz / rate), radius**2
            sections.append([1 + b + c, 0, 0, 1, b, c])
    return np.array(sections)
