"""When a run stopped getting better, by stated rules, and whether it ends there."""

from collections.abc import Sequence

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


def ended(
    accuracy: Sequence[float], items: int, patience: int | None, flat_patience: int | None
) -> bool:
    """Return whether a run ends after the epochs that it has had.

    Parameters
    ----------
    accuracy : sequence of float
        On validation data, of the epochs in which the classifier learned.
    items : int
        How many it is over.
    patience : int or None
        Epochs since the best one, the first of its accuracy, after which a run ends.
    flat_patience : int or None
        Epochs since the one that `flat_since` names.
    """
    if not accuracy:
        return False
    found, epochs = np.array(accuracy), len(accuracy)
    since_best = epochs - (int(found.argmax()) + 1)
    if patience is not None and since_best >= patience:
        return True
    return flat_patience is not None and epochs - flat_since(found, items) >= flat_patience
