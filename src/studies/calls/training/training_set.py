"""From the training split to the rows that one run learns from.

The order of work is BirdNET-Analyzer's (the split was made when the data were prepared): leave out
positives of unwanted quality, balance, upsample. What happens anew in every epoch, mixup and
smoothing, is not done here. Only the training split is read.
"""

import hashlib
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from studies.calls.settings.run import CallsRun
from studies.calls.training import upsampling
from studies.calls.training.loading import CallsData, Rows, fingerprints
from uphold.errors import InputError
from uphold.randomness import generator


@dataclass(frozen=True)
class TrainingSet:
    """The rows that one run learns from.

    Attributes
    ----------
    x : Tensor of shape (n, features), float32
    y : Tensor of shape (n, classes), float32
    added : int
        How many of the rows, the last ones, were added by upsampling.
    digest : str
        Equal for two training sets if and only if they hold the same rows equally often, in
        whatever order.
    """

    x: Tensor
    y: Tensor
    added: int
    digest: str

    def facts(self) -> dict[str, int | str]:
        """Return what a run's result says of its training set; counts include added rows."""
        positive = int(self.y.any(dim=1).sum())
        return {
            "train_positive": positive,
            "train_negative": len(self.y) - positive,
            "train_added": self.added,
            "training_set": self.digest,
        }


def training_set(settings: CallsRun, seed: int, data: CallsData) -> TrainingSet:
    """Make the training set of one run.

    Raises
    ------
    InputError
        If the settings leave nothing to train on, or ask to fill up a class without a row.
    """
    base = np.concatenate(_base(settings, seed, data.train))
    x, y = data.train.x[base], data.train.y[base]
    prints = [data.fingerprints[row] for row in base]
    for number, (group, count) in enumerate(_lacking(settings, data.train, base)):
        if count:
            rng = generator(seed, "upsampling", number)
            new = upsampling.fill(
                rng, data.train.x, data.train.y, group, count, settings.upsampling_mode
            )
            x, y = torch.cat([x, new[0]]), torch.cat([y, new[1]])
            prints += fingerprints(*new)
    digest = hashlib.sha256(b"".join(sorted(prints))).hexdigest()
    return TrainingSet(x, y, added=len(x) - len(base), digest=digest)


def size(settings: CallsRun, seed: int, data: CallsData) -> int:
    """Return the number of rows of a run's training set, without making the added ones.

    Raises
    ------
    InputError
        As `training_set` does.
    """
    base = np.concatenate(_base(settings, seed, data.train))
    return len(base) + sum(count for _, count in _lacking(settings, data.train, base))


def _base(settings: CallsRun, seed: int, rows: Rows) -> tuple[np.ndarray, np.ndarray]:
    """Return the positives and the negatives that are kept, as row numbers."""
    is_positive = rows.y.any(dim=1).numpy()
    kept = np.isin(rows.quality, ["", *settings.qualities])
    positives, negatives = np.flatnonzero(is_positive & kept), np.flatnonzero(~is_positive)
    if not len(positives):
        raise InputError(
            f"qualities {list(settings.qualities)} leave no positive clip in the training split; "
            f"it has {', '.join(sorted(set(rows.quality[is_positive]))) or 'none at all'}."
        )
    if settings.balance:
        if not len(negatives):
            raise InputError("balance: the training split has no negative clip to balance with.")
        smaller = min(len(positives), len(negatives))
        rng = generator(seed, "balance")
        positives, negatives = (upsampling.cut(rng, g, smaller) for g in (positives, negatives))
    return positives, negatives


def _lacking(settings: CallsRun, rows: Rows, base: np.ndarray) -> list[tuple[np.ndarray, int]]:
    """Return every group that upsampling looks at and how many rows it lacks."""
    targeted = settings.targeted_upsampling
    ratio = settings.upsampling_ratio if targeted == "none" else settings.targeted_ratio
    if ratio == 0:
        return []
    groups = _classes(rows, base) if targeted == "none" else _levels(targeted, rows, base)
    counts = upsampling.missing([len(g) for g in groups.values()], ratio)
    for (name, group), count in zip(groups.items(), counts, strict=True):
        if count and not len(group):
            raise InputError(f"upsampling_ratio: {name} has no row that could fill it up.")
    return list(zip(groups.values(), counts, strict=True))


def _classes(rows: Rows, base: np.ndarray) -> dict[str, np.ndarray]:
    """Return the rows of each class.

    As in BirdNET-Analyzer, negatives are a class of their own where there is one label, and no
    class where there are several.
    """
    y = rows.y[base].numpy() > 0
    if y.shape[1] == 1:
        return {"the negative class": base[~y[:, 0]], "the positive class": base[y[:, 0]]}
    return {f"class {column}": base[y[:, column]] for column in range(y.shape[1])}


def _levels(column: str, rows: Rows, base: np.ndarray) -> dict[str, np.ndarray]:
    """Return the positives of each call type or quality, those where it is unknown left out."""
    positive = rows.y[base].any(dim=1).numpy()
    values = getattr(rows, column)[base]
    levels = sorted(set(values[positive]) - {""})
    return {level: base[positive & (values == level)] for level in levels}
