"""The interpreter that documents run in: this Python, warm, and nothing of the user's.

In: a folder and the modules that its documents import. Out: a `Kernel`, a process that has imported
them (``interpreter.py``); for each document it opens a `Session`, a fork of that
process, so that documents share the start and nothing else. Their code and what it put out go over
a pair of sockets, a line of JSON each way. The interpreter reads no profile of the user's, keeps no
history, and draws figures as SVG whose bytes depend on what is drawn alone.
"""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # it runs elsewhere, and imports IPython
    from uphold.rendering.interpreter import Answer

CELL_SECONDS = 600  # documents format; one that takes longer hangs


class Ended(Exception):
    """The interpreter gave no answer, because it died or hangs."""


class Session:
    """One document's interpreter: its line, and that of the process that it is a fork of."""

    def __init__(self, line: socket.socket, control: socket.socket) -> None:
        self._control = control
        line.settimeout(CELL_SECONDS)
        self._line = line.makefile("rw", encoding="utf-8", newline="\n")

    def run(self, source: str) -> "Answer":
        """Run a cell; return what it put out, and what it raised."""
        answer: Answer = self._asked({"cell": source})
        return answer

    def evaluate(self, sources: Mapping[str, str]) -> dict[str, Any]:
        """Return by name what Jupyter says of expressions: ``status`` and ``data``, or the error.

        The error is an ``ename`` and an ``evalue``.
        """
        found: dict[str, Any] = self._asked({"expressions": sources})
        return found

    def _asked(self, request: Mapping[str, Any]) -> Any:
        try:
            self._line.write(f"{json.dumps(request)}\n")
            self._line.flush()
            answer = self._line.readline()
        except TimeoutError:
            raise Ended(f"it took more than {CELL_SECONDS} s.") from None
        except OSError as error:
            raise Ended(self._died(error.strerror)) from None
        if not answer:
            raise Ended(self._died())
        return json.loads(answer)

    def _died(self, reason: str | None = None) -> str:
        """Return that the interpreter died, and of what: best by its own word."""
        with suppress(OSError):  # what it said stays there for the other documents
            said = self._control.recv(4096, socket.MSG_PEEK | socket.MSG_DONTWAIT)
            reason = said.decode("utf-8", "replace") or reason
        return f"the interpreter died{f': {reason}' if reason else ''}."


class Kernel:
    """A warm interpreter."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Open an interpreter for one document, in which nothing has run but imports."""
        ours, theirs = socket.socketpair()
        with ours:
            # Where the process has ended, the line has no other end, and what is asked says so.
            with theirs, suppress(BrokenPipeError):
                socket.send_fds(self._control, [b"1"], [theirs.fileno()])
            try:
                yield Session(ours, self._control)
            finally:
                with suppress(OSError):  # closing alone would wait until the session is forgotten
                    ours.shutdown(socket.SHUT_RDWR)


@contextmanager
def started(folder: Path, modules: Iterable[str] = ()) -> Iterator[Kernel]:
    """Start an interpreter in `folder` that imports these modules before any document runs."""
    ours, theirs = socket.socketpair()
    with TemporaryDirectory(prefix="studies-", ignore_cleanup_errors=True) as place, ours:
        with theirs:
            process = subprocess.Popen(
                [
                    # by its file, without the folder that it lies in as a place of modules
                    *(sys.executable, "-P", str(Path(__file__).with_name("interpreter.py"))),
                    *(str(theirs.fileno()), *modules),
                ],
                cwd=folder,
                env={**os.environ, "IPYTHONDIR": place, "PYTHONHASHSEED": "0"},
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,  # so that it ends with all its forks
            )
        try:
            yield Kernel(ours)
            ours.shutdown(socket.SHUT_WR)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        finally:
            process.wait()
