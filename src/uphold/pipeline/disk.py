"""Files that are written whole or not at all, also when the process or the machine dies."""

import os
from pathlib import Path

PARTIAL = ".partial"
"""The ending of what is being written, or was left by a process that died."""


def publish(path: Path, content: bytes) -> None:
    """Write an output in one step: it has its old content or its new content, never a part.

    One process at a time writes an output. What a dead one left is overwritten by the next.
    """
    partial = beside(path, content)
    try:
        os.replace(partial, path)  # noqa: PTH105
    finally:
        partial.unlink(missing_ok=True)


def beside(path: Path, content: bytes) -> Path:
    """Write what is to be an output under a partial name beside it, and return that name."""
    partial = path.with_name(f".{path.name}{PARTIAL}")
    os.makedirs(path.parent, exist_ok=True)  # noqa: PTH103 (every step on disk goes through os)
    try:
        write(partial, content)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return partial


def write(path: Path, content: bytes) -> None:
    """Write a file and flush it to disk; what has its name already is removed, be it a link.

    Raises
    ------
    OSError
        It names the file, as that of writing itself does not.
    """
    try:
        file = _created(path)
        try:
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(file, rest) :]
            os.fsync(file)
        finally:
            os.close(file)
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


def _created(path: Path) -> int:
    # Never through a link that somebody left there, to whatever it leads.
    how = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    try:
        return os.open(path, how, 0o644)
    except FileExistsError:
        os.unlink(path)  # noqa: PTH108
        return os.open(path, how, 0o644)


def flush_folder(folder: Path) -> None:
    """Flush a folder to disk: a rename is there for good only once the folder that names it is."""
    file = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
