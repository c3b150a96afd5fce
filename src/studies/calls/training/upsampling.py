"""Balancing and upsampling of a training set.

Groups are index arrays into the rows of the training set. Upsampling never touches a row: it gives
rows to be added, each lying between two rows of its group. All modes follow one formula,
``weight * a + (1 - weight) * b``, and differ in how `a`, `b` and the weight are drawn:

==========  ==============  =====================  ===========
mode        a               b                      weight
==========  ==============  =====================  ===========
``repeat``  row of group    the same row           1
``mean``    row of group    row of group           1/2
``linear``  row of group    row of group           U(0, 1)
``smote``   row of group    one of a's neighbours  U(0, 1)
==========  ==============  =====================  ===========

The rule and the modes are those of BirdNET-Analyzer. SMOTE: Chawla et al. 2002, "SMOTE: Synthetic
minority over-sampling technique".
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

NEIGHBOURS = 5


def missing(sizes: Sequence[int], ratio: float) -> list[int]:
    """Return how many rows each group lacks to ``int(ratio * size of the largest group)``."""
    target = int(ratio * max(sizes, default=0))
    return [max(0, target - size) for size in sizes]


def cut(rng: np.random.Generator, group: np.ndarray, size: int) -> np.ndarray:
    """Return `size` rows of the group, drawn without replacement, in their old order."""
    if len(group) <= size:
        return group
    return np.sort(rng.permutation(group)[:size])


def fill(
    rng: np.random.Generator, x: Tensor, y: Tensor, group: np.ndarray, count: int, mode: str
) -> tuple[Tensor, Tensor]:
    """Make rows to be added to a group.

    Parameters
    ----------
    rng : numpy.random.Generator
        The run's generator for this group.
    x : Tensor of shape (rows, features)
    y : Tensor of shape (rows, targets)
    group : ndarray of int64
        The rows of the group, at least one.
    count : int
        How many rows to make.
    mode : {"repeat", "mean", "linear", "smote"}
        See the module.

    Returns
    -------
    tuple of Tensor, of shapes (count, features) and (count, targets)
        Targets are interpolated with the weight of the features.
    """
    own = rng.choice(group, size=count)
    if mode == "repeat":
        return x[own], y[own]
    if mode == "smote":
        other = _neighbours(rng, x, group, own)
    elif mode in ("mean", "linear"):
        other = rng.choice(group, size=count)
    else:
        raise ValueError(f"There is no upsampling mode {mode!r}.")
    drawn = np.full(count, 0.5) if mode == "mean" else rng.random(count)
    weight = torch.from_numpy(drawn.astype(np.float32))[:, None]
    return torch.lerp(x[other], x[own], weight), torch.lerp(y[other], y[own], weight)


def _neighbours(
    rng: np.random.Generator, x: Tensor, group: np.ndarray, own: np.ndarray
) -> np.ndarray:
    """Draw for each row of `own` one of its nearest neighbours within the group.

    The only row of a group is its own neighbour.
    """
    k = min(NEIGHBOURS, len(group) - 1)
    if k == 0:
        return own
    rows, back = np.unique(own, return_inverse=True)
    # In double precision, since near duplicates differ in the last digits of a single one.
    members = x[group].double()
    distance = torch.cdist(x[rows].double(), members)
    distance[torch.from_numpy(rows)[:, None] == torch.from_numpy(group)] = torch.inf
    nearest = group[distance.topk(k, largest=False).indices.numpy()]
    return nearest[back, rng.integers(k, size=len(own))]
