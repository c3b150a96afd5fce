"""Sound files to windows: read, checked, mixed down, resampled, cut.

In: a WAV or FLAC file of any sample rate and any number of channels. Out: mono windows of 3 s at
16 kHz, the form that the features are made from.

- Channels are averaged.
- The rate is changed by a polyphase filter (`scipy.signal.resample_poly`).
- What is shorter than a window is centred between zeros.
- What is longer is cut into windows side by side. A rest of at least 1 s is one more window; a
  shorter one is left out, and the seconds left out are reported.
"""

import hashlib
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.signal
import soundfile
from numpy.typing import NDArray

from studies.calls.data import riff
from studies.calls.data.window import RATE, SAMPLES

SHORTEST_REST_S = 1.0
BLOCK = 2**20
SUFFIXES = frozenset({".wav", ".flac"})
LOWEST_RATE, HIGHEST_RATE = 1_000, 1_000_000
FORMATS = frozenset({"WAV", "WAVEX", "RF64", "FLAC"})


class UnusableSound(Exception):
    """A file that cannot be used; the message continues a sentence that starts with its name."""


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
        channels, or bits beyond 16. A resampled, cut or re-levelled copy has another.
    """

    samples: NDArray[np.float32]
    duration_s: float
    digest: str


def read(path: Path) -> Recording:
    """Read one file.

    Raises
    ------
    UnusableSound
        Where it is unreadable, empty, truncated, neither WAV nor FLAC, or has samples that are not
        numbers. The message says which and what to do.
    """
    try:
        if path.stat().st_size == 0:
            raise UnusableSound("is empty (0 bytes): record or copy it again, or remove it")
        missing = riff.missing_bytes(path)
        with soundfile.SoundFile(path) as file:
            stored, rate, promised = file.format, file.samplerate, file.frames
            sound = _decoded(file)
    except (OSError, soundfile.LibsndfileError) as error:
        raise UnusableSound(
            f"cannot be read as WAV or FLAC ({_first_line(error)}): copy or convert it again, or "
            "remove it"
        ) from error
    if stored not in FORMATS:
        raise UnusableSound(f"is {stored} inside: convert it to WAV or FLAC")
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
    mono = sound.mean(axis=1)
    return Recording(_resampled(mono, rate), len(mono) / rate, _digest(mono, rate))


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


def cut(samples: NDArray[np.float32]) -> Windows:
    """Cut mono samples at 16 kHz into windows of 3 s."""
    starts = list(range(0, max(len(samples), 1), SAMPLES))
    rest = len(samples) - starts[-1]
    left_out = len(starts) > 1 and rest < SHORTEST_REST_S * RATE
    if left_out:
        starts.pop()
    windows = [_centred(samples[start : start + SAMPLES]) for start in starts]
    return Windows(
        starts_s=[start / RATE for start in starts],
        windows=windows,
        padded=0 if left_out or rest == SAMPLES else 1,
        left_out_s=rest / RATE if left_out else 0.0,
    )


def _decoded(file: soundfile.SoundFile) -> NDArray[np.float32]:
    """Return all samples, shape (n, channels)."""
    # By blocks: a broken header may promise more samples than there is memory for.
    blocks = [np.zeros((0, file.channels), dtype=np.float32)]
    while len(block := file.read(BLOCK, dtype="float32", always_2d=True)):
        blocks.append(block)
    return np.concatenate(blocks)


def _digest(mono: NDArray[np.float32], rate: int) -> str:
    """Return the SHA-256 of mono samples, clipped and rounded to 16 bit, and their rate."""
    stored = np.rint(np.clip(mono, -1, 1 - 2**-15) * 2**15).astype(np.int16)
    # What is too quiet for 16 bit is taken as it is: rounded, all such sounds would be one.
    content = stored if stored.any() else mono
    return hashlib.sha256(f"{rate} ".encode() + content.tobytes()).hexdigest()


def _centred(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    before = (SAMPLES - len(samples)) // 2
    return np.pad(samples, (before, SAMPLES - len(samples) - before))


def _resampled(samples: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    if rate == RATE:
        return samples
    shared = math.gcd(rate, RATE)
    resampled = scipy.signal.resample_poly(samples, RATE // shared, rate // shared)
    return resampled.astype(np.float32)


def _first_line(error: Exception) -> str:
    text = getattr(error, "error_string", None) or getattr(error, "strerror", None) or str(error)
    return text.strip().splitlines()[0].rstrip(".")
