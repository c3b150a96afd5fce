"""How sure a macro-F1 is over actors: the clips of one voice are not independent of each other.

In: labels and predictions with their actors. Out: an interval. It tells how the score of this one
network would vary over other actors of the same kind; how it varies over networks is told by the
runs. Actors are resampled by leaving out one at a time (the jackknife) instead of by a bootstrap:
with four actors a bootstrap has 35 distinct samples and its percentiles are far too narrow, while
the jackknife's t interval knows how few there are; and it draws nothing.

Reference: Efron & Tibshirani 1993, "An introduction to the bootstrap", chapter 11.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from uphold.evaluation.f1 import macro_f1


def by_actor(
    labels: NDArray[np.int64],
    predicted: NDArray[np.int64],
    actors: NDArray[np.int64],
    classes: int,
) -> NDArray[np.int64]:
    """Return each actor's confusion matrix, shape (actors, classes, classes), by actor's number."""
    there, place = np.unique(actors, return_inverse=True)
    cells = (place * classes + labels) * classes + predicted
    counts = np.bincount(cells, minlength=len(there) * classes**2)
    return counts.reshape(len(there), classes, classes)


def interval(cells: NDArray[np.int64], confidence: float) -> tuple[float, float]:
    """Return the interval of the macro-F1 over actors.

    With n actors and the macro-F1 θ₍ᵢ₎ without actor i, the standard error is
    ``sqrt((n - 1) / n Σ (θ₍ᵢ₎ - mean)²)``, and the interval that of t with n - 1 degrees of
    freedom, cut to 0 and 1.

    Parameters
    ----------
    cells : ndarray of int, shape (actors, classes, classes)
        See `by_actor`.
    confidence : float
        Such as 0.95.

    Returns
    -------
    (float, float)
        NaN with fewer than two actors.
    """
    count = len(cells)
    if count < 2:
        return float("nan"), float("nan")
    whole = cells.sum(axis=0)
    value, without = macro_f1(whole), np.array([macro_f1(whole - cell) for cell in cells])
    error = np.sqrt((count - 1) / count * np.sum((without - without.mean()) ** 2))
    half = stdtrit(count - 1, (1 + confidence) / 2) * error
    return float(max(0, value - half)), float(min(1, value + half))
