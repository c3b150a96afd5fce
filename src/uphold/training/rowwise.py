"""Functions whose bits do not depend on where in a tensor an element lies.

On a CPU torch computes what is left of a tensor beyond its last whole vector one by one, and
exponentials, logarithms and powers then have other last bits; which elements these are depends on
how many runs there are, and on their order. Softmax goes row by row.
"""

import torch
from torch import Tensor


def sigmoid(x: Tensor) -> Tensor:
    """Return the logistic function of every element: the softmax of it and 0."""
    return torch.stack([x, torch.zeros_like(x)], dim=-1).softmax(dim=-1)[..., 0]
