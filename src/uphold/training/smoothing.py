"""Label smoothing."""

from typing import TypeVar

import numpy as np
import torch

Array = TypeVar("Array", np.ndarray, torch.Tensor)


def smooth(targets: Array, epsilon: float, classes: int = 2) -> Array:
    """Move targets towards the uniform distribution: ``y (1 - epsilon) + epsilon / classes``.

    For sigmoid outputs each target is a distribution over two classes, yes and no, so that 1
    becomes ``1 - epsilon / 2`` and 0 becomes ``epsilon / 2``. Targets that sum to one over
    `classes` columns still do so, and a mean of ``1 / classes`` is kept. (BirdNET-Analyzer lowers
    positive targets by the whole epsilon and spreads ``epsilon / rows`` over the others, which
    does neither.)

    Reference: Szegedy et al. 2016, "Rethinking the Inception architecture", section 7.
    """
    return targets * (1 - epsilon) + epsilon / classes
