"""Logits of several classes → accuracy, F1, confusion, calibration.

Arrays in, numbers out; a study names its splits and slices itself.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import softmax

BINS = 15
"""Bins of the expected calibration error, as Guo et al. 2017 use."""


def accuracy(labels: NDArray, logits: NDArray) -> float:
    """Return the share of rows whose largest logit is their label's; NaN without rows.

    Parameters
    ----------
    labels : ndarray of int, shape (rows,)
    logits : ndarray of float, shape (rows, classes)
    """
    return float((logits.argmax(axis=1) == labels).mean()) if len(labels) else float("nan")


def confusion(labels: NDArray, predicted: NDArray, classes: int) -> NDArray[np.int64]:
    """Return how many rows of each class (down) were taken for each class (across).

    Parameters
    ----------
    labels, predicted : ndarray of int, shape (rows,)
    classes : int
    """
    return np.bincount(labels * classes + predicted, minlength=classes**2).reshape(classes, -1)


def confusion_table(counts: NDArray[np.int64], classes: list[str], split: str) -> pd.DataFrame:
    """Return a confusion matrix in long form: ``split``, ``truth``, ``predicted``, ``count``."""
    truth = np.repeat(classes, len(classes))
    columns = {"split": split, "truth": truth, "predicted": np.tile(classes, len(classes))}
    return pd.DataFrame(columns | {"count": counts.ravel()})


def f1_by_class(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the F1 of each class from a confusion matrix.

    A class that is neither there nor predicted has none (NaN); one that is never hit has 0.
    """
    hits = np.diag(counts).astype(float)
    both = counts.sum(axis=0) + counts.sum(axis=1)
    return np.divide(2 * hits, both, out=np.full(len(hits), np.nan), where=both > 0)


def macro_f1(counts: NDArray[np.int64]) -> float:
    """Return the mean F1 of the classes that have rows; NaN where none has."""
    there = counts.sum(axis=1) > 0
    return float(f1_by_class(counts)[there].mean()) if there.any() else float("nan")


def calibration_error(labels: NDArray, logits: NDArray, bins: int = BINS) -> float:
    """Return the expected calibration error of the predicted class.

    Rows are binned by their highest probability into `bins` equal intervals; the error is the mean
    over rows of |accuracy − mean probability| of their bin. Reference: Guo et al. 2017, "On
    calibration of modern neural networks".

    Parameters
    ----------
    labels : ndarray of int, shape (rows,)
    logits : ndarray of float, shape (rows, classes)
    bins : int
    """
    if not len(labels):
        return float("nan")
    probabilities = softmax(logits.astype(np.float64), axis=1)
    confidence = probabilities.max(axis=1)
    hit = probabilities.argmax(axis=1) == labels
    place = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
    gaps = np.bincount(place, weights=hit - confidence, minlength=bins)
    return float(np.abs(gaps).sum() / len(labels))
