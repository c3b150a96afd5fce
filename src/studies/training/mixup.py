"""Mixup: rows and targets averaged with those of a partner.

The draws of a whole epoch are made at once, a partner and a weight for every row.
Reference: Zhang et al. 2018, "mixup: Beyond empirical risk minimization".
"""

import numpy as np
import torch
from torch import Tensor


def draw(rng: np.random.Generator, rows: int, alpha: float) -> tuple[Tensor, Tensor]:
    """Draw a partner and a weight for every row.

    Returns
    -------
    partner : Tensor of shape (rows,), int64
        A permutation, so that every row is a partner once. A row may be its own.
    weight : Tensor of shape (rows,), float32
        What each row keeps of itself, from Beta(`alpha`, `alpha`).
    """
    weight = rng.beta(alpha, alpha, size=rows).astype(np.float32)
    return torch.from_numpy(rng.permutation(rows)), torch.from_numpy(weight)


def mix(own: Tensor, partner: Tensor, weight: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Return ``weight * own + (1 - weight) * partner``, a weight for each row.

    Parameters
    ----------
    own, partner : Tensor of shape (rows, ...)
        Features or targets, and those of the partners.
    weight : Tensor of shape (rows,)
        See `draw`.
    out : Tensor, optional
        Where to write the result; may be `own`.
    """
    weight = weight.view(-1, *[1] * (own.dim() - 1))
    return torch.lerp(partner, own, weight, out=out)
