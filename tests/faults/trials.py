"""One run of a stage in a fork of a process that has imported everything, under a fault or none."""

import ctypes
import importlib
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from shim import Control

LONGEST_S = 120
"""A stage that takes longer hangs; all take seconds."""


@dataclass(frozen=True)
class Ended:
    """How a run of a stage ended.

    Attributes
    ----------
    status : int
        Its exit status, negative for a signal.
    said : str
        What it printed, errors too.
    seconds, megabytes : float
        How long it took, and the most memory that it had.
    """

    status: int
    said: str
    seconds: float
    megabytes: float


@dataclass
class Place:
    """The folders of a campaign: the watched one has the repository, and what is temporary.

    Attributes
    ----------
    base : Path
        A folder of its own, in memory where there is one.
    """

    base: Path

    def __post_init__(self) -> None:
        self.watched, self.root = self.base / "watched", self.base / "watched" / "repository"
        self.temporary, self.states = self.watched / "tmp", self.base / "states"
        self.said = self.base / "said.txt"
        for folder in (self.root, self.temporary, self.states):
            folder.mkdir(parents=True, exist_ok=True)
        self.control = Control(self.base / "log")
        self.watch(self.root)

    def watch(self, folder: Path) -> None:
        """Count what is done below one folder: the repository, or what is temporary."""
        self.control.watch(folder)

    def keep(self, name: str) -> None:
        """Keep the repository as it is now under a name."""
        shutil.copytree(self.root, self.states / name, symlinks=True)

    def back(self, name: str) -> None:
        """Bring back the repository as it was kept, and empty the folder of what is temporary."""
        for folder in (self.root, self.temporary):
            shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.states / name, self.root, symlinks=True)
        self.temporary.mkdir()

    def run(self, work: Callable[[], int | None], *, leads: bool = False) -> Ended:
        """Run `work` in a fork whose working directory is the repository, and wait for its end."""
        start = time.monotonic()
        child = os.fork()
        if child == 0:
            self._be_child(work)
        if leads:
            self.control.lead(child)
        status, used = _waited(child)
        self.control.disarm()
        with suppress(ProcessLookupError):  # workers that a kill of one process alone has left
            os.killpg(child, signal.SIGKILL)
        seconds = time.monotonic() - start
        said = self.said.read_text("utf-8", "replace")
        return Ended(os.waitstatus_to_exitcode(status), said, seconds, used.ru_maxrss / 1024)

    def _be_child(self, work: Callable[[], int | None]) -> None:
        status = 1
        try:
            os.setsid()
            # By the kernel alone: these are no steps of the stage.
            out = os.open(self.said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(out, 1)
            os.dup2(out, 2)
            os.chdir(self.root)
            os.environ["TMPDIR"], tempfile.tempdir = str(self.temporary), None
            status = work() or 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            with suppress(BaseException):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(status)


def _waited(child: int):
    end = time.monotonic() + LONGEST_S
    while time.monotonic() < end:
        pid, status, used = os.wait4(child, os.WNOHANG)
        if pid:
            return status, used
        time.sleep(0.002)
    os.killpg(child, signal.SIGKILL)
    return os.wait4(child, 0)[1:]


def command(words: Sequence[str], patch: Callable[[], object] = lambda: None) -> Callable[[], int]:
    """Return what runs ``uphold`` with some words as a process of its own would."""

    def work() -> int:
        from uphold.cli import main

        patch()
        sys.argv = ["uphold", *words]
        try:
            main()
        except SystemExit as end:
            if end.code:
                return end.code if isinstance(end.code, int) else 1
        mark("done")
        return 0

    return work


def mark(text: str) -> None:
    """Say in the log how far the stage has come."""
    ctypes.CDLL(None).faults_mark(text.encode())


def telling_what_is_kept() -> None:
    """Let the journal say in the log which run it has just stored."""
    from uphold.pipeline.journal import Journal

    put = Journal.put

    def told(self: Journal, key: str, *given: object, **named: object) -> None:
        put(self, key, *given, **named)
        mark(f"kept {key}")

    Journal.put = told


def import_all(place: Place, work: Callable[[], int]) -> Ended:
    """Run `work` in a fork, then import here what it has imported there."""
    names = place.base / "modules.txt"

    def and_tell() -> int:
        status = work()
        names.write_text("\n".join(sys.modules))
        return status

    ended = place.run(and_tell)
    for name in names.read_text().splitlines() if ended.status == 0 else ():
        with suppress(Exception):
            importlib.import_module(name)
    return ended
