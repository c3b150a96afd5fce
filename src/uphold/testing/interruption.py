"""A run that is killed and goes on: whether it gives what the run without the kill gives."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np

from uphold.training.contract import Result, Task


class InMemory:
    """A checkpoint that is due after every epoch and keeps all states.

    Attributes
    ----------
    start : mapping of str to ndarray, or None
        What training goes on from.
    states : list of dict
        What it has kept since.
    """

    due = True

    def __init__(self, start: Mapping[str, np.ndarray] | None = None) -> None:
        self.start = start
        self.states: list[dict[str, np.ndarray]] = []

    def read(self) -> dict[str, np.ndarray] | None:
        """Return a copy of where to begin."""
        return None if self.start is None else {n: v.copy() for n, v in self.start.items()}

    def write(self, state: Mapping[str, np.ndarray]) -> None:
        """Keep a copy of a state beside those before."""
        self.states.append({name: np.array(values) for name, values in state.items()})


def assert_goes_on(training: ModuleType, task: Task[Any], data: Any) -> list[Result]:
    """Check that a run killed after any of its epochs goes on to the same result, bit by bit.

    Parameters
    ----------
    training : module
        A study's module ``training``.
    task : Task
        A run of at least two epochs.
    data : object
        What its ``load`` gave.

    Returns
    -------
    list of Result
        That of the whole run, then those that went on.
    """
    whole = InMemory()
    results = _trained(training, [replace(task, checkpoint=whole)], data)
    epochs = len(results[0].history["epoch"])
    assert len(whole.states) in (epochs - 1, epochs)  # the last one helps nobody
    for done, state in enumerate(whole.states, start=1):
        rest = InMemory(state)
        results += _trained(training, [replace(task, checkpoint=rest)], data)
        assert len(rest.states) == len(whole.states) - done, f"trained anew after epoch {done}"
        assert_equal(results[-1], results[0])
    return results


def assert_equal(one: Result, other: Result) -> None:
    """Check that two results are the same in every bit."""
    assert (one.failure, dict(one.facts)) == (other.failure, dict(other.facts))
    for part in ("predictions", "history", "weights"):
        ours, theirs = getattr(one, part), getattr(other, part)
        assert list(ours) == list(theirs)
        for name, values in ours.items():
            assert values.dtype == theirs[name].dtype, name
            np.testing.assert_array_equal(values, theirs[name], err_msg=f"{part} {name}")


def _trained(training: ModuleType, tasks: Sequence[Task[Any]], data: Any) -> list[Result]:
    trained: list[Result] = training.train(tasks, data, "cpu")
    return trained
