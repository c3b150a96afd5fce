"""The losses of a batch, as the script behind the archived rows has them, of every run at once.

In: logits, (runs, rows, classes), and what a batch holds of every run. Out: mean losses, (runs,).
"""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.functional import log_softmax

NEAR = 1e-7
"""How near to 0 and 1 the focal loss lets a probability come."""


def targets(labels: Tensor, weights: Tensor, smoothing: float) -> Tensor:
    """Return what each class of each row counts, so that `cross_entropy` is a weighted mean.

    As in ``torch.nn.CrossEntropyLoss``: the mean is one by the weights of the rows' own classes,
    and of a row's loss a share of `smoothing` is spread over all classes by their weights.

    Parameters
    ----------
    labels : Tensor of int64, shape (rows,)
        Of one batch.
    weights : Tensor of shape (classes,)
    smoothing : float

    Returns
    -------
    Tensor of shape (rows, classes)
    """
    own = weights[labels]
    counts = (smoothing / len(weights) * weights).repeat(len(labels), 1)
    counts[torch.arange(len(labels), device=labels.device), labels] += (1 - smoothing) * own
    return counts / own.sum()


def cross_entropy(outputs: Sequence[Tensor], batch: Sequence[Tensor]) -> Tensor:
    """Return ``-sum t log q`` over the rows and classes, q the softmax.

    Parameters
    ----------
    outputs : sequence of one Tensor, (runs, rows, classes)
        Logits.
    batch : sequence of one Tensor, (runs, rows, classes)
        The counts t, see `targets`.
    """
    (logits,), (counts,) = outputs, batch
    return -(counts * log_softmax(logits, dim=-1)).sum(dim=-1).sum(dim=-1)


def focal(outputs: Sequence[Tensor], batch: Sequence[Tensor]) -> Tensor:
    """Return the mean of ``(1 - p)^gamma * w * -log q``, where q is the softmax and ``p = q^w``.

    The script takes p from the weighted cross-entropy, so that a class of weight w is played down
    by ``q^w`` in place of q, and its mean is over rows and not by weights. Lin et al. 2017, "Focal
    loss for dense object detection", play down by q itself.

    Parameters
    ----------
    outputs : sequence of one Tensor, (runs, rows, classes)
        Logits.
    batch : sequence of four Tensor
        The weight w of each row's own class and of that of its partner in mixup, at the place of
        the class, (runs, rows, classes); the share of its own and gamma, (runs, rows).
    """
    (logits,) = outputs
    # Run by run: the last bits of a power depend on where in a tensor it lies, see `rowwise`.
    of_runs = [_focal(*parts) for parts in zip(log_softmax(logits, dim=-1), *batch, strict=True)]
    return torch.stack(of_runs)


def _focal(log_q: Tensor, own: Tensor, partner: Tensor, share: Tensor, gamma: Tensor) -> Tensor:
    total = torch.zeros_like(share)
    for weight, part in ((own, share), (partner, 1 - share)):
        weighted = -(weight * log_q).sum(dim=-1)
        p = torch.exp(-weighted).clamp(NEAR, 1 - NEAR)
        total = total + part * (1 - p) ** gamma * weighted
    return total.mean()
