"""Divide runs into lanes where a run gains nothing from company."""

from collections.abc import Callable, Hashable, Sequence

from uphold.training.contract import S, Task


def divide(
    tasks: Sequence[Task[S]],
    work: Callable[[Task[S]], float],
    together: Callable[[Task[S]], Hashable] | None = None,
) -> list[list[Task[S]]]:
    """Divide runs into lanes, the longest first, so that the workers finish together.

    Parameters
    ----------
    tasks : sequence of Task
    work : callable
        Gives a run's time in arbitrary units; a lane takes the time of its first run.
    together : callable, optional
        Runs for which it gives equal values share a lane. By default each run is a lane.
    """
    lanes: dict[Hashable, list[Task[S]]] = {}
    for number, task in enumerate(tasks):
        lanes.setdefault(together(task) if together else number, []).append(task)
    return sorted(lanes.values(), key=lambda lane: work(lane[0]), reverse=True)
