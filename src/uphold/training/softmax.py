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
    """Return weights that lift rare classes, averaging one, none above `largest`.

    They are proportional to the inverse of the class's frequency as far as the limit allows: the
    classes that would exceed it stand at it, and the others are scaled up so that the mean over
    the classes is one.

    Parameters
    ----------
    labels : ndarray of int, shape (rows,)
        Classes without a row count as if they had one.
    classes : int
    largest : float
        At least 1.

    Returns
    -------
    Tensor of float32, shape (classes,)
    """
    if largest < 1:
        raise ValueError(f"Weights that average 1 cannot all be below {largest}.")
    inverse = 1 / np.maximum(np.bincount(labels, minlength=classes), 1)
    limited = np.zeros(classes, dtype=bool)
    while True:
        room = classes - largest * limited.sum()
        free = np.where(limited, 0.0, inverse)
        scaled = free * (room / free.sum()) if free.sum() else free
        weights = np.where(limited, largest, scaled)
        above = weights > largest * (1 + 1e-12)
        if not above.any():
            return torch.from_numpy(weights.astype(np.float32))
        limited |= above
