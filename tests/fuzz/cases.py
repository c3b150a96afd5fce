"""Damage of a file, seeded, and a reader held against it; in a process of its own, by `main`.

The address space of that process ends a gigabyte above what it has taken once the whole file is
read, and an alarm ends a case after ten seconds: both are seen as what the reader raises.
"""

import importlib
import json
import random
import resource
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from uphold.errors import InputError

TIMES = 200
"""Flipped bytes, and cuts, of each format; a tenth of it of each other kind of damage."""
MEMORY = 2**30
SECONDS = 10
LONGEST = 64
"""Bytes that are doubled, or become zeros, in the middle of a file."""


@dataclass
class Found:
    """What a reader did: cases that it read and refused, and what else it raised, each once."""

    read: int = 0
    refused: int = 0
    wrong: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    megabytes: float = 0.0


def damaged(data: bytes, seed: int = 0) -> Iterator[tuple[str, bytes]]:
    """Yield what happens to files on disks and on their way, each with what it is."""
    chance = random.Random(seed)
    few = TIMES // 10
    for _ in range(TIMES):
        at = chance.randrange(len(data))
        other = data[at] ^ chance.randrange(1, 256)
        yield f"byte {at} is {other}", data[:at] + bytes([other]) + data[at + 1 :]
    for _ in range(TIMES):
        size = chance.randrange(len(data))
        yield f"cut at {size}", data[:size]
    for _ in range(few):
        at, size = chance.randrange(len(data)), chance.randrange(1, LONGEST)
        yield f"{size} zeros at {at}", data[:at] + bytes(size) + data[at + size :]
    for _ in range(few):
        at = chance.randrange(len(data))
        yield f"zeros from {at} on", data[:at] + bytes(len(data) - at)
    for _ in range(few):
        at, of = chance.randrange(len(data)), chance.randrange(len(data))
        yield f"{of} again at {at}", data[:at] + data[of : of + LONGEST] + data[at:]


def tried(path: Path, read: Callable[[Path], object]) -> Found:
    """Read a file damaged in every way, and tell what became of it."""
    whole, found = path.read_bytes(), Found()
    read(path)
    taken = _kilobytes()
    resource.setrlimit(resource.RLIMIT_AS, (_address_space() + MEMORY,) * 2)
    signal.signal(signal.SIGALRM, _too_long)
    for what, data in damaged(whole):
        path.write_bytes(data)
        began = time.monotonic()
        signal.alarm(SECONDS)
        try:
            read(path)
            found.read += 1
        except InputError as error:
            found.refused += 1
            if path.name not in str(error):
                found.wrong.setdefault(f"no file is named: {error}", what)
        except BaseException as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            said = f"{type(error).__name__} in {Path(place.filename).name}: {error}"
            found.wrong.setdefault(said[:200], what)
        finally:
            signal.alarm(0)
        found.seconds = max(found.seconds, time.monotonic() - began)
    found.megabytes = (_kilobytes() - taken) / 1024
    return found


def _too_long(*_: object) -> None:
    raise TimeoutError(f"it took more than {SECONDS} s")


def _kilobytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _address_space() -> int:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    return pages * resource.getpagesize()


def main(name: str, unguarded: bool) -> None:
    """Try one format, or its reader without a guard, and print what was found as JSON."""
    warnings.simplefilter("ignore")
    sys.path.insert(0, str(Path(__file__).parent))
    write, read = importlib.import_module("formats").FORMATS[name]
    if unguarded:
        read = importlib.import_module("unguarded").READERS[name]
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(asdict(tried(write(Path(folder)), read))))


if __name__ == "__main__":
    main(sys.argv[1], "--unguarded" in sys.argv)
