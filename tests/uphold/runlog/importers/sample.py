"""The runs that every tracker was made to keep, so that all importers can be held to one answer.

A script in `make/` logs them with the tracker itself; what it wrote lies in `kept/<importer>`.
"""

from typing import Any

GRID: list[dict[str, Any]] = [
    {"lr": lr, "dropout": dropout, "optimizer": {"name": "adam"}, "seed": seed}
    for lr in (0.001, 0.01)
    for dropout in (None, 0.5)
    for seed in (1, 2, 3)
]
"""The settings of each run that was finished: nested, with a true None."""
FAILED: dict[str, Any] = {"lr": 0.1, "dropout": 0.5, "optimizer": {"name": "adam"}, "seed": 1}
"""The settings of one more run, which ended with an error after its first epoch."""
EPOCHS = 3


def accuracy(run: dict[str, Any], epoch: int) -> float:
    """Return the validation accuracy of a run after an epoch, from 0; the last is its result."""
    gain = 0.02 * (run["lr"] == 0.01) + 0.01 * (run["dropout"] is not None)
    return round(0.7 + 0.03 * epoch + gain + 0.004 * (run["seed"] - 2) + run["lr"] / 10, 6)


def loss(run: dict[str, Any], epoch: int) -> float:
    """Return the validation loss of a run after an epoch."""
    return round(1 - accuracy(run, epoch), 6)
