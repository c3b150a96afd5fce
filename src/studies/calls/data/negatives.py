"""What is not the call: weather, insects, knocks, and a neighbour that sounds much like it.

In: a random stream (and, for the neighbour, its pitch at the place). Out: an `Event`. These sounds
are what negative recordings consist of, and some of them (`DISTRACTORS`) also lie under calls.
"""

import numpy as np
from numpy.random import Generator

from studies.calls.data.events import Event, Samples, coloured_noise, hertz, sine, struck
from studies.calls.data.voices import Voice, growl, grunt
from studies.calls.data.window import RATE, SAMPLES, WINDOW_S

TAU = 2 * np.pi


def rain(rng: Generator) -> Event:
    """Return drops at random moments, 30 to 250 a second, over a hiss."""
    drops = int(rng.poisson(WINDOW_S * rng.uniform(30, 250)))
    strengths, at = rng.lognormal(0, 0.9, drops), rng.integers(0, SAMPLES, drops)
    patter = struck(at, strengths, _ring(rng.uniform(600, 4000, 4), decay_s=0.002))
    hiss = coloured_noise(rng, np.sqrt(hertz()))
    sound = patter / patter.std() + rng.uniform(0.2, 0.8) * hiss / hiss.std()
    return Event(sound, _throughout(), band=(80.0, 7900.0))


def wind(rng: Generator) -> Event:
    """Return low noise that comes in gusts of about a quarter of a second."""
    corner = rng.uniform(80, 300)
    rumble = coloured_noise(rng, 1 / (1 + (hertz() / corner) ** 2))
    gusts = np.interp(np.arange(SAMPLES), np.linspace(0, SAMPLES, 13), rng.lognormal(0, 0.8, 13))
    return Event(gusts * rumble, _throughout(), band=(20.0, 1000.0))


def insects(rng: Generator) -> Event:
    """Return one to three high tones that beat, and chirp now and then."""
    sound = np.zeros(SAMPLES)
    for _ in range(rng.integers(1, 4)):
        beat = np.maximum(0, sine(rng.uniform(8, 60), rng.uniform(0, TAU))) ** 2
        chirping = sine(rng.uniform(0.5, 4), rng.uniform(0, TAU)) > rng.uniform(-1, 0.5)
        tone = sine(rng.uniform(2200, 6500))
        sound += rng.uniform(0.3, 1) * tone * beat * chirping
    return Event(sound, _throughout(), band=(2000.0, 7900.0))


def clicks(rng: Generator) -> Event:
    """Return knocks on something hollow, at random moments or as a drum roll."""
    knocks = int(rng.integers(3, 16))
    if rng.random() < 0.5:
        onsets: np.ndarray = rng.uniform(0.1, 2.8, knocks)
    else:
        onsets = rng.uniform(0.1, 1.5) + np.arange(knocks) * rng.uniform(0.05, 0.1)
    first = np.round(onsets * RATE).astype(int)
    strengths = rng.uniform(0.4, 1, knocks)
    ring = _ring(rng.uniform(250, 2000, 3), decay_s=rng.uniform(0.004, 0.015))
    active = struck(first, np.ones(knocks), np.ones(round(0.05 * RATE))) > 0
    return Event(struck(first, strengths, ring), active)


def neighbour(rng: Generator, pitch: float) -> Event:
    """Return another species whose grunts rise and whose growls are faster.

    Its pitch, around `pitch` Hz, and its formants overlap with those of the species listened for.
    """
    voice = Voice(
        pitch=(0.75 * pitch, 1.3 * pitch),
        glide=(0.95, 1.35),
        pulse_rate=(34, 60),
        formants=((420, 760), (1000, 1500), (1900, 2300)),
    )
    return grunt(rng, voice) if rng.random() < 0.6 else growl(rng, voice)


DISTRACTORS = {"rain": rain, "wind": wind, "insects": insects, "clicks": clicks}


def _throughout() -> np.ndarray:
    return np.ones(SAMPLES, dtype=bool)


def _ring(tones: Samples, decay_s: float) -> Samples:
    """Return what rings at the given tones (Hz) and fades."""
    time = np.arange(round(6 * decay_s * RATE)) / RATE
    return np.sin(TAU * tones[:, None] * time).sum(axis=0) * np.exp(-time / decay_s)
