"""One process trains a sweep at a time.

The lock is the kernel's and goes when its holder dies; its file says who holds it, or held it last.
"""

import contextlib
import fcntl
import os
import platform
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from uphold.disk import make_folder, naming
from uphold.errors import Busy

LONGEST = 1000
"""So many bytes are read of who holds a lock."""


@contextlib.contextmanager
def held(path: Path, *, wait: bool = True, say: Callable[[str], None] = print) -> Iterator[None]:
    """Hold the lock of a sweep.

    Parameters
    ----------
    path : Path
        The lock's file, which is called as the sweep is; it is left there.
    wait : bool
        Whether to wait for another holder, after having said who it is.
    say : callable
        Takes that message.

    Raises
    ------
    Busy
        Where another process holds it and `wait` is false.
    """
    make_folder(path.parent)
    with naming(path):
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            told = os.pread(file, LONGEST, 0).decode(errors="replace").strip()
            holder = f"{path.stem} is being trained by {told or 'another process'}"
            if not wait:
                raise Busy(f"{holder}.") from None
            say(f"{holder}: waiting until it ends.")
            fcntl.flock(file, fcntl.LOCK_EX)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with naming(path):
            os.ftruncate(file, 0)
            os.pwrite(file, f"process {os.getpid()} on {platform.node()} since {now}".encode(), 0)
        yield
    finally:
        with contextlib.suppress(OSError):  # what it says helps people alone
            os.close(file)
