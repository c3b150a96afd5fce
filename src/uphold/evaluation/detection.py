"""Scores of a detector: one named positive class, a score for each item, a threshold.

An item counts as detected where its score is at least the threshold. The confusion counts are those
of the positive class, in this order and by these names: ``tp`` a call that was detected, ``fp`` a
detection without a call, ``fn`` a call that was missed, ``tn`` neither.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

# One number at a threshold, or an array over thresholds: whose counts they are tells which.
Numbers = Any


@dataclass(frozen=True)
class Counts:
    """Confusion counts of the positive class: scalars, or arrays over thresholds."""

    tp: Numbers
    fp: Numbers
    fn: Numbers
    tn: Numbers

    @property
    def precision(self) -> Numbers:
        """tp / (tp + fp); NaN where nothing was detected."""
        return _ratio(self.tp, self.tp + self.fp)

    @property
    def recall(self) -> Numbers:
        """tp / (tp + fn); NaN where there is no positive item."""
        return _ratio(self.tp, self.tp + self.fn)

    @property
    def f1(self) -> Numbers:
        """2 tp / (2 tp + fp + fn): 0 where positives exist and none was detected, NaN for 0/0."""
        return _ratio(2 * self.tp, 2 * self.tp + self.fp + self.fn)

    @property
    def accuracy(self) -> Numbers:
        """(tp + tn) / n."""
        return _ratio(self.tp + self.tn, self.tp + self.fp + self.fn + self.tn)

    def at(self, index: int) -> "Counts":
        """Return the counts at one of the thresholds."""
        return Counts(*(int(counts[index]) for counts in (self.tp, self.fp, self.fn, self.tn)))


def grid(steps: int) -> np.ndarray:
    """Return the thresholds 0, 1/steps, …, 1; shape (steps + 1,)."""
    return np.linspace(0.0, 1.0, steps + 1)


def count(positive: np.ndarray, score: np.ndarray, thresholds: np.ndarray) -> Counts:
    """Count the confusions of the positive class at each threshold.

    Parameters
    ----------
    positive : ndarray of bool, shape (n,)
        Whether the item is of the positive class.
    score : ndarray of float, shape (n,)
        The detector's score, higher for the positive class.
    thresholds : ndarray of float, shape (t,)
        An item is detected where ``score >= threshold``.

    Returns
    -------
    Counts
        Integer arrays of shape (t,).
    """
    # Compared in double precision: float32(0.1) >= 0.1 and float64(float32(0.3)) >= 0.3 disagree
    # with what a reader of the stored score would say, so both sides get the score's own precision.
    cuts = np.asarray(thresholds).astype(score.dtype)
    hits, misses = np.sort(score[positive]), np.sort(score[~positive])
    tp = len(hits) - np.searchsorted(hits, cuts, side="left")
    fp = len(misses) - np.searchsorted(misses, cuts, side="left")
    return Counts(tp=tp, fp=fp, fn=len(hits) - tp, tn=len(misses) - fp)


def best_threshold(counts: Counts) -> int:
    """Return the index of the threshold with the best F1, the middle one of several equal ones."""
    f1 = np.nan_to_num(counts.f1, nan=-1.0)
    best = np.flatnonzero(f1 == f1.max())
    return int(best[len(best) // 2])


def ranking(positive: np.ndarray, score: np.ndarray) -> dict[str, float]:
    """Return AUROC and AUPRC (average precision), NaN where only one class is present.

    They are what scikit-learn returns, in its order of summing; each run of a sweep asks for them
    on every split, and its checks of arguments take more than twenty times as long as the sums.

    Raises
    ------
    ValueError
        Where a score is not finite.
    """
    if positive.all() or not positive.any():
        return {"auroc": np.nan, "auprc": np.nan}
    if not np.isfinite(score).all():
        raise ValueError("Scores that are not finite cannot be ranked.")
    order = np.argsort(score, kind="stable")[::-1]
    # At each threshold the items that are detected; equal scores are detected together.
    last = np.append(np.flatnonzero(np.diff(score[order])), len(order) - 1)
    tp = np.cumsum(positive[order], dtype=float)[last]
    fp = 1 + last - tp
    precision, recall = (tp / (tp + fp))[::-1], np.append((tp / tp[-1])[::-1], 0.0)
    auprc = max(0.0, -np.sum(np.diff(recall) * precision))
    if len(fp) > 2:  # points amid a straight line change nothing but the last bit
        bent = (np.diff(fp, 2) != 0) | (np.diff(tp, 2) != 0)
        corners = np.concatenate(([True], bent, [True]))
        fp, tp = fp[corners], tp[corners]
    auroc = np.trapezoid(np.append(0.0, tp) / tp[-1], np.append(0.0, fp) / fp[-1])
    return {"auroc": float(auroc), "auprc": float(auprc)}


def always_positive_f1(positive: np.ndarray) -> float:
    """Return the F1 of calling every item positive: 2p / (1 + p) at prevalence p."""
    share = float(np.mean(positive)) if len(positive) else np.nan
    return 2 * share / (1 + share)


def _ratio(part: Numbers, whole: Numbers) -> Numbers:
    whole = np.asarray(whole, dtype=float)
    return np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole != 0)[()]
