"""Does a seed give the same numbers again? Asked of programs that are not ours.

In: the runs of a sweep. Out: its first run a second time, under a key of its own, and how far its
numbers are from those of the first time. Runs of our own studies are equal to the bit, which tests
hold; a program is asked by running it, once a sweep, at the same time as its other runs.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from uphold.pipeline.design import Run
from uphold.training.contract import Result, RunSettings, Task

NUMBER = "number."
"""What begins the names of the single numbers that a program has written, among what is kept."""


@dataclass(frozen=True)
class Again(Task[RunSettings]):
    """A run that is run a second time: equal to no first one."""


def task_of(run: Run) -> Again:
    """Return a run once more, as training takes it."""
    return Again(run.settings, run.seed)


def key_of(key: str) -> str:
    """Return the key of the second time by that of the first."""
    return hashlib.sha256(f"{key} again".encode()).hexdigest()[:32]


def compared(run: Run, first: Result, again: Result) -> dict[str, Any] | None:
    """Return how far the two are apart, as ``design.json`` tells it; None where one failed.

    Numbers are compared, and no arrays.
    """
    if first.failure or again.failure:
        return None
    both = _numbers(first), _numbers(again)
    names = sorted(both[0].keys() & both[1].keys())
    apart = {name: abs(both[0][name] - both[1][name]) for name in names}
    return {"run": run.name, "apart": {name: size for name, size in apart.items() if size > 0}}


def _numbers(result: Result) -> Mapping[str, float]:
    return {name: float(one) for name, one in result.predictions.items() if name.startswith(NUMBER)}
