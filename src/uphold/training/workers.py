"""Worker processes that train lanes.

Every worker knows all lanes and takes the next one that nobody has taken, so that no worker waits
while the parent stores results. What a worker has to say goes through a pipe of its own: which
lane it has begun, then what came of it. The end of a pipe is the end of its worker.

No worker outlives its parent. The parent kills its workers when it is done, closed, interrupted or
failing; and each worker watches for the death of a parent that was killed. Ctrl-C reaches the
parent alone.

Workers are forks of their parent where that is safe: they have its libraries and its data from the
first moment, and share its memory. Else they are forks of a server, which takes about 2 s of a core
to import torch, once for all workers that this process has begun; they load the data themselves.
Where nothing may be forked each is spawned, and imports by itself.
"""

import signal
import sys
import warnings
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import (
    ForkProcess,
    ForkServerContext,
    ForkServerProcess,
    SpawnContext,
    SpawnProcess,
)
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any

from uphold.orphans import end_with_parent
from uphold.training import arithmetic
from uphold.training.attempts import TrainingError, attempt, names
from uphold.training.contract import Trainable
from uphold.training.executors.fitting import Share
from uphold.training.executors.seam import Ended, Lane, Work, begun

Worker = ForkProcess | ForkServerProcess | SpawnProcess

WAKE_S = 1.0
"""How long the parent sleeps at most. A Ctrl-C that comes in the moment before it falls asleep, or
that another thread takes, does not wake it: it would be heard with the next lane's end, which can
be hours away."""

SURVIVING = frozenset({"jemalloc_bg_thd"})
"""Threads that libraries bring back, or do without, after a fork: pyarrow's allocator has one."""


def train_on_workers(work: Work, shares: Sequence[Share]) -> Generator[Ended, None, None]:
    """Train lanes on worker processes; yield each with what came of it, as they end.

    The workers begin when this is called, not when the first lane is asked for: a thread that the
    caller starts in between, to show progress, does not keep them from being forks.

    Parameters
    ----------
    work : Work
        Its data; a worker that is no fork loads them once.
    shares : sequence of Share
        What each worker has of this machine; there are as many workers.
    """
    return begun(_attempts(work, shares))


def _attempts(work: Work, shares: Sequence[Share]) -> Generator[Ended | None, None, None]:
    """Yield None when the workers have begun, then as `train_on_workers`."""
    # Which GPU is its, a process can be told before it has used one; this one may have.
    forked = forkable() and not any(share.gpus for share in shares)
    context = get_context("fork") if forked else _elsewhere()
    lanes = work.lanes
    args = work.study, lanes, work.folder, work.device, *((work.data,) if forked else ())
    turn = context.Value("q", 0)
    processes: dict[Connection, Worker] = {}
    begun: dict[Connection, int | None] = {}
    try:
        with _interrupts_held(), warnings.catch_warnings():
            # Python 3.12 warns of every thread beside this one, harmless ones too.
            warnings.filterwarnings("ignore", "This process .* is multi-threaded")
            for share in shares:
                pipe, end = context.Pipe(duplex=False)
                process = context.Process(target=_work, args=(end, turn, share, *args), daemon=True)
                process.start()
                end.close()
                processes[pipe] = process
        yield None
        pipes = list(processes)
        while pipes:
            for pipe in wait(pipes, timeout=WAKE_S):  # type: ignore[assignment]  # some of them
                try:
                    number, outcome = pipe.recv()
                except (EOFError, OSError):
                    pipes.remove(pipe)
                    _check(processes[pipe], begun.get(pipe), lanes)
                    continue
                begun[pipe] = None if outcome else number
                if outcome:
                    yield lanes[number], outcome
    finally:
        for pipe, process in processes.items():
            process.kill()
            process.join()
            pipe.close()


def _work(
    end: Connection,
    turn: "Synchronized[int]",
    share: Share,
    study: Trainable,
    lanes: Sequence[Lane],
    folder: Path,
    device: str,
    *known: Any,
) -> None:
    """Do a worker's work: train lanes until all are taken; load the data unless they are known."""
    end_with_parent()
    share.take()
    training = study.module("training")
    data = known[0] if known else arithmetic.load(training, folder)
    while True:
        with turn.get_lock():
            number = turn.value
            turn.value += 1
        if number >= len(lanes):
            return
        end.send((number, None))
        end.send((number, attempt(training, lanes[number], data, device)))


def forkable() -> bool:
    """Return whether forks of this process can train: whether it has no thread beside this one.

    A fork has no other thread, but the locks that they held, and libraries that wait for theirs:
    it can hang where torch has computed on several threads or on a graphics card. Where threads
    cannot be counted, the answer is no.
    """
    if sys.platform != "linux":
        return False
    threads = [path.read_text().strip() for path in Path("/proc/self/task").glob("*/comm")]
    return sum(name not in SURVIVING for name in threads) == 1


def _elsewhere() -> ForkServerContext | SpawnContext:
    """Return what begins workers that are no forks of this process."""
    if sys.platform != "linux":
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


def _check(process: Worker, number: int | None, lanes: Sequence[Lane]) -> None:
    """Raise an error if a worker that has closed its pipe did not end well."""
    process.join()
    status = process.exitcode
    if not status:
        return
    doing = "starting" if number is None else f"training {names(lanes[number])}"
    cause = f"signal {-status}" if status < 0 else f"exit {status}"
    raise TrainingError(
        f"A worker process died ({cause}) while {doing}. If memory ran out, train with fewer "
        "workers."
    )


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back within the block, and for good in processes that are started in it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
