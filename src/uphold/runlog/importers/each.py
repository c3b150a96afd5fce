"""What is read of each of many runs, by as many processes as there are processors.

In: a function that reads one, and what it reads. Out: what it returns of each, in order. Promised:
the answer, the notes and the first error are those of one process that reads one after the other.
"""

import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import current_process, get_context
from typing import TypeVar

Item = TypeVar("Item")
Found = TypeVar("Found")
MANY = 3_000
"""From how many on a pool of processes is worth its start."""
AT_ONCE = 250
MOST_PROCESSES = 8


def each(
    read: Callable[[Item, list[str]], Found], items: Iterable[Item], notes: list[str]
) -> Iterator[Found]:
    """Yield what a function reads of each item.

    Parameters
    ----------
    read : callable
        Of a module, for it may be called in another process. Is given an item, and a list to add
        notes to.
    items : iterable
    notes : list of str
        Gets those notes, in the order of the items.
    """
    given = list(items)
    processes = _processes() if len(given) >= MANY else 1
    if processes == 1:
        yield from (read(item, notes) for item in given)
        return
    parts = [given[at : at + AT_ONCE] for at in range(0, len(given), AT_ONCE)]
    with ProcessPoolExecutor(processes, mp_context=get_context("fork")) as pool:
        for found, told in pool.map(partial(_part, read), parts):
            notes += told
            yield from found


def _part(
    read: Callable[[Item, list[str]], Found], items: Sequence[Item]
) -> tuple[list[Found], list[str]]:
    notes: list[str] = []
    return [read(item, notes) for item in items], notes


def _processes() -> int:
    """Return how many processes to use: one where this one cannot be copied without harm."""
    alone = threading.active_count() == 1 and not current_process().daemon
    if sys.platform != "linux" or not alone:
        return 1
    return min(len(os.sched_getaffinity(0)), MOST_PROCESSES)
