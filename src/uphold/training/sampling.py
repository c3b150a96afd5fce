"""The order in which batches meet the rows of a training set."""

import numpy as np


def evenly(rng: np.random.Generator, groups: np.ndarray, count: int) -> np.ndarray:
    """Draw rows so that every group is met equally often, up to one.

    Within a group no row comes again before all of its rows have come.

    Parameters
    ----------
    rng : numpy.random.Generator
    groups : ndarray of shape (rows,)
        The group of each row: its class, its SNR.
    count : int
        How many rows to draw.

    Returns
    -------
    ndarray of int64, shape (count,)
        In random order.
    """
    names = rng.permutation(np.unique(groups))
    shares = np.full(len(names), count // len(names))
    shares[: count % len(names)] += 1
    drawn = []
    for name, share in zip(names, shares, strict=True):
        rows = np.flatnonzero(groups == name)
        rounds = [rng.permutation(rows) for _ in range(-(-share // len(rows)))]
        drawn.append(np.concatenate(rounds)[:share] if rounds else rows[:0])
    return rng.permutation(np.concatenate(drawn))


def batches(order: np.ndarray, size: int) -> list[np.ndarray]:
    """Cut an epoch's order into batches of nearly equal length, none longer than `size`.

    No batch is left with a single row, of which a batch normalisation could make nothing.
    """
    return np.array_split(order, -(-len(order) // size))


def slices(rows: int, size: int) -> list[slice]:
    """Return where the batches of so many rows lie in their order, as `batches` cuts them."""
    return [slice(batch[0], batch[-1] + 1) for batch in batches(np.arange(rows), size)]
