"""Progress of a sweep: a live bar on a terminal, now and then a plain line elsewhere."""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

Step = TypeVar("Step")

LINE_EVERY_S = 10.0
"""How often a plain line is printed at most."""


def track(steps: Iterable[Step], total: int) -> Iterator[Step]:
    """Yield the steps, showing how many runs are done and left, and the time left.

    Parameters
    ----------
    steps : iterable
        One element a finished run.
    total : int
        How many there will be.
    """
    return _bar(steps, total) if sys.stdout.isatty() else _lines(steps, total)


def _bar(steps: Iterable[Step], total: int) -> Iterator[Step]:
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("runs"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns) as progress:
        yield from progress.track(steps, total=total)


def _lines(steps: Iterable[Step], total: int) -> Iterator[Step]:
    start = printed = time.monotonic()
    for done, step in enumerate(steps, start=1):
        yield step
        now = time.monotonic()
        if done == total or now - printed >= LINE_EVERY_S:
            printed = now
            left = (now - start) / done * (total - done)
            print(f"  {done} of {total} runs trained, about {left:.0f} s left", flush=True)
