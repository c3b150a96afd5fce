"""Files that are written whole or not at all, also when the process or the machine dies.

What `publish` and `make_folder` have done is there for good once they return: the data are flushed
to disk, and so is each folder that names them. ``tests/faults`` holds that against a model of what
a loss of power may leave.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
    except BaseException:
        discard(partial)
        raise
    flush(path.parent)


def beside(path: Path, content: bytes) -> Path:
    """Write what is to be an output under a partial name beside it, and return that name."""
    partial = path.with_name(f".{path.name}{PARTIAL}")
    make_folder(path.parent)
    try:
        write(partial, content)
    except BaseException:
        discard(partial)
        raise
    return partial


def write(path: Path, content: bytes) -> None:
    """Write a file and flush it to disk; what has its name already is removed, be it a link.

    Raises
    ------
    OSError
        It names the file, as that of writing itself does not.
    """
    with naming(path):
        file = _created(path)
        try:
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(file, rest) :]
            os.fsync(file)
        finally:
            os.close(file)


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Name a file or a folder in an error of the operating system that names none."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, where they are missing, to be there for good."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    os.makedirs(folder, exist_ok=True)  # noqa: PTH103 (every step on disk goes through os)
    for made in missing:
        flush(made.parent)


def flush_below(folder: Path) -> None:
    """Flush all that lies in a folder, and the folder, whoever wrote it."""
    for path in (*folder.rglob("*"), folder):
        if path.is_dir() or path.is_file():
            flush(path)


def flush(path: Path) -> None:
    """Flush a file to disk, or a folder: a rename is there for good once what names it is."""
    with naming(path if path.name else path.absolute()):
        file = os.open(path, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)


def discard(partial: Path) -> None:
    """Remove what was being written, after something went wrong: that is what is told."""
    with suppress(OSError):
        partial.unlink(missing_ok=True)


def _created(path: Path) -> int:
    # Never through a link that somebody left there, to whatever it leads.
    how = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    try:
        return os.open(path, how, 0o644)
    except FileExistsError:
        os.unlink(path)  # noqa: PTH108
        return os.open(path, how, 0o644)
