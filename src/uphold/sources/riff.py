"""What the header of a WAV or an AIFF file promises against what is there.

soundfile reads what it finds of such a file, gives that as its length and says nothing: half a
recording would pass for a whole one. And where the header says 0, as that of a recorder that
stopped before it closed the file, it finds nothing, whatever is there. Layout of the container:
Microsoft's *Multimedia Programming Interface and Data Specifications 1.0* (RIFF), EBU Tech 3306
(RF64, for files over 4 GB); of AIFF: Apple's *Audio Interchange File Format 1.3*.
"""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

UNKNOWN_LENGTH = 0xFFFFFFFF
"""What stands for no length; RF64 has it elsewhere then."""
PLACEHOLDERS = (
    range(0x7FFFEF00, 0x7FFFF001),
    range(0x7FFFFF00, 0x80000001),
    range(0xFFFFFF00, 2**32),
)
"""Written by programs that stream, or that write the length once they are done: sox (7FFFF000 and
what is left of it in whole blocks), arecord, ffmpeg (FFFFFFFF), some of them less their header."""


@dataclass(frozen=True)
class Header:
    """What the header of a file says of its sound's length.

    Attributes
    ----------
    missing : int
        Bytes by which the sound falls short of it.
    open_ended : bool
        Whether it says nothing of the length although there is sound.
    mend : (int, bytes) or None
        Where it says 0 although there is sound: the place of that number in the file, and what has
        to stand there for the sound to be found.
    """

    missing: int = 0
    open_ended: bool = False
    mend: tuple[int, bytes] | None = None


def header(path: Path) -> Header:
    """Return what a file's header says of its length; of what is no WAV and no AIFF, nothing."""
    size = path.stat().st_size
    with path.open("rb") as file:
        kind = file.read(12)
        if kind[:4] == b"FORM" and kind[8:] in (b"AIFF", b"AIFC"):
            return _of_aiff(file, size)
        if len(kind) < 12 or kind[:4] not in (b"RIFF", b"RIFX", b"RF64") or kind[8:] != b"WAVE":
            return Header()
        order = ">" if kind[:4] == b"RIFX" else "<"
        long_length = long_at = None
        while len(chunk := file.read(8)) == 8:
            name, length = struct.unpack(f"{order}4sI", chunk)
            if name == b"ds64":
                place = file.tell() + 8
                sizes = file.read(min(length, size))
                if len(sizes) >= 16:
                    long_at, long_length = place, struct.unpack("<Q", sizes[8:16])[0]
                continue
            if name == b"data":
                start = file.tell()
                if length == UNKNOWN_LENGTH:
                    length = long_length
                elif start + length > size and any(length in some for some in PLACEHOLDERS):
                    length = None
                if length is None:
                    return Header(open_ended=size > start)
                if length == 0 and not _chunks(file, size, order):
                    stand_in = start - 4, b"\xff" * 4
                    if long_at is not None:
                        stand_in = long_at, struct.pack("<Q", size - start)
                    return Header(open_ended=True, mend=stand_in)
                return Header(missing=max(0, start + length - size))
            # Chunks are padded to an even length.
            file.seek(length + length % 2, 1)
    return Header()


def _of_aiff(file: BinaryIO, size: int) -> Header:
    while len(chunk := file.read(8)) == 8:
        name, length = struct.unpack(">4sI", chunk)
        if name == b"SSND":
            return Header(missing=max(0, file.tell() + length - size))
        file.seek(length + length % 2, 1)
    return Header()


@contextmanager
def readable(path: Path, header: Header) -> Iterator[Path | BinaryIO]:
    """Give what is to be read: the file, with another length where its header says 0 wrongly."""
    if header.mend is None:
        yield path
    else:
        with path.open("rb") as file:
            yield cast(BinaryIO, _Mended(file, *header.mend))


def _chunks(file: BinaryIO, size: int, order: str) -> bool:
    """Return whether what is left of a file is whole chunks, or nothing: then 0 is meant."""
    while len(chunk := file.read(8)) == 8:
        name, length = struct.unpack(f"{order}4sI", chunk)
        if not (name.isascii() and name.decode("ascii").isprintable()):
            return False
        file.seek(length + length % 2, 1)
    return not chunk and file.tell() - size in (0, 1)


class _Mended:
    """A file that has other bytes at one place, as soundfile reads it."""

    def __init__(self, file: BinaryIO, at: int, instead: bytes) -> None:
        self.file, self.at, self.instead = file, at, instead
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int = -1) -> bytes:
        start = self.file.tell()
        data = bytearray(self.file.read(size))
        before = self.at - start
        first, last = max(before, 0), min(before + len(self.instead), len(data))
        if first < last:
            data[first:last] = self.instead[first - before : last - before]
        return bytes(data)

    def write(self, data: bytes) -> int:
        raise OSError("is read alone")
