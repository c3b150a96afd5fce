"""The loss of softmax outputs, row by row, and the weights of classes.

Targets are distributions over the classes: one-hot, smoothed or mixed. The losses of sigmoid
outputs, with slopes by hand, are in `losses`.
"""

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import log_softmax


def cross_entropy(logits: Tensor, targets: Tensor, weights: Tensor | None = None) -> Tensor:
    """Return ``-sum_c w_c y_c log p_c`` of every row.

    Parameters
    ----------
    logits, targets : Tensor of shape (..., classes)
    weights : Tensor of shape (classes,), optional
        What each class counts, see `class_weights`; 1 by default.

    Returns
    -------
    Tensor of shape (...,)
    """
    terms = -targets * log_softmax(logits, dim=-1)
    return (terms if weights is None else terms * weights).sum(dim=-1)


def class_weights(labels: np.ndarray, classes: int, largest: float) -> Tensor:
    """Return weights that lift rare classes, none above `largest` times the smallest.

    A class's weight is ``rows / (classes * its rows)``, so that every class would count the same;
    what exceeds the limit stands at it.

    Parameters
    ----------
    labels : ndarray of int, shape (rows,)
        Classes without a row count as if they had one.
    classes : int
    largest : float
        How many times as much as the commonest class the rarest may count, at least 1.

    Returns
    -------
    Tensor of float32, shape (classes,)
    """
    if largest < 1:
        raise ValueError(f"No class can count {largest} times the smallest weight: at least 1.")
    counts = np.maximum(np.bincount(labels, minlength=classes), 1)
    weights = len(labels) / (classes * counts)
    return torch.from_numpy(np.minimum(weights, largest * weights.min()).astype(np.float32))
