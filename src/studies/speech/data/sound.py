"""A WAV file → mono samples: read, checked, mixed down, resampled.

Channels are averaged; the rate is changed by a polyphase filter (`scipy.signal.resample_poly`).
"""

import math
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.signal
import soundfile
from numpy.typing import NDArray

SHORTEST_S, LONGEST_S = 0.5, 60.0


class UnusableSound(Exception):
    """A file that cannot be used; the message continues a sentence that starts with its name."""


@dataclass(frozen=True)
class Sound:
    """A file's sound: mono samples of full scale 1, their rate, and the channels it had."""

    samples: NDArray[np.float32]
    rate: int
    channels: int

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / self.rate


def read(path: Path) -> Sound:
    """Read one file.

    Raises
    ------
    UnusableSound
        Where it is empty, no WAV file, truncated, too short or too long, silent, or has samples
        that are not numbers.
    """
    try:
        missing = _missing_bytes(path)
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (OSError, soundfile.LibsndfileError) as error:
        raise UnusableSound("cannot be read as WAV: copy it again, or remove it") from error
    if missing:
        raise UnusableSound(f"is truncated by {missing:,} bytes: copy it again, or remove it")
    sound = Sound(samples.mean(axis=1), rate, samples.shape[1])
    if not SHORTEST_S <= sound.seconds <= LONGEST_S:
        raise UnusableSound(
            f"lasts {sound.seconds:.2f} s; clips last from {SHORTEST_S:g} to {LONGEST_S:g} s"
        )
    if not np.isfinite(samples).all():
        raise UnusableSound("has samples that are NaN or infinite: copy it again, or remove it")
    if not samples.any():
        raise UnusableSound("is silent from beginning to end: copy it again, or remove it")
    return sound


def resampled(sound: Sound, rate: int) -> NDArray[np.float32]:
    """Return the samples at another rate."""
    if sound.rate == rate:
        return sound.samples
    shared = math.gcd(sound.rate, rate)
    samples = scipy.signal.resample_poly(sound.samples, rate // shared, sound.rate // shared)
    return samples.astype(np.float32)


def _missing_bytes(path: Path) -> int:
    """Return how many bytes a WAV file lacks to what its header promises."""
    with path.open("rb") as file:
        head = file.read(12)
    if len(head) < 12 or head[:4] != b"RIFF" or head[8:] != b"WAVE":
        raise OSError("no WAV file")
    return max(0, struct.unpack("<I", head[4:8])[0] + 8 - path.stat().st_size)
