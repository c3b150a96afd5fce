"""What runs in the process of `uphold.pipeline.stage_processes`: it forks itself for each command.

    python -P stage_forks.py SOCKET MODULE:FUNCTION

In: a socket over which a line of JSON comes for each command, and the function that runs one by
``sys.argv``. Out: a line for each, the exit status of its process, negative for a signal.

Each command is a fork with the environment and the working directory that are asked for, which
ends as any Python process does. It is forked after the libraries are imported that are named with
it, and before anything of this package is: what is edited meanwhile is read as it is then.

A command is interrupted once. A terminal's Ctrl-C comes to this process and to the command as well;
that one came to the process that asks and to no other, it tells this one by ``PASS_ON``.
"""

import gc
import importlib
import json
import os
import signal
import socket
import sys
import time
from contextlib import suppress
from typing import Any

PASS_ON = signal.SIGUSR1
TOGETHER = 0.1
"""Seconds in which a terminal has interrupted all that it interrupts."""


def main(line: socket.socket, function: str) -> None:
    """Run commands, one after the other, until no more can come."""
    # Ctrl-C ends the commands; this process ends with the one that asks.
    interruption = _Interruption()
    before = {}
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # as it is in the background
        before = {one: signal.signal(one, interruption.came) for one in (signal.SIGINT, PASS_ON)}
    with line.makefile("rw", encoding="utf-8", newline="\n") as requests:
        for text in iter(requests.readline, ""):
            request = json.loads(text)
            interruption.child, interruption.seen = 0, False
            for library in request["libraries"]:
                with suppress(ImportError):  # who cannot do without it says so
                    importlib.import_module(library)
            gc.freeze()  # what is there now stays shared with the forks
            status = -signal.SIGINT
            if not interruption.seen:
                child = interruption.child = os.fork()
                if not child:
                    line.close()
                    for one, handler in before.items():
                        signal.signal(one, handler)
                    _run(function, request)
                status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            requests.write(f"{int(status)}\n")
            requests.flush()


class _Interruption:
    """What has come of an interruption, for the command that runs or is about to.

    Attributes
    ----------
    child : int
        The command's process, 0 before there is one.
    seen : bool
        Whether it came to this process as well; or, before there is a command, at all.
    """

    child = 0
    seen = False

    def came(self, number: int, frame: object) -> None:
        """Take a signal; pass an interruption on that the command does not have."""
        if number == signal.SIGINT:
            self.seen = True
            return
        time.sleep(TOGETHER)  # meanwhile one that comes to this process too is taken
        if self.child and not self.seen:
            with suppress(ProcessLookupError):
                os.kill(self.child, signal.SIGINT)
        self.seen = not self.child


def _run(function: str, request: dict[str, Any]) -> None:
    """Run a command and end this process."""
    os.environ.clear()
    os.environ.update(request["env"])
    os.chdir(request["cwd"])
    sys.argv = request["argv"]
    module, _, name = function.partition(":")
    sys.exit(getattr(importlib.import_module(module), name)())


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as given:
        main(given, sys.argv[2])
