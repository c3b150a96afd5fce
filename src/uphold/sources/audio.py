"""Sound files → mono samples: read, checked, mixed down, resampled.

In: a WAV, FLAC, AIFF, Ogg (Vorbis, Opus) or MP3 file of any sample rate and any number of channels.
Out: its samples, the mean of its channels. Promised: a file that is broken, cut short or something
else under a sound's name is refused with its reason and the way out, and none takes more memory
than its size accounts for (`unpacked`). A WAV whose header leaves its length open, as a recorder
leaves it that stopped before it closed the file, is read to its end, and says so.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.signal
import soundfile
from numpy.typing import NDArray

from uphold.sources import riff, unpacked

BLOCK = 2**20
LOWEST_RATE, HIGHEST_RATE = 1_000, 1_000_000
FORMATS = {
    "WAV": ("WAV", "WAVEX", "RF64"),
    "FLAC": ("FLAC",),
    "AIFF": ("AIFF",),
    "OGG": ("OGG",),
    "MP3": ("MP3",),
}
SUFFIXES = frozenset(
    {".wav", ".wave", ".flac", ".aif", ".aiff", ".aifc", ".ogg", ".oga", ".opus", ".mp3"}
)
LOSSY = frozenset({"OGG", "MP3"})
TIMES_LOSSY = 128
"""How often its own size a lossy file may unpack to: speech in Opus takes a sixtieth."""
MOST_STEPS = 200_000
"""Of two rates over what they share. The filter between them is 20 times as long; for rates with a
common factor, as those of recorders have, it is a few hundred."""


class UnusableSound(Exception):
    """A file that cannot be used; the message continues a sentence that starts with its name."""


@dataclass(frozen=True)
class Sound:
    """A file's sound.

    Attributes
    ----------
    samples : ndarray of float32, shape (n,)
        Mono, full scale 1.
    rate, channels : int
        Samples a second; channels that it had.
    lossy : bool
        Whether it was stored as OGG or MP3: a copy in another format has other samples.
    open_ended : bool
        Whether its header left its length open, so that it was read to the end of the file.
    """

    samples: NDArray[np.float32]
    rate: int
    channels: int
    lossy: bool = False
    open_ended: bool = False

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / self.rate


def read(path: Path, formats: Sequence[str] = tuple(FORMATS)) -> Sound:
    """Read one file of one of the formats, by default any of `FORMATS`.

    Raises
    ------
    UnusableSound
        Where it is unreadable, empty, truncated, in another format, or has samples that are not
        numbers. The message says which and what to do.
    """
    wanted = _listed(formats)
    try:
        if path.stat().st_size == 0:
            raise UnusableSound("is empty (0 bytes): record or copy it again, or remove it")
        header = riff.header(path)
        with riff.readable(path, header) as source, soundfile.SoundFile(source) as file:
            stored, rate, promised = file.format, file.samplerate, file.frames
            channels, lossy = file.channels, stored in LOSSY
            sound = _decoded(file, unpacked.most(path, TIMES_LOSSY if lossy else unpacked.TIMES))
    except (OSError, soundfile.LibsndfileError) as error:
        raise UnusableSound(_unreadable(path, wanted, error)) from error
    if not any(stored in FORMATS[name] for name in formats):
        raise UnusableSound(f"is {stored} inside: convert it to {wanted}")
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        raise UnusableSound(
            f"has {rate:,} samples a second; from {LOWEST_RATE:,} to {HIGHEST_RATE:,} can be used"
        )
    if header.missing or len(sound) < promised:
        lost = f"{header.missing:,} bytes"
        if not header.missing:
            lost = f"{promised - len(sound):,} samples"
        raise UnusableSound(
            f"is truncated: {lost} promised by its header are missing; copy it again, or remove it"
        )
    if len(sound) == 0:
        raise UnusableSound("holds no sound (0 samples): record or copy it again, or remove it")
    if not np.isfinite(sound).all():
        raise UnusableSound("has samples that are NaN or infinite: export it again, or remove it")
    return Sound(sound, rate, channels, lossy, open_ended=header.open_ended)


def length(path: Path) -> tuple[int, int]:
    """Return how many samples a file's header promises, and their rate; (0, 1) if none is there.

    So it is with more samples than would be read, or at a rate that would not: `read` says what is
    wrong with such a file.
    """
    try:
        with (
            riff.readable(path, riff.header(path)) as source,
            soundfile.SoundFile(source) as file,
        ):
            fits = file.frames * file.channels * 4 <= unpacked.most(path, TIMES_LOSSY)
            usable = fits and LOWEST_RATE <= file.samplerate <= HIGHEST_RATE
            return (file.frames, file.samplerate) if usable else (0, 1)
    except (OSError, soundfile.LibsndfileError):
        return 0, 1


def resampled(sound: Sound, rate: int) -> NDArray[np.float32]:
    """Return the samples at another rate, through a polyphase filter.

    Raises
    ------
    UnusableSound
        The rates have so little in common that the filter would fill the memory.
    """
    if sound.rate == rate:
        return sound.samples
    shared = math.gcd(sound.rate, rate)
    up, down = rate // shared, sound.rate // shared
    if max(up, down) > MOST_STEPS:
        raise UnusableSound(
            f"has {sound.rate:,} samples a second, which are not brought to {rate:,}: convert it "
            "to a rate such as 48,000"
        )
    # In double precision, so that what is made of them can be equal on every processor.
    samples: NDArray[np.floating] = scipy.signal.resample_poly(
        sound.samples.astype(np.float64), up, down
    )
    return samples.astype(np.float32)


def _decoded(file: soundfile.SoundFile, most: int) -> NDArray[np.float32]:
    """Return all samples, the mean of their channels, or refuse more than so many bytes of them."""
    # By blocks: a broken header may promise more samples than there is memory for, or fewer.
    blocks, size = [np.zeros(0, dtype=np.float32)], 0
    each = max(1, BLOCK // file.channels)
    while len(block := file.read(each, dtype="float32", always_2d=True)):
        size += block.nbytes
        if size > most:
            raise UnusableSound(
                f"would unpack to more than {most:,} bytes of sound: cut it into parts or, if it "
                "is mostly silence, convert it to WAV"
            )
        blocks.append(block.mean(axis=1))
    return np.concatenate(blocks)


def _unreadable(path: Path, wanted: str, error: Exception) -> str:
    reason = _first_line(error)
    if isinstance(error, soundfile.LibsndfileError):
        with path.open("rb") as file:
            start = file.read(8)
        if start[4:] == b"ftyp":
            to = path.with_suffix(".wav").name
            return (
                "is MP4 inside (m4a, AAC), which cannot be read: convert it (ffmpeg -i "
                f"'{path.name}' '{to}') or remove it"
            )
        # Of what is no MP3 under that name it says that it is not there.
        reason = reason.replace("File does not exist or is not a regular file", "no sound in it")
    return f"cannot be read as {wanted} ({reason}): copy or convert it again, or remove it"


def _listed(formats: Sequence[str]) -> str:
    *some, last = formats
    return f"{', '.join(some)} or {last}" if some else last


def _first_line(error: Exception) -> str:
    text = getattr(error, "error_string", None) or getattr(error, "strerror", None) or str(error)
    return text.strip().splitlines()[0].removesuffix(" (possibly a pipe?).").rstrip(".")
