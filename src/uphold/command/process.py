"""A process in a folder of its own, to its end or its limit → how it ended, and its last words.

In: arguments, a folder, an environment, a limit. Out: `Ended`. Promised: when this returns or
raises nothing of the process is left, its own children among it, but for one that made a session of
its own; nor is when the process that called this is killed, since a guard between the two ends with
it.
"""

import contextlib
import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from uphold.format import exact

GUARD = r"""
import os, signal, subprocess, sys, threading

def end_with_parent():
    sys.stdin.buffer.read()  # ends with the process that holds the other end
    os.killpg(0, signal.SIGKILL)

threading.Thread(target=end_with_parent, daemon=True).start()
answer, arguments = int(sys.argv[1]), sys.argv[2:]
try:
    status = subprocess.Popen(arguments, stdin=subprocess.DEVNULL).wait()
except OSError as error:
    print(f"{arguments[0]}: {error.strerror}", flush=True)
    status = "none"
os.write(answer, str(status).encode())
signal.pause()
"""
"""What stands between: it starts the command, tells its end, and waits to be ended, so that the
number of its group stays its own until all of the group has been ended."""
LINES, LONGEST = 12, 1500
"""How much of the end of a log is kept: lines, and characters."""
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class Ended:
    """How a process ended.

    Attributes
    ----------
    failure : str or None
        Why it is no success, None where it is.
    log : str
        The end of what it said, in lines.
    """

    failure: str | None
    log: str


def run(
    arguments: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    log: Path,
    seconds: float | None,
) -> Ended:
    """Run a process to its end.

    Parameters
    ----------
    arguments : sequence of str
        The program first.
    folder : Path
        Where it runs.
    environment : mapping of str to str
    log : Path
        Takes what it says.
    seconds : float or None
        Its limit.
    """
    answer, told = os.pipe()
    try:
        try:
            guard = _guarded(arguments, folder, environment, log, told)
        finally:
            os.close(told)  # the guard's alone: its end is the end of the pipe
        try:
            ready, _, _ = select.select([answer], [], [], seconds)
            status = os.read(answer, 16).decode() if ready else None
        finally:
            _end(guard)
    finally:
        os.close(answer)
    return Ended(_failure(status, arguments[0], seconds), _end_of(log))


def _guarded(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str], log: Path, told: int
) -> "subprocess.Popen[bytes]":
    with log.open("wb") as file:
        return subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", GUARD, str(told), *arguments],
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=(told,),
        )


def _end(guard: "subprocess.Popen[bytes]") -> None:
    """Kill the guard's group, which holds the process and its children."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(guard.pid, signal.SIGKILL)
    guard.wait()
    if guard.stdin is not None:
        guard.stdin.close()


def _failure(status: str | None, program: str, seconds: float | None) -> str | None:
    if status is None:
        return f"it was ended after {exact((seconds or 0) / 60)} minutes, its limit"
    if status == "none":
        return f"{program} could not be started"
    if not status:
        return "it was killed from outside"
    code = int(status)
    if code < 0:
        return f"it was killed by signal {-code} ({_signal(-code)})"
    return f"it ended with exit status {code}" if code else None


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "unknown"


def _end_of(log: Path) -> str:
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 4 * LONGEST))
        text = file.read().decode("utf-8", errors="replace")
    # What a progress bar has written over is not said again.
    lines = [line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n")]
    said = [clean for line in lines if (clean := CONTROL.sub("", line).rstrip())]
    return "\n".join(said[-LINES:])[-LONGEST:]
