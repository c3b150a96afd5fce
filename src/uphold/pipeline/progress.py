"""Progress of a sweep: a live bar on a terminal, now and then a plain line elsewhere."""

import sys
import time
from collections.abc import Iterable, Iterator, Sequence

from uphold.format import duration
from uphold.pipeline.time_left import TimeLeft
from uphold.training.contract import RunSettings, Step, Task

LINE_EVERY_S = 10.0
"""How often a plain line is printed, and how often the bar's time is, at most."""


def track(steps: Iterable[Step], tasks: Sequence[Task[RunSettings]]) -> Iterator[Step]:
    """Yield the steps, showing how many runs are done and left, and the time left.

    Parameters
    ----------
    steps : iterable of Step
        One a finished run.
    tasks : sequence of Task
        All runs that there will be.
    """
    return _bar(steps, tasks) if sys.stdout.isatty() else _lines(steps, tasks)


def _bar(steps: Iterable[Step], tasks: Sequence[Task[RunSettings]]) -> Iterator[Step]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("runs"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns) as progress:
        bar = progress.add_task("", total=len(tasks))
        for step, told in _timed(steps, tasks):
            yield step
            progress.update(bar, advance=1)
            if told is not None:
                progress.update(bar, description=told)


def _lines(steps: Iterable[Step], tasks: Sequence[Task[RunSettings]]) -> Iterator[Step]:
    for done, (step, told) in enumerate(_timed(steps, tasks), start=1):
        yield step
        if told is not None:
            print(f"  {done} of {len(tasks)} runs trained{told and ', '}{told}", flush=True)


def _timed(
    steps: Iterable[Step], tasks: Sequence[Task[RunSettings]]
) -> Iterator[tuple[Step, str | None]]:
    """Yield each step with what is known of the time left, None where that was said just now."""
    foreseen = TimeLeft([task.settings.canonical() for task in tasks])
    printed = time.monotonic()
    for done, step in enumerate(steps, start=1):
        task, _, seconds, *_ = step
        now, told = time.monotonic(), None
        if done == len(tasks):
            told = ""
        elif now - printed >= LINE_EVERY_S and foreseen.begins(seconds):
            printed, left = now, foreseen.at(now)
            told = "" if left is None else f"about {duration(left)} left"
        foreseen.ended(task.settings.canonical(), seconds, now)
        yield step, told
