"""What a study's data are loaded, and its lanes trained, under: on one thread, and nothing else.

What stands here decides results, so that it counts in run keys; so do the study's own ``load`` and
``train``. Of all that lies around it (processes, pipes, errors, progress) nothing does, but for
what modules do when they are imported. So nothing there may change how numbers are computed.
"""

from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from uphold.threads import one_thread
from uphold.training.contract import Result, RunSettings, Task


def load(training: ModuleType, folder: Path) -> Any:
    """Read prepared data with a study's module ``training``."""
    with one_thread():
        return training.load(folder)


def train(
    training: ModuleType, lane: Sequence[Task[RunSettings]], data: Any, device: str
) -> list[Result]:
    """Train one lane with a study's module ``training``."""
    with one_thread():
        results: list[Result] = training.train(lane, data, device)
    return results
