"""Mixup: rows and targets averaged with those of a partner.

Either every row of an epoch has a weight of its own (`draw`), or a batch has one weight and a
probability of being mixed at all (`draw_batch`).
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


def draw_batch(
    rng: np.random.Generator, allowed: Tensor, alpha: float, probability: float
) -> tuple[Tensor, Tensor]:
    """Draw whether a batch is mixed, with whom, and with which single weight.

    Parameters
    ----------
    rng : numpy.random.Generator
    allowed : Tensor of shape (rows,), bool
        Which rows may be mixed, with each other alone; the others stay as they are.
    alpha : float
        The weight is drawn from Beta(`alpha`, `alpha`).
    probability : float
        With which the batch is mixed at all.

    Returns
    -------
    partner : Tensor of shape (rows,), int64
    weight : Tensor of shape (rows,), float32
        The batch's weight in the rows that are mixed, 1 in the others.
    """
    mixed, drawn = rng.random() < probability, rng.beta(alpha, alpha)
    rows = np.flatnonzero(allowed.numpy())
    partner, weight = np.arange(len(allowed)), np.ones(len(allowed), np.float32)
    if mixed:
        partner[rows], weight[rows] = rng.permutation(rows), drawn
    return torch.from_numpy(partner), torch.from_numpy(weight)


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
