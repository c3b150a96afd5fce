"""What animals utter: a source of pulses and a filter of formants, as voices are.

In: a random stream and a voice. Out: an `Event`. Two types of utterance:

``grunt``
    One to four short voiced pulses (.09–.24 s): harmonics of a low, gliding pitch with jitter (in
    pitch) and shimmer (in loudness), under the voice's formants.
``growl``
    One long train of damped pulses (.6–1.6 s) that ring at the formants; the intervals and the
    strengths of the pulses vary from one to the next.

`CALLS` are these two in the voice of the species that the study listens for.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from studies.calls.data.events import CALL_BAND, Event, Samples, struck
from studies.calls.data.window import RATE, SAMPLES, WINDOW_S

Span = tuple[float, float]


@dataclass(frozen=True)
class Voice:
    """The ranges from which each utterance of a species is drawn.

    Attributes
    ----------
    pitch : (float, float)
        Fundamental frequency of a grunt at its start, in Hz.
    glide : (float, float)
        Factor by which the pitch changes within a grunt.
    pulse_rate : (float, float)
        Pulses a second of a growl.
    formants : tuple of (float, float)
        Centres of the resonances in Hz; each is half as strong as the one before.
    """

    pitch: Span
    glide: Span
    pulse_rate: Span
    formants: tuple[Span, ...]


LISTENED_FOR = Voice(
    pitch=(90, 240),
    glide=(0.7, 0.95),
    pulse_rate=(18, 42),
    formants=((330, 620), (850, 1250), (1700, 2200)),
)
FORMANT_WIDTH_HZ = 180.0
# No utterance touches the edges of the window.
MARGIN_S = 0.05


def grunt(rng: Generator, voice: Voice) -> Event:
    """Return one to four short harmonic pulses."""
    pulses = int(rng.integers(1, 5))
    lengths = rng.uniform(0.09, 0.24, pulses)
    gaps = np.append(rng.uniform(0.08, 0.3, pulses - 1), 0)
    pitch, glide = rng.uniform(*voice.pitch), rng.uniform(*voice.glide)
    formants = np.array([rng.uniform(*span) for span in voice.formants])
    total = lengths.sum() + gaps.sum()
    start = rng.uniform(MARGIN_S, WINDOW_S - MARGIN_S - total)
    starts = start + np.append(0, np.cumsum(lengths + gaps)[:-1])
    sound, active = np.zeros(SAMPLES), np.zeros(SAMPLES, dtype=bool)
    for at, length in zip(starts, lengths, strict=True):
        here = slice(round(at * RATE), round(at * RATE) + round(length * RATE))
        loudness = rng.uniform(0.6, 1)
        pulse = _harmonics(
            rng, round(length * RATE), pitch * rng.uniform(0.93, 1.07), glide, formants
        )
        sound[here] = loudness * pulse
        active[here] = True
    return Event(sound, active)


def growl(rng: Generator, voice: Voice) -> Event:
    """Return one long train of damped pulses."""
    length = rng.uniform(0.6, 1.6)
    start = rng.uniform(MARGIN_S, WINDOW_S - MARGIN_S - length)
    interval = 1 / rng.uniform(*voice.pulse_rate)
    jitter = rng.normal(1, 0.08, int(length / interval)).clip(0.7, 1.3)
    onsets = np.cumsum(interval * jitter)
    onsets = onsets[onsets < length]
    swell = np.sqrt(np.sin(np.pi * (onsets / length) ** 0.7))
    strengths = swell * rng.lognormal(0, 0.2, len(onsets))
    at = np.round((start + onsets) * RATE).astype(int)
    decay_s = rng.uniform(0.006, 0.014)
    time = np.arange(round(0.05 * RATE)) / RATE
    ring = np.zeros(len(time))
    for k, span in enumerate(voice.formants):
        ring += rng.uniform(0.5, 1) * 0.5**k * np.sin(2 * np.pi * rng.uniform(*span) * time)
    active = np.zeros(SAMPLES, dtype=bool)
    active[round(start * RATE) : round((start + length) * RATE)] = True
    return Event(struck(at, strengths, ring * np.exp(-time / decay_s)) * active, active)


CALLS = {"grunt": grunt, "growl": growl}


def _harmonics(
    rng: Generator, samples: int, pitch: float, glide: float, formants: Samples
) -> Samples:
    """Return one voiced pulse that swells and fades."""
    time = np.linspace(0, 1, samples)
    knots = np.linspace(0, 1, 12)
    jitter = np.interp(time, knots, rng.normal(1, 0.02, 12))
    shimmer = np.interp(time, knots, rng.normal(1, 0.15, 12))
    numbers = np.arange(1, int(CALL_BAND[1] / pitch) + 1)
    distance = (numbers * pitch - formants[:, None]) / FORMANT_WIDTH_HZ
    strengths = 0.5 ** np.arange(len(formants)) @ np.exp(-(distance**2) / 2) + 0.1 / numbers
    # The sum over k of strength · sin(k θ) by Horner's rule in exp(i θ): one sine for all of them.
    turn = np.exp(2j * np.pi * np.cumsum(pitch * glide**time * jitter) / RATE)
    wave = np.zeros(samples, dtype=complex)
    for strength in strengths[::-1]:
        wave = (wave + strength) * turn
    swell = np.minimum(1, time / rng.uniform(0.05, 0.25))
    fade = np.minimum(1, (1 - time) / rng.uniform(0.2, 0.6))
    return wave.imag * shimmer * np.sin(np.pi / 2 * swell) * np.sin(np.pi / 2 * fade)
