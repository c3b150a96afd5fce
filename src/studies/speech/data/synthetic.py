"""Acted sentences made from a sketch of how emotions change a voice.

In: settings and nothing else. Out: `PreparedSpeech`. Promised: everything follows from the seed;
every clip has a random stream of its own, so that more actors or repetitions change none of the
others.

An emotion moves the voice (`EMOTIONS`) by amounts that follow the directions in Scherer 2003,
"Vocal communication of emotion", table 2: pitch and its range, contour, level, tempo, voice
quality. Three things stand between the emotion and who listens:

- the actor: pitch, formants, level, tempo, breath, and how far the voice follows an emotion;
- the actor's own way with each emotion, the same in all clips (`STYLE`): it helps who has heard
  the actor before, and misleads who has not;
- the clip: every sentence is said a little differently (`TAKE`).
"""

from dataclasses import astuple, dataclass, fields

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from studies.speech.data.clip import INTENSITIES, Clip
from studies.speech.data.prepared import PreparedSpeech, order
from studies.speech.data.spectrogram import log_mel
from studies.speech.data.voice import Delivery, speak
from studies.speech.settings.data import EMOTIONS as NAMES
from studies.speech.settings.data import Data
from uphold.randomness import generator

STATEMENTS = ("i@aoi@o", "oaiiao@")


@dataclass(frozen=True)
class Manner:
    """How a voice departs from its habit.

    Attributes
    ----------
    pitch : float
        In semitones.
    range : float
        Doublings of the pitch's movement.
    rise : float
        Semitones from the beginning to the end of the sentence.
    level : float
        In dB.
    tempo : float
        Doublings.
    bright : float
        Of the logit of the source's brightness.
    breath : float
        Doublings.
    tremor : float
        In semitones.
    """

    pitch: float = 0.0
    range: float = 0.0
    rise: float = 0.0
    level: float = 0.0
    tempo: float = 0.0
    bright: float = 0.0
    breath: float = 0.0
    tremor: float = 0.0


EMOTIONS = {
    "neutral": Manner(),
    "calm": Manner(pitch=-1, range=-0.7, level=-5, tempo=-0.3, bright=-0.7, breath=1),
    "happy": Manner(pitch=6, range=1.8, rise=5, level=6, tempo=0.3, bright=1),
    "sad": Manner(pitch=-2, range=-1.6, rise=-5, level=-9, tempo=-0.6, bright=-1.4, breath=1.8),
    "angry": Manner(pitch=6, range=1.1, rise=-7, level=13, tempo=0.2, bright=2, breath=-1),
    "fearful": Manner(pitch=9, range=-0.5, level=4, tempo=0.6, breath=1.4, tremor=1.4),
    "disgust": Manner(pitch=-4, range=0.5, rise=-6, level=2, tempo=-0.5, bright=1.2),
    "surprised": Manner(pitch=8, range=2.2, rise=11, level=4, tempo=0.1),
}
STRENGTH = {"normal": 1.0, "strong": 1.4}

STYLE = Manner(2.3, 0.55, 2.3, 3.0, 0.18, 0.55, 0.55, 0.3)
TAKE = Manner(0.25, 0.06, 0.25, 0.3, 0.02, 0.06, 0.06, 0.02)
"""Standard deviations: of an actor's way with an emotion, and of one clip."""

NOISE_DB = (-60.0, 5.0)
"""Mean and standard deviation, over actors, of the level of the room."""

SYLLABLE_S = 0.19


@dataclass(frozen=True)
class Actor:
    """A voice.

    Attributes
    ----------
    pitch_hz : float
    formants : float
        Factor on a man's formants.
    manner : ndarray of float, shape (8,)
        The actor's habit, as the fields of `Manner`.
    follows : float
        How far the voice follows an emotion, around 1.
    noise_db : float
        Level of the room in which the actor was recorded.
    """

    pitch_hz: float
    formants: float
    manner: NDArray[np.float64]
    follows: float
    noise_db: float


def make(settings: Data) -> PreparedSpeech:
    """Return the synthetic data set."""
    ours, mel = settings.synthetic, settings.spectrogram
    clips = sorted(
        (
            Clip(actor, emotion, intensity, statement, repetition)
            for actor in range(1, ours.actors + 1)
            for emotion in NAMES
            for intensity in (INTENSITIES[:1] if emotion == "neutral" else INTENSITIES)
            for statement in range(1, ours.statements + 1)
            for repetition in range(1, ours.repetitions + 1)
        ),
        key=order,
    )
    actors = {number: voice(ours.seed, number) for number in range(1, ours.actors + 1)}
    spectra, lengths = [], []
    for clip in clips:
        samples = sound(ours.seed, clip, actors[clip.actor], mel.sample_rate)
        spectra.append(log_mel(samples, mel))
        lengths.append(len(samples) / mel.sample_rate)
    return PreparedSpeech(
        x=np.stack(spectra),
        clips=clips,
        about={
            "duration_s": round(sum(lengths), 3),
            "shortest_s": round(min(lengths), 3),
            "longest_s": round(max(lengths), 3),
            "mixed_down": 0,
            "files_ignored": 0,
        },
        decisions=["Every clip is synthetic; nobody said anything."],
    )


def voice(seed: int, number: int) -> Actor:
    """Return one actor's voice; odd numbers are male."""
    rng = generator(seed, "actor", number)
    male = number % 2 == 1
    # Medians and spreads of adult speakers: about 115 and 205 Hz, and 15 to 17 % in the formants.
    pitch_hz = (115 if male else 205) * 2 ** (rng.normal(0, 1.6) / 12)
    formants = (1.0 if male else 1.16) * np.exp(rng.normal(0, 0.035))
    spread = np.array(astuple(Manner(0, 0.25, 0.8, 2.5, 0.12, 0.35, 0.4, 0)))
    return Actor(
        pitch_hz=pitch_hz,
        formants=formants,
        manner=rng.normal(0, 1, len(spread)) * spread,
        follows=rng.uniform(0.7, 1.2),
        noise_db=rng.normal(*NOISE_DB),
    )


def sound(seed: int, clip: Clip, actor: Actor, rate: int) -> NDArray[np.float64]:
    """Return the samples of one clip."""
    rng = generator(seed, "clip", clip.name)
    own = generator(seed, "style", clip.actor, clip.emotion).normal(0, 1, len(fields(Manner)))
    manner = Manner(
        *(
            actor.manner
            + actor.follows * STRENGTH[clip.intensity] * np.array(astuple(EMOTIONS[clip.emotion]))
            + own * astuple(STYLE)
            + rng.normal(0, 1, len(own)) * astuple(TAKE)
        )
    )
    samples = speak(rng, _delivery(rng, clip, actor, manner), rate)
    samples += 10 ** (actor.noise_db / 20) * rng.standard_normal(len(samples))
    return np.clip(samples, -1, 1)


def _delivery(rng: Generator, clip: Clip, actor: Actor, manner: Manner) -> Delivery:
    """Return how a sentence is said in a certain manner."""
    vowels = STATEMENTS[clip.statement - 1]
    count = len(vowels)
    # Every other syllable is stressed: higher, louder, longer.
    stress = np.arange(count + 1) % 2
    moved = 2.0 * 2**manner.range * (stress - 0.5 + rng.normal(0, 0.3, count + 1))
    falling = np.linspace(0.5, -0.5, count + 1) * (3.0 - manner.rise)
    semitones = manner.pitch + moved + falling
    tempo = 2.0**manner.tempo
    return Delivery(
        vowels=vowels,
        seconds=SYLLABLE_S / tempo * (1 + 0.25 * stress[:count]) * rng.uniform(0.85, 1.15, count),
        pitch_hz=actor.pitch_hz * 2 ** (semitones / 12),
        loudness=(1 + 0.4 * stress[:count]) * rng.uniform(0.8, 1.2, count),
        brightness=1 / (1 + np.exp(-1.2 - manner.bright)),
        breath=0.08 * 2**manner.breath,
        tremor=max(0.0, manner.tremor),
        formants=actor.formants,
        gain_db=manner.level,
    )
