"""Logits of several classes → accuracy, calibration, confusion table.

Arrays in, numbers out; a study names its splits and slices itself.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import softmax

BINS = 15
"""Bins of the expected calibration error, as Guo et al. 2017 use."""


def accuracy(labels: NDArray[np.integer], logits: NDArray[np.floating]) -> float:
    """Return the share of rows whose largest logit is their label's; NaN without rows.

    Parameters
    ----------
    labels : ndarray of int, shape (rows,)
    logits : ndarray of float, shape (rows, classes)
    """
    return float((logits.argmax(axis=1) == labels).mean()) if len(labels) else float("nan")


def confusion_table(counts: NDArray[np.int64], classes: list[str], split: str) -> pd.DataFrame:
    """Return a confusion matrix in long form: ``split``, ``truth``, ``predicted``, ``count``."""
    truth = np.repeat(classes, len(classes))
    columns = {"split": split, "truth": truth, "predicted": np.tile(classes, len(classes))}
    return pd.DataFrame(columns | {"count": counts.ravel()})


def said(logits: NDArray[np.floating], classes: Sequence[str], of: str = "") -> pd.DataFrame:
    """Return the class of the largest logit, a column ``label``, and the probability of each.

    Parameters
    ----------
    logits : ndarray of float, shape (rows, classes)
    classes : sequence of str
        Their names, which name the columns.
    of : str
        What stands before the columns' names where rows have several labels.
    """
    probabilities = softmax(logits.astype(np.float64), axis=1)
    label = np.array(classes)[logits.argmax(axis=1)]
    columns = {f"{of}{name}": probabilities[:, k] for k, name in enumerate(classes)}
    return pd.DataFrame({f"{of}label": label, **columns})


def overconfidence(labels: NDArray[np.integer], logits: NDArray[np.floating]) -> float:
    """Return the mean highest probability less the accuracy; below 0 where trust is too low.

    Parameters
    ----------
    labels : ndarray of int, shape (rows,)
    logits : ndarray of float, shape (rows, classes)
    """
    if not len(labels):
        return float("nan")
    sure = softmax(logits.astype(np.float64), axis=1).max(axis=1)
    return float(sure.mean()) - accuracy(labels, logits)


def calibration_error(
    labels: NDArray[np.integer], logits: NDArray[np.floating], bins: int = BINS
) -> float:
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
