"""The losses of a batch, as the script behind the archived rows has them.

In: logits, the numbers of the classes, their weights. Out: the mean loss of the batch, a scalar.
"""

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from studies.speech.settings.run import SpeechRun

NEAR = 1e-7
"""How near to 0 and 1 the focal loss lets a probability come."""


def batch_loss(
    settings: SpeechRun, logits: Tensor, labels: Tensor, weights: Tensor | None
) -> Tensor:
    """Return the loss of a batch by the run's settings.

    Parameters
    ----------
    settings : SpeechRun
        Its loss, focal_gamma and label_smoothing.
    logits : Tensor of shape (rows, classes)
    labels : Tensor of int64, shape (rows,)
    weights : Tensor of shape (classes,), optional
        The mean over the batch is one by these, as in ``torch.nn.CrossEntropyLoss``.
    """
    if settings.loss == "focal":
        return focal(logits, labels, settings.focal_gamma, weights)
    return cross_entropy(logits, labels, weights, label_smoothing=settings.label_smoothing)


def focal(logits: Tensor, labels: Tensor, gamma: float, weights: Tensor | None) -> Tensor:
    """Return the mean of ``(1 - p)^gamma * w * -log q``, where q is the softmax and ``p = q^w``.

    The script takes p from the weighted cross-entropy, so that a class of weight w is played down
    by ``q^w`` in place of q, and its mean is over rows and not by weights. Lin et al. 2017, "Focal
    loss for dense object detection", play down by q itself.
    """
    weighted = cross_entropy(logits, labels, weights, reduction="none")
    p = torch.exp(-weighted).clamp(NEAR, 1 - NEAR)
    return ((1 - p) ** gamma * weighted).mean()
