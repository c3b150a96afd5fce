"""How much a packed file may unpack to: a little whatever its size, more where its size accounts
for it.

A few kilobytes of zeros can unpack to gigabytes. What people record and compute is packed to a
tenth at best; what is stored plainly is not packed at all, so that there is a way out for whoever
has data of zeros.
"""

from pathlib import Path

from uphold.errors import InputError

FREE = 2**28
"""Bytes that any file may unpack to."""
TIMES = 20
"""How often its own size a larger file may unpack to."""


def most(path: Path, times: int = TIMES) -> int:
    """Return how many bytes a file may unpack to."""
    return max(FREE, times * path.stat().st_size)


def refuse_larger(path: Path, size: int, way_out: str) -> None:
    """Raise `InputError` where a file would unpack to more bytes than its own size accounts for.

    Parameters
    ----------
    path : Path
    size : int
        To how many bytes it unpacks.
    way_out : str
        What to do, as the rest of a sentence: ``save it …``.
    """
    if size > (may := most(path)):
        raise InputError(
            f"{path} has {path.stat().st_size:,} bytes and would unpack to {size:,}; at most "
            f"{may:,} are read of it: if it is as it should be, {way_out}."
        )
