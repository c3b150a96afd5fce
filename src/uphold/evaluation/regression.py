"""Predicted numbers → absolute error and explained variance. Arrays in, numbers out."""

import numpy as np
from numpy.typing import NDArray


def mean_absolute_error(
    values: NDArray[np.floating], predicted: NDArray[np.floating] | float
) -> float:
    """Return the mean of ``|predicted - value|``; NaN without rows.

    Parameters
    ----------
    values : ndarray, shape (rows,)
    predicted : ndarray of shape (rows,), or one number for all of them
    """
    return float(np.abs(predicted - values).mean()) if len(values) else float("nan")


def r_squared(values: NDArray[np.floating], predicted: NDArray[np.floating]) -> float:
    """Return ``1 - sum (value - predicted)^2 / sum (value - mean)^2``.

    1 is perfect, 0 as good as the mean of `values`, below 0 worse; NaN where they do not vary.

    Parameters
    ----------
    values, predicted : ndarray, shape (rows,)
    """
    total = ((values - values.mean()) ** 2).sum() if len(values) else 0.0
    return float(1 - ((values - predicted) ** 2).sum() / total) if total else float("nan")
