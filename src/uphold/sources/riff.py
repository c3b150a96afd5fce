"""How much of a WAV file is missing: what its header promises against what is there.

soundfile reads what it finds of a WAV file, gives that as its length and says nothing: half a
recording would pass for a whole one. Layout of the container: Microsoft's
*Multimedia Programming Interface and Data Specifications 1.0* (RIFF), EBU Tech 3306 (RF64, for
files over 4 GB).
"""

import struct
from pathlib import Path

# Written by programs that stream and cannot go back to fill in the length.
UNKNOWN_LENGTH = 0xFFFFFFFF


def missing_bytes(path: Path) -> int:
    """Return by how many bytes the sound falls short of its promised length.

    Parameters
    ----------
    path : Path
        Any file.

    Returns
    -------
    int
        0 for a whole file, for one whose header leaves the length open, and for what is no WAV.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        kind = file.read(12)
        if len(kind) < 12 or kind[:4] not in (b"RIFF", b"RIFX", b"RF64") or kind[8:] != b"WAVE":
            return 0
        order = ">" if kind[:4] == b"RIFX" else "<"
        long_length = None
        while len(header := file.read(8)) == 8:
            name, length = struct.unpack(f"{order}4sI", header)
            if name == b"ds64":
                sizes = file.read(min(length, size))
                if len(sizes) >= 16:
                    long_length = struct.unpack("<Q", sizes[8:16])[0]
                continue
            if name == b"data":
                if length == UNKNOWN_LENGTH:
                    length = long_length
                return 0 if length is None else max(0, file.tell() + length - size)
            # Chunks are padded to an even length.
            file.seek(length + length % 2, 1)
    return 0
