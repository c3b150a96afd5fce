"""The preloaded library: building it, saying which call is to fail, reading what it recorded."""

import mmap
import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).with_name("shim.c")
COMPILER = shutil.which("cc") or shutil.which("gcc")
PAGE = "FAULTS_CONTROL"
FAULTS = {"kill": 1, "once": 2, "for good": 3, "full": 4}
STEPS = (
    "",
    *("open", "write", "rename", "unlink", "rmdir", "mkdir", "link", "symlink"),
    *("fsync", "truncate", "close", "other", "mark"),
)
NUMBERS, PATHS = struct.Struct("8i"), (4096, 4096)
HEAD = struct.Struct("4I2q")


def build(folder: Path) -> Path:
    """Compile the library into a folder."""
    library = folder / "shim.so"
    flags = ["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror"]
    command = [str(COMPILER), *flags, "-o", str(library), str(SOURCE), "-ldl"]
    subprocess.run(command, check=True)
    return library


def environment(library: Path, page: Path) -> dict[str, str]:
    """Return what a process needs in its environment to run under the library."""
    page.write_bytes(bytes(NUMBERS.size + sum(PATHS)))
    return {"LD_PRELOAD": str(library), PAGE: str(page)}


@dataclass(frozen=True)
class Step:
    """One thing that was done to the disk.

    Attributes
    ----------
    what : str
        One of `STEPS`.
    path, to : str
        What it was done to; of a rename and a link what it became, of a symbolic link its place.
    offset, size : int
        Of a write, where and how much. Of an open, whether the file was emptied, and was new.
    data : bytes
        What was written.
    """

    what: str
    path: str
    to: str = ""
    offset: int = 0
    size: int = 0
    data: bytes = b""


class Control:
    """The page that all processes of a trial share with the one that watches them.

    Attributes
    ----------
    count : int
        How many steps there have been since the trial was armed.
    came : int
        How often the fault has come.
    """

    def __init__(self, log: Path) -> None:
        with Path(os.environ[PAGE]).open("r+b") as file:
            self._page = mmap.mmap(file.fileno(), 0)
        self._log = log

    def watch(self, folder: Path) -> None:
        """Count what is done below a folder."""
        self._put_path(0, folder)

    def arm(self, fault: str = "", at: int = 0, error: int = 0, *, record: bool = False) -> None:
        """Count from 1 from now on, and let a fault come at a step."""
        if record:
            self._log.write_bytes(b"")
        self._put_path(1, self._log if record else Path())
        self._put(0, FAULTS.get(fault, 0), at, error, 0, 0, 0, 0)
        self._put(1, *self._numbers()[1:])

    def lead(self, pid: int) -> None:
        """Say whose process group a kill ends."""
        self._put(*self._numbers()[:4], pid, *self._numbers()[5:])

    def disarm(self) -> None:
        """Let everything pass again, uncounted."""
        self._put(0, *self._numbers()[1:])

    @property
    def count(self) -> int:
        return self._numbers()[5]

    @property
    def came(self) -> int:
        return self._numbers()[6]

    def recorded(self) -> list[Step]:
        """Return the steps of the last trial that was recorded, in their order."""
        return list(_steps(self._log.read_bytes()))

    def _numbers(self) -> tuple[int, ...]:
        return NUMBERS.unpack_from(self._page)

    def _put(self, *numbers: int) -> None:
        NUMBERS.pack_into(self._page, 0, *numbers)

    def _put_path(self, number: int, path: Path) -> None:
        text = b"" if path == Path() else os.fsencode(path)
        start = NUMBERS.size + sum(PATHS[:number])
        self._page[start : start + len(text) + 1] = text + b"\0"


def _steps(log: bytes) -> Iterator[Step]:
    at = 0
    while at < len(log):
        what, one, two, _, offset, size = HEAD.unpack_from(log, at)
        at += HEAD.size
        path, at = os.fsdecode(log[at : at + one]), at + one
        to, at = os.fsdecode(log[at : at + two]), at + two
        data, at = (log[at : at + size], at + size) if STEPS[what] == "write" else (b"", at)
        names = (os.path.normpath(name) if name else "" for name in (path, to))
        yield Step(
            STEPS[what], *(names if STEPS[what] != "mark" else (path, to)), offset, size, data
        )
