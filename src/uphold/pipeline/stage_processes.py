"""Commands of stages, each in a fork of one process that has imported what they need.

In: the command of a stage. Out: its exit status. Promised: it runs as a shell would run it, with
the same code, environment, streams and exit status. Libraries alone are there before it begins:
to import them anew takes 0.5 to 2 s of a core, more than most stages compute.
"""

import json
import re
import shlex
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from uphold.pipeline.stage_forks import PASS_ON

COMMON = ("numpy", "pandas", "pydantic", "safetensors.numpy", "typer.main", "yaml")
LIBRARIES: Mapping[str, tuple[str, ...]] = {
    "check": COMMON,
    "prepare": (*COMMON, "torch"),
    "search": (*COMMON, "torch"),
    "train": (*COMMON, "torch"),
    "evaluate": (*COMMON, "scipy.special"),
    "confirm": COMMON,
    "analyze": (*COMMON, "scipy.stats"),
}
"""What is imported before a verb runs; what another verb has imported is there as well."""

WORDS = re.compile(r"[\w@%+=:,./ -]+")
"""A command of words alone, which means the same with a shell and without."""


class StageProcesses:
    """Processes that run ``NAME VERB …``, begun when the first command comes.

    Parameters
    ----------
    name : str
        The command that is run here.
    function : str
        ``module:function`` that is its whole program.
    """

    def __init__(self, name: str, function: str) -> None:
        self.name, self.function = name, function
        self._server: subprocess.Popen[bytes] | None = None
        self._line: socket.socket

    def runs(self, command: str) -> bool:
        """Return whether a command is one of those that are run here."""
        return bool(WORDS.fullmatch(command)) and command.split()[:1] == [self.name]

    def run(self, command: str, cwd: str, env: Mapping[str, str]) -> int:
        """Run a command; return its exit status, negative for a signal that ended it."""
        argv = shlex.split(command)
        server = self._started()
        request = {
            "argv": argv,
            "cwd": str(cwd),
            "env": dict(env),
            "libraries": LIBRARIES.get(argv[1], ()) if len(argv) > 1 else (),
        }
        with _passing_on(server), self._line.makefile("rw", encoding="utf-8", newline="\n") as line:
            answer = ""
            with suppress(ConnectionError):
                line.write(f"{json.dumps(request)}\n")
                line.flush()
                answer = line.readline()
        if answer:
            return int(answer)
        self.close()
        # It was interrupted before it could take what was passed on.
        return -signal.SIGINT if server.returncode == -PASS_ON else server.returncode or 1

    def _started(self) -> "subprocess.Popen[bytes]":
        if self._server is None:
            self._line, theirs = socket.socketpair()
            with theirs:
                program = str(Path(__file__).with_name("stage_forks.py"))
                self._server = subprocess.Popen(
                    [sys.executable, "-P", program, str(theirs.fileno()), self.function],
                    pass_fds=[theirs.fileno()],
                )
        return self._server

    def close(self) -> None:
        """End the process; none of its forks runs any more."""
        if self._server is not None:
            self._line.close()
            self._server.wait()
            self._server = None


@contextmanager
def in_place_of_shells(processes: StageProcesses) -> Iterator[None]:
    """Let DVC run the commands that are run here by them, and all others as it does.

    By the function with which DVC 3 runs one command; where there is none, DVC runs all by itself.
    """
    from dvc.stage import run as module
    from dvc.stage.exceptions import StageCmdFailedError

    of_dvc = getattr(module, "_run", None)
    if of_dvc is None:
        yield
        return

    def run(executable: Any, cmd: str, **kwargs: Any) -> None:
        if not processes.runs(cmd):
            of_dvc(executable, cmd, **kwargs)
        elif status := processes.run(cmd, kwargs["cwd"], kwargs["env"]):
            raise StageCmdFailedError(cmd, status)

    module._run = run
    try:
        yield
    finally:
        module._run = of_dvc
        processes.close()


@contextmanager
def _passing_on(server: "subprocess.Popen[bytes]") -> Iterator[None]:
    """Leave an interruption to the command that runs meanwhile, be it meant for this process."""
    ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN  # as it is in the background
    if ignored or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, lambda number, frame: server.send_signal(PASS_ON))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
