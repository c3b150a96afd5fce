"""Files that were damaged at random, and what an importer may do with them."""

import random
import re
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd

from uphold.errors import InputError
from uphold.runlog.importers.imported import Imported

TIMES = 200
WAYS_OUT = ("opy", "ove", "give", "xport")
MOST_MEMORY = 100_000_000


def damaged(data: bytes, seed: int = 0) -> Iterator[bytes]:
    """Yield a file with one byte changed, and one that is cut, `TIMES` times each."""
    chance = random.Random(seed)
    for _ in range(TIMES):
        at = chance.randrange(len(data))
        other = data[at] ^ chance.randrange(1, 256)
        yield data[:at] + bytes([other]) + data[at + 1 :]
        yield data[: chance.randrange(len(data))]


def left_out(found: Imported, match: str) -> None:
    """Fail unless one run is left out for its damage, which the notes name by a pattern."""
    first, second, *_ = found.notes
    assert re.match(r"Of \d+ runs in .* 1 cannot be read and is left out", first), first
    assert re.search(match, second), second


def read_damaged(
    path: Path, root: Path, is_it: Callable[[Path], bool], read: Callable[[Path], Imported]
) -> tuple[int, int]:
    """Read a folder again and again with one file damaged; return how often it was read, refused.

    Anything but an `InputError` that names the file or its folder fails, and so does a reader that
    takes memory by a length that it was told.
    """
    whole = path.read_bytes()
    done = refused = 0
    tracemalloc.start()
    try:
        for data in damaged(whole):
            path.write_bytes(data)
            is_it(root)
            try:
                notes = read(root).notes
                said = notes[1] if notes and "cannot be read and is left out" in notes[0] else None
            except InputError as error:
                said = str(error)
            if said is None:
                done += 1
                continue
            assert str(path.parent) in said, said
            assert any(word in said for word in WAYS_OUT), said
            refused += 1
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()
        path.write_bytes(whole)
    return done, refused


def flips_are_told(
    path: Path, root: Path, read: Callable[[Path], Imported], whole: pd.DataFrame
) -> None:
    """Fail where a changed byte changes what is read, and neither an error nor a note says so."""
    data = path.read_bytes()
    told = 0
    for changed in list(damaged(data))[::2]:
        path.write_bytes(changed)
        try:
            found = read(root)
        except InputError:
            told += 1
            continue
        told += bool(found.notes)
        assert found.notes or found.table.equals(whole)
    assert told > TIMES / 2
    path.write_bytes(data)
