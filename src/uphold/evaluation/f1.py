"""Labels and predictions → confusion matrix → F1 of each class and their mean.

In numpy alone: training uses it too, where an epoch is chosen by the macro-F1.
"""

import numpy as np
from numpy.typing import NDArray


def confusion(
    labels: NDArray[np.integer], predicted: NDArray[np.integer], classes: int
) -> NDArray[np.int64]:
    """Return how many rows of each class (down) were taken for each class (across).

    Parameters
    ----------
    labels, predicted : ndarray of int, shape (rows,)
    classes : int
    """
    return np.bincount(labels * classes + predicted, minlength=classes**2).reshape(classes, -1)


def f1_by_class(counts: NDArray[np.number]) -> NDArray[np.float64]:
    """Return the F1 of each class from a confusion matrix.

    A class that is neither there nor predicted has none (NaN); one that is never hit has 0.
    """
    hits = np.diag(counts).astype(float)
    both = counts.sum(axis=0) + counts.sum(axis=1)
    # numpy says Any of it, array though it is
    return np.divide(  # type: ignore[no-any-return]
        2 * hits, both, out=np.full(len(hits), np.nan), where=both > 0
    )


def macro_f1(counts: NDArray[np.number]) -> float:
    """Return the mean F1 of the classes that have rows; NaN where none has."""
    there = counts.sum(axis=1) > 0
    return float(f1_by_class(counts)[there].mean()) if there.any() else float("nan")
