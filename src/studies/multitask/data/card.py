"""The data card: what the prepared data are, counted, and how they came about."""

from typing import Any

import numpy as np

from studies.multitask.data.prepared import PreparedMultitask
from studies.multitask.settings.data import Data
from uphold.errors import InputError
from uphold.splits import SPLITS


def describe(data: PreparedMultitask, settings: Data) -> dict[str, Any]:
    """Return the data card, JSON values only."""
    return {
        "source": settings.source,
        "classes": {"a": data.names_a, "b": data.names_b},
        "splits": {name: _summary(data, data.split == k) for k, name in enumerate(SPLITS)},
        **data.about,
        "decisions": data.decisions,
        "settings": settings.in_force(),
    }


def check(data: PreparedMultitask) -> None:
    """Refuse data that the study cannot be run on.

    Raises
    ------
    InputError
        Where a split is empty, or training could tell no two classes of a head apart.
    """
    for place, name in enumerate(SPLITS):
        if not (data.split == place).any():
            raise InputError(
                f"The split {name} has no item: give more items, or a larger share of them."
            )
    train = data.split == SPLITS.index("train")
    for head in ("a", "b"):
        if len(np.unique(getattr(data, head)[train])) < 2:
            raise InputError(
                f"Head {head.upper()} has a single class in the split train: there is nothing to "
                "learn. Give items of other classes."
            )


def _summary(data: PreparedMultitask, here: np.ndarray) -> dict[str, Any]:
    """Return what a split holds, in the words that write-ups print."""
    return {
        "items": int(here.sum()),
        "classes of A": len(np.unique(data.a[here])),
        "classes of B": len(np.unique(data.b[here])),
        "mean of C": round(float(data.c[here].mean()), 6) if here.any() else 0.0,
    }
