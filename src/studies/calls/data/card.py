"""The data card: what the prepared data are, counted, and how they came about."""

from collections import Counter
from typing import Any

import numpy as np

from studies.calls.data.prepared import PreparedCalls
from studies.calls.settings.data import SPLITS, Data
from uphold.errors import InputError

UNKNOWN = "unspecified"


def describe(data: PreparedCalls, settings: Data) -> dict[str, Any]:
    """Return the data card, JSON values only.

    ``counts`` nests split → recorder → label → call type → quality → number of items; what is not
    known reads "unspecified".
    """
    positive = data.y[:, data.classes.index(settings.positive)] == 1
    splits = np.array([item.split for item in data.items])
    here = [split for split in SPLITS if split in splits]
    return {
        "source": settings.source,
        "classes": data.classes,
        "positive": settings.positive,
        "splits": {split: summary(data, splits == split, positive) for split in here},
        **data.about,
        "counts": counts(data),
        "decisions": data.decisions,
        "settings": settings.in_force(),
    }


def summary(data: PreparedCalls, chosen: np.ndarray, positive: np.ndarray) -> dict[str, Any]:
    """Return what a split holds, in the words that write-ups print."""
    recorders = {i.recorder for i, here in zip(data.items, chosen, strict=True) if here}
    return {
        "items": int(chosen.sum()),
        "positives": int(positive[chosen].sum()),
        "prevalence": round(float(positive[chosen].mean()), 6),
        "recorders": sorted(recorder or UNKNOWN for recorder in recorders),
    }


def counts(data: PreparedCalls) -> dict[str, Any]:
    """Return the number of items by split, recorder, label, call type and quality, nested."""
    tally = Counter(
        (
            item.split,
            *(v or UNKNOWN for v in (item.recorder, item.label, item.call_type, item.quality)),
        )
        for item in data.items
    )
    nested: dict[str, Any] = {}
    for keys in sorted(tally, key=lambda keys: (SPLITS.index(keys[0]), keys)):
        inner = nested
        for key in keys[:-1]:
            inner = inner.setdefault(key, {})
        inner[keys[-1]] = tally[keys]
    return nested


def check(data: PreparedCalls, positive: str) -> None:
    """Refuse data that the study cannot be run on.

    Raises
    ------
    InputError
        Where a class or the negatives are missing from ``train``, where ``validation`` has no item
        of the positive class to choose a threshold by, or where there is nothing to test on.
    """
    splits = np.array([item.split for item in data.items])
    train, validation = splits == "train", splits == "validation"
    target = data.y[:, data.classes.index(positive)]
    missing = [
        name for name, n in zip(data.classes, data.y[train].sum(axis=0), strict=True) if not n
    ]
    if missing:
        raise InputError(
            f"No item in the split train has the class {', '.join(missing)}. Give it more items, "
            "or name some of its items train."
        )
    if target[train].all():
        raise InputError(
            f"Every item in the split train has the class {positive!r}: add negatives, such as a "
            "folder named noise."
        )
    if not target[validation].any():
        recorded = "recordings" in data.about
        has = {
            i.source if recorded else i.item for i, y in zip(data.items, target, strict=True) if y
        }
        noun = "recording" if recorded else "item"
        wrong = (
            f"No item in the split validation has the class {positive!r}, by which the threshold"
        )
        if len(has) == 1:
            raise InputError(
                f"{wrong} is chosen: the class has 1 {noun} in all, and training and validation "
                f"need one each. Add {noun}s of it, or name another class in the setting "
                "data.positive."
            )
        raise InputError(
            f"{wrong} is chosen; {len(has):,} {noun}s have it. Raise validation_share, or name "
            "some of its items validation."
        )
    if not np.isin(splits, ("iid", "ood")).any():
        raise InputError("No item is in a test split (iid or ood). Raise test_share, or name some.")
