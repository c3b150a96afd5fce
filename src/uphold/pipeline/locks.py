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

from uphold.errors import Busy


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
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = f"{path.stem} is being trained by {file.read().strip() or 'another process'}"
            if not wait:
                raise Busy(f"{holder}.") from None
            say(f"{holder}: waiting until it ends.")
            fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        file.truncate()
        now = datetime.now(UTC).isoformat(timespec="seconds")
        file.write(f"process {os.getpid()} on {platform.node()} since {now}")
        file.flush()
        yield
