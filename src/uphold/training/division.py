"""Divide runs into lanes, the longest first."""

from collections.abc import Callable, Hashable, Sequence

from uphold.training.contract import S, Task


def divide(
    tasks: Sequence[Task[S]],
    work: Callable[[Task[S]], float],
    together: Callable[[Task[S]], Hashable] | None = None,
    at_most: Callable[[Task[S]], int] | None = None,
) -> list[list[Task[S]]]:
    """Divide runs into lanes, the longest first, so that the workers finish together.

    Parameters
    ----------
    tasks : sequence of Task
    work : callable
        Gives a run's time in arbitrary units; a lane takes the time of its first run.
    together : callable, optional
        Runs for which it gives equal values share a lane. By default each run is a lane.
    at_most : callable, optional
        How many runs like this one a lane can hold; runs of equal length are then put together.
        By default any number, in the order of the tasks.
    """
    groups: dict[Hashable, list[Task[S]]] = {}
    for number, task in enumerate(tasks):
        groups.setdefault(together(task) if together else number, []).append(task)
    lanes: list[list[Task[S]]] = []
    for group in groups.values():
        most = at_most(group[0]) if at_most else len(group)
        runs = sorted(group, key=work, reverse=True) if at_most else group
        lanes += [runs[start : start + most] for start in range(0, len(runs), most)]
    return sorted(lanes, key=lambda lane: work(lane[0]), reverse=True)
