"""Whether a column of proportions is written as fractions or in percent.

In: the values of one column and what it measures. Out: 1 or 100. Promised: every check and the
proposal of a spec ask here, so that one column is never read in two ways.
"""

import numpy as np

PERCENT = 100.0
PROPORTIONS = frozenset({"f1", "precision", "recall", "accuracy", "auroc", "auprc", "error"})


def scale(values: np.ndarray, kind: str) -> float:
    """Return 100 for a column in percent and 1 for any other.

    A metric declares its scale by its values alone: a proportion cannot exceed 1, so a column in
    which most values do is in percent. Zeros count for neither, since a run that failed scores 0 on
    both scales; a single value above 1 among fractions stays what it is, a wrong one. Error rates
    may be under 1 % throughout, so that one value above 1 is enough there. Each column is taken by
    itself: an F1 in percent may stand beside a precision in fractions.

    Parameters
    ----------
    values : ndarray, shape (runs,)
        NaN where there is none.
    kind : str
        The metric's kind; whatever is not a proportion has the scale 1.
    """
    if kind not in PROPORTIONS:
        return 1.0
    known = values[np.isfinite(values) & (values != 0)]
    # Single precision may leave a perfect score slightly above 1.
    beyond = known > 1 + 1e-6
    percent = beyond.any() if kind == "error" else 2 * np.count_nonzero(beyond) > known.size
    return PERCENT if percent else 1.0
