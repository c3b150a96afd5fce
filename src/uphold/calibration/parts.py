"""What is to be counted, in parts that several processes share and that a later call goes on from.

In: parts, each some draws of one kind of log. Out: by kind, what all its parts counted together.
Promised: what is counted depends on neither the processes nor the order; a part that was counted
is kept in a file until all is done, so that a run that was stopped goes on where it was, as long as
code, seed and packages are the same.
"""

import json
import signal
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from uphold.calibration.rates import Rate
from uphold.disk import publish
from uphold.orphans import end_with_parent

Tally = dict[str, Rate]
"""By name, how often something happened."""

PART = 400.0
"""The work of one part, in logs with one claim: a few seconds."""
SAY_EVERY_S = 15.0


class Part(NamedTuple):
    """Some draws of one kind of log.

    Attributes
    ----------
    kind : str
    draws : range
        Their numbers.
    work : float
        In logs with one claim.
    tally : callable
        From the numbers of draws to what was counted; it must cross to another process.
    """

    kind: str
    draws: range
    work: float
    tally: Callable[[range], Tally]

    @property
    def name(self) -> str:
        """What it is kept by."""
        return f"{self.kind}: {self.draws.start} to {self.draws.stop}"


def parted(kind: str, draws: range, each: float, tally: Callable[[range], Tally]) -> list[Part]:
    """Return some draws as parts of a few seconds; ``each`` is the work of one draw."""
    step = max(1, round(PART / each))
    starts = range(draws.start, draws.stop, step)
    ends = (min(first + step, draws.stop) for first in starts)
    return [
        Part(kind, range(first, end), each * (end - first), tally)
        for first, end in zip(starts, ends, strict=True)
    ]


def together(tallies: Iterable[Tally]) -> Tally:
    """Return what several parts counted, added up."""
    found: Tally = {}
    for tally in tallies:
        for name, rate in tally.items():
            found[name] = found.get(name, Rate(0, 0)) + rate
    return found


class Kept:
    """What was counted so far, a line a part.

    Parameters
    ----------
    path : Path or None
        None keeps nothing.
    same : mapping of str to str
        What the file's parts have to be made with, else they are left aside.
    """

    def __init__(self, path: Path | None, same: Mapping[str, str]) -> None:
        self.path = path
        self.found: dict[str, Tally] = {}
        self._head = json.dumps(dict(same), sort_keys=True)
        lines = path.read_text("utf-8").splitlines() if path and path.is_file() else []
        if lines[:1] == [self._head]:
            self.found = dict(map(_read, lines[1:]))

    def add(self, part: Part, tally: Tally) -> None:
        self.found[part.name] = tally
        if self.path is not None:
            lines = [self._head, *map(_line, self.found.items())]
            publish(self.path, "".join(f"{line}\n" for line in lines).encode())

    def done(self) -> None:
        """Remove the file: all is counted."""
        if self.path is not None:
            self.path.unlink(missing_ok=True)


def _line(named: tuple[str, Tally]) -> str:
    name, tally = named
    return json.dumps([name, {of: [rate.hits, rate.draws] for of, rate in tally.items()}])


def _read(line: str) -> tuple[str, Tally]:
    name, tally = json.loads(line)
    return name, {of: Rate(*both) for of, both in tally.items()}


def _begin() -> None:
    """Let this process end with its parent, and silently by Ctrl-C, of which the parent tells."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    end_with_parent()


def counted(
    parts: Sequence[Part], kept: Kept, processes: int, say: Callable[[str], None]
) -> dict[str, Tally]:
    """Count what is not kept yet, and return by kind what all its parts counted.

    Parameters
    ----------
    parts : sequence of Part
    kept : Kept
    processes : int
    say : callable
        Is told now and then how far it is.
    """
    # The long ones first, so that no process waits long for the last.
    left = sorted((p for p in parts if p.name not in kept.found), key=lambda part: -part.work)
    whole = sum(part.work for part in left)
    start = said = time.monotonic()
    done = 0.0
    # A process that was forked may hold locks of threads that it does not have.
    context = get_context("forkserver")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_begin) as pool:
        try:
            waiting = {pool.submit(part.tally, part.draws): part for part in left}
            for future in as_completed(waiting):
                part = waiting[future]
                kept.add(part, future.result())
                done += part.work
                now = time.monotonic()
                if now - said >= SAY_EVERY_S:
                    said = now
                    seconds = (now - start) / done * (whole - done)
                    say(f"  {done / whole:.0%} of the logs judged, about {seconds:.0f} s left")
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    by_kind: dict[str, list[Tally]] = {}
    for part in parts:
        by_kind.setdefault(part.kind, []).append(kept.found[part.name])
    return {kind: together(tallies) for kind, tallies in by_kind.items()}
