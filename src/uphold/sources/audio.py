"""Sound files → mono samples: read, checked, mixed down, resampled.

In: a WAV or FLAC file of any sample rate and any number of channels. Out: its samples, the mean of
its channels. Promised: a file that is broken, cut short or something else under a sound's name is
refused with its reason and the way out, and none takes more memory than it has content for.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.signal
import soundfile
from numpy.typing import NDArray

from uphold.sources import riff

BLOCK = 2**20
LOWEST_RATE, HIGHEST_RATE = 1_000, 1_000_000
FORMATS = {"WAV": ("WAV", "WAVEX", "RF64"), "FLAC": ("FLAC",)}


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


def read(path: Path, formats: Sequence[str] = tuple(FORMATS)) -> Sound:
    """Read one file of one of the formats, by default WAV or FLAC.

    Raises
    ------
    UnusableSound
        Where it is unreadable, empty, truncated, in another format, or has samples that are not
        numbers. The message says which and what to do.
    """
    wanted = " or ".join(formats)
    try:
        if path.stat().st_size == 0:
            raise UnusableSound("is empty (0 bytes): record or copy it again, or remove it")
        missing = riff.missing_bytes(path)
        with soundfile.SoundFile(path) as file:
            stored, rate, promised = file.format, file.samplerate, file.frames
            sound = _decoded(file)
    except (OSError, soundfile.LibsndfileError) as error:
        raise UnusableSound(
            f"cannot be read as {wanted} ({_first_line(error)}): copy or convert it again, or "
            "remove it"
        ) from error
    if not any(stored in FORMATS[name] for name in formats):
        raise UnusableSound(f"is {stored} inside: convert it to {wanted}")
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        raise UnusableSound(
            f"has {rate:,} samples a second; from {LOWEST_RATE:,} to {HIGHEST_RATE:,} can be used"
        )
    if missing or len(sound) < promised:
        lost = f"{missing:,} bytes" if missing else f"{promised - len(sound):,} samples"
        raise UnusableSound(
            f"is truncated: {lost} promised by its header are missing; copy it again, or remove it"
        )
    if len(sound) == 0:
        raise UnusableSound("holds no sound (0 samples): record or copy it again, or remove it")
    if not np.isfinite(sound).all():
        raise UnusableSound("has samples that are NaN or infinite: export it again, or remove it")
    return Sound(sound.mean(axis=1), rate, sound.shape[1])


def resampled(sound: Sound, rate: int) -> NDArray[np.float32]:
    """Return the samples at another rate, through a polyphase filter."""
    if sound.rate == rate:
        return sound.samples
    shared = math.gcd(sound.rate, rate)
    up, down = rate // shared, sound.rate // shared
    samples: NDArray[np.floating] = scipy.signal.resample_poly(sound.samples, up, down)
    return samples.astype(np.float32)


def _decoded(file: soundfile.SoundFile) -> NDArray[np.float32]:
    """Return all samples, shape (n, channels)."""
    # By blocks: a broken header may promise more samples than there is memory for.
    blocks = [np.zeros((0, file.channels), dtype=np.float32)]
    while len(block := file.read(BLOCK, dtype="float32", always_2d=True)):
        blocks.append(block)
    return np.concatenate(blocks)


def _first_line(error: Exception) -> str:
    text = getattr(error, "error_string", None) or getattr(error, "strerror", None) or str(error)
    return text.strip().splitlines()[0].rstrip(".")
