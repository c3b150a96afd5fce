"""Train one lane, timed; an error is returned, with the names of the runs it happened to."""

import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from types import ModuleType
from typing import Any

from uphold.errors import InputError
from uphold.training import arithmetic
from uphold.training.contract import Place, Result, RunSettings, Task
from uphold.training.kept_memory import keep_freed_memory


class TrainingError(Exception):
    """A lane ended with an error that is not the user's. The message names its runs."""


@dataclass(frozen=True)
class Attempt:
    """What came of training a lane.

    Attributes
    ----------
    results : list of Result
        One for each run, in the order of the lane; none if there was an error.
    seconds : float
        How long it took.
    error : InputError or TrainingError, optional
        What went wrong, ready to be raised, also in another process.
    place : Place or None
        Where it was, if on another machine.
    """

    results: list[Result]
    seconds: float
    error: Exception | None = None
    place: Place | None = None


def attempt(
    training: ModuleType, lane: Sequence[Task[RunSettings]], data: Any, device: str
) -> Attempt:
    """Train one lane with a study's module ``training``."""
    keep_freed_memory()
    start = perf_counter()
    try:
        results = arithmetic.train(training, lane, data, device)
    except InputError as error:
        return Attempt([], perf_counter() - start, InputError(f"{error} Run: {names(lane)}."))
    except Exception:
        failed = TrainingError(f"Training {names(lane)} failed.\n{traceback.format_exc()}")
        return Attempt([], perf_counter() - start, failed)
    return Attempt(results, perf_counter() - start)


def names(lane: Sequence[Task[RunSettings]]) -> str:
    """Name the runs of a lane by their seeds and the settings that are not the default."""

    def name(task: Task[RunSettings]) -> str:
        settings = task.settings.model_dump(mode="json", exclude_defaults=True)
        return ", ".join(f"{key} {value}" for key, value in {**settings, "seed": task.seed}.items())

    shown = "; ".join(name(task) for task in lane[:3])
    return shown if len(lane) <= 3 else f"{shown}; and {len(lane) - 3} more beside them"
