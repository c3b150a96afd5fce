"""When a run stopped getting better, by a stated rule."""

import numpy as np
from numpy.typing import NDArray


def flat_since(accuracy: NDArray[np.floating], items: int) -> int:
    """Return the first epoch from which on accuracy no longer rises by more than chance.

    The rule: no later epoch is above this one by more than one binomial standard error,
    ``sqrt(a (1 - a) / items)`` with this epoch's accuracy `a`.

    Parameters
    ----------
    accuracy : ndarray of shape (epochs,)
        On validation data.
    items : int
        How many it is over.

    Returns
    -------
    int
        Counted from 1; at most the epoch of the highest accuracy.
    """
    highest_later = np.maximum.accumulate(accuracy[::-1])[::-1]
    error = np.sqrt(accuracy * (1 - accuracy) / items)
    return int(np.flatnonzero(highest_later <= accuracy + error)[0]) + 1
