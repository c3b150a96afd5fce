"""Losses of softmax outputs, row by row, and the weights of classes.

Targets are distributions over the classes: one-hot, smoothed or mixed. All losses differentiate.
Those of sigmoid outputs, with slopes by hand, are in `losses`.
"""

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import log_softmax


def cross_entropy(logits: Tensor, targets: Tensor, weights: Tensor | None = None) -> Tensor:
    """Return ``-sum_c w_c y_c log p_c`` of every row.

    Parameters
    ----------
    logits, targets : Tensor of shape (rows, classes)
    weights : Tensor of shape (classes,), optional
        What each class counts, see `class_weights`; 1 by default.

    Returns
    -------
    Tensor of shape (rows,)
    """
    return focal(logits, targets, 0.0, weights)


def focal(logits: Tensor, targets: Tensor, gamma: float, weights: Tensor | None = None) -> Tensor:
    """Return the focal loss ``-sum_c w_c y_c (1 - p_c)^gamma log p_c`` of every row.

    With gamma 0 this is the cross-entropy. Reference: Lin et al. 2017, "Focal loss for dense
    object detection", over the classes of a softmax.

    Parameters
    ----------
    logits, targets : Tensor of shape (rows, classes)
    gamma : float
        How strongly rows that are already well told are played down.
    weights : Tensor of shape (classes,), optional

    Returns
    -------
    Tensor of shape (rows,)
    """
    log_p = log_softmax(logits, dim=1)
    terms = -targets * log_p
    if gamma:
        # Above 0, where the slope of a power below 1 would be infinite.
        terms = terms * (-torch.expm1(log_p)).clamp_min(1e-12) ** gamma
    return (terms if weights is None else terms * weights).sum(dim=1)


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
