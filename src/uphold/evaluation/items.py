"""What each test item adds to a score: numbers of which the score is the mean.

Labels and predictions in, one number an item out. For what is a mean over items (accuracy, an
absolute error) it is the item's own score. For a ratio of sums (F1, precision) it is what the item
does to the ratio, to first order: the mean is the ratio, and resampling items moves the one as it
moves the other (the infinitesimal jackknife; Efron 1982, "The jackknife, the bootstrap and other
resampling plans", chapter 6). Scores that are neither (AUROC, calibration error) have none here.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Items = NDArray[np.float64]


def ratio(part: ArrayLike, whole: ArrayLike) -> Items:
    """Return what each item adds to ``sum(part) / sum(whole)``, NaN where that is 0/0.

    Parameters
    ----------
    part, whole : array_like, shape (items,)
    """
    part, whole = np.asarray(part, dtype=float), np.asarray(whole, dtype=float)
    total = whole.sum()
    if not total:
        return np.full(len(whole), np.nan)
    value = part.sum() / total
    return np.asarray(value + len(whole) * (part - value * whole) / total)


def f1(there: NDArray[np.bool_], predicted: NDArray[np.bool_]) -> Items:
    """Return what each item adds to the F1 of a class that it has, and is taken for, or not."""
    return ratio(2.0 * (there & predicted), there.astype(float) + predicted)


def macro_f1(labels: NDArray[np.integer], predicted: NDArray[np.integer], classes: int) -> Items:
    """Return what each item adds to the mean F1 of the classes that have items."""
    found = [f1(labels == k, predicted == k) for k in range(classes) if (labels == k).any()]
    return np.asarray(np.mean(found, axis=0)) if found else np.full(len(labels), np.nan)


def difference(one: Items, other: Items) -> Items:
    """Return what each item adds to the difference of two scores, each over items of its own.

    Parameters
    ----------
    one, other : ndarray, shape (items,)
        NaN for the items of the other.
    """
    first, second = ~np.isnan(one), ~np.isnan(other)
    found = np.full(len(one), np.nan)
    if not (first.any() and second.any()):
        return found
    value, total = one[first].mean() - other[second].mean(), (first | second).sum()
    found[first] = value + (one[first] - one[first].mean()) * total / first.sum()
    found[second] = value - (other[second] - other[second].mean()) * total / second.sum()
    return found


def placed(scores: Items, where: NDArray[np.integer] | NDArray[np.bool_], items: int) -> Items:
    """Return scores of some items among all: NaN for those that have no part in them."""
    found = np.full(items, np.nan)
    found[where] = scores
    return found
