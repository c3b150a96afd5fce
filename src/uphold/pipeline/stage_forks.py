"""What runs in the process of `uphold.pipeline.stage_processes`: it forks itself for each command.

    python -P stage_forks.py SOCKET MODULE:FUNCTION

In: a socket over which a line of JSON comes for each command, and the function that runs one by
``sys.argv``. Out: a line for each, the exit status of its process, negative for a signal.

Each command is a fork with the environment and the working directory that are asked for, which
ends as any Python process does. It is forked after the libraries are imported that are named with
it, and before anything of this package is: what is edited meanwhile is read as it is then.
"""

import gc
import importlib
import json
import os
import signal
import socket
import sys
from contextlib import suppress
from typing import Any


def main(line: socket.socket, function: str) -> None:
    """Run commands, one after the other, until no more can come."""
    # Ctrl-C ends the commands; this process ends with the one that asks.
    interrupted = signal.signal(signal.SIGINT, signal.SIG_IGN)
    with line.makefile("rw", encoding="utf-8", newline="\n") as requests:
        for text in iter(requests.readline, ""):
            request = json.loads(text)
            for library in request["libraries"]:
                with suppress(ImportError):  # who cannot do without it says so
                    importlib.import_module(library)
            gc.freeze()  # what is there now stays shared with the forks
            child = os.fork()
            if not child:
                line.close()
                signal.signal(signal.SIGINT, interrupted)
                _run(function, request)
            requests.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
            requests.flush()


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
