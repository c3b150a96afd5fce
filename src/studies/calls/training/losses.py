"""Losses of sigmoid outputs, element by element, each with its slope in the logit.

Targets lie between 0 and 1; they may be soft. The slopes are what automatic differentiation of the
values gives, written out, so that a training step needs no graph.
"""

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor
from torch.nn.functional import softplus

SMALLEST = 1e-12


class Loss(Protocol):
    """A loss of one logit and one target."""

    def value(self, logits: Tensor, targets: Tensor) -> Tensor:
        """Return the loss of each element."""
        ...

    def slope(self, logits: Tensor, targets: Tensor) -> Tensor:
        """Return the derivative of each element's loss in its logit."""
        ...


@dataclass(frozen=True)
class CrossEntropy:
    """Binary cross-entropy, ``-y log p - (1 - y) log(1 - p)`` with ``p = sigmoid(logit)``."""

    def value(self, logits: Tensor, targets: Tensor) -> Tensor:
        """Return the loss of each element."""
        return softplus(logits) - targets * logits

    def slope(self, logits: Tensor, targets: Tensor) -> Tensor:
        """Return ``p - y``."""
        return torch.sigmoid(logits).sub_(targets)


@dataclass(frozen=True)
class Focal:
    """Focal loss, ``a (1 - p_t)^gamma`` times the binary cross-entropy.

    ``p_t = y p + (1 - y) (1 - p)`` is the probability of the target and
    ``a = alpha y + (1 - alpha) (1 - y)`` its weight. With gamma 0 and alpha .5 this is half of the
    binary cross-entropy.

    Attributes
    ----------
    gamma, alpha : Tensor
        Focus and weight of the positives; shapes that broadcast against the logits.

    Reference: Lin et al. 2017, "Focal loss for dense object detection"; for soft targets in the
    form of BirdNET-Analyzer.
    """

    gamma: Tensor
    alpha: Tensor

    def value(self, logits: Tensor, targets: Tensor) -> Tensor:
        """Return the loss of each element."""
        miss = self._miss(torch.sigmoid(logits), targets)
        entropy = softplus(logits) - targets * logits
        return self._weight(targets) * torch.pow(miss, self.gamma) * entropy

    def slope(self, logits: Tensor, targets: Tensor) -> Tensor:
        """Return the derivative, by the product rule over focus and cross-entropy."""
        p = torch.sigmoid(logits)
        miss = self._miss(p, targets)
        entropy = softplus(logits) - targets * logits
        focus = torch.pow(miss, self.gamma)
        toward = (2 * targets - 1) * p * (1 - p)
        steep = self.gamma * torch.pow(miss, self.gamma - 1) * toward * entropy
        return self._weight(targets) * (focus * (p - targets) - steep)

    def _weight(self, targets: Tensor) -> Tensor:
        return self.alpha * targets + (1 - self.alpha) * (1 - targets)

    @staticmethod
    def _miss(p: Tensor, targets: Tensor) -> Tensor:
        # Above 0, where the power gamma - 1 of a perfectly met target would be infinite.
        return (targets + p - 2 * targets * p).clamp_min(SMALLEST)
