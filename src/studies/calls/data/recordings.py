"""Recordings → windows: read, resampled, cut.

In: a sound file (`uphold.sources.audio`) of any sample rate and any number of channels. Out: mono
windows of 3 s at 16 kHz, the form that the features are made from.

- What is shorter than a window is centred between zeros.
- What is longer is cut into windows side by side. A rest of at least 1 s is one more window; a
  shorter one is left out, and the seconds left out are reported.
"""

import hashlib
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studies.calls.data.window import RATE, SAMPLES
from uphold.sources import audio

SHORTEST_REST_S = 1.0


@dataclass(frozen=True)
class Recording:
    """One file's sound.

    Attributes
    ----------
    samples : ndarray of float32, shape (n,)
        Mono, at 16 kHz, full scale 1.
    duration_s : float
        As stored.
    digest : str
        SHA-256 of the sound as stored: equal for copies that differ in format, number of equal
        channels, or bits beyond 16. A resampled, cut or re-levelled copy has another, and so has
        one in a lossy format.
    lossy, open_ended : bool
        As `uphold.sources.audio.Sound` has them.
    """

    samples: NDArray[np.float32]
    duration_s: float
    digest: str
    lossy: bool
    open_ended: bool


def read(path: Path) -> Recording:
    """Read one file.

    Raises
    ------
    UnusableSound
        As `uphold.sources.audio.read` does.
    """
    sound = audio.read(path)
    digest = _digest(sound.samples, sound.rate)
    samples = audio.resampled(sound, RATE)
    return Recording(samples, sound.seconds, digest, sound.lossy, sound.open_ended)


@dataclass(frozen=True)
class Windows:
    """The windows of one recording.

    Attributes
    ----------
    starts_s : list of float
        Where each begins in the recording.
    windows : list of ndarray of float32, each of shape (48000,)
    padded : int
        How many of them are shorter sounds between zeros.
    left_out_s : float
        Length of the rest that is in no window.
    """

    starts_s: list[float]
    windows: list[NDArray[np.float32]]
    padded: int
    left_out_s: float


def cut(samples: NDArray[np.float32], kept: Container[int] | None = None) -> Windows:
    """Cut mono samples at 16 kHz into windows of 3 s; `kept`: which of them, None for all."""
    starts, left_out = _starts(len(samples))
    starts = [start for k, start in enumerate(starts) if kept is None or k in kept]
    windows = [_centred(samples[start : start + SAMPLES]) for start in starts]
    return Windows(
        starts_s=[start / RATE for start in starts],
        windows=windows,
        padded=sum(start + SAMPLES > len(samples) for start in starts),
        left_out_s=left_out / RATE,
    )


def count(samples: int, rate: int) -> int:
    """Return how many windows a sound of so many samples at that rate is cut into."""
    return len(_starts(-(-samples * RATE // rate))[0])


def _starts(samples: int) -> tuple[list[int], int]:
    """Return where windows start, and how many samples at the end are in none of them."""
    starts = list(range(0, max(samples, 1), SAMPLES))
    rest = samples - starts[-1]
    if len(starts) > 1 and rest < SHORTEST_REST_S * RATE:
        return starts[:-1], rest
    return starts, 0


def _digest(mono: NDArray[np.float32], rate: int) -> str:
    """Return the SHA-256 of mono samples, clipped and rounded to 16 bit, and their rate."""
    stored = np.rint(np.clip(mono, -1, 1 - 2**-15) * 2**15).astype(np.int16)
    # What is too quiet for 16 bit is taken as it is: rounded, all such sounds would be one.
    content = stored if stored.any() else mono
    return hashlib.sha256(f"{rate} ".encode() + content.tobytes()).hexdigest()


def _centred(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    before = (SAMPLES - len(samples)) // 2
    return np.pad(samples, (before, SAMPLES - len(samples) - before))
