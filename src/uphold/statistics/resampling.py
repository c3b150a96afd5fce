"""A stratified percentile bootstrap, many groups at once and no loop over resamples.

In: scores of one shape for every group, runs along the last axis, strata along the one before.
Out: an interval a group. Promised: runs are resampled within their stratum (cell, metric or
task) with equal stratum sizes; equal arguments give equal intervals on every machine.
"""

from collections.abc import Callable

import numpy as np

from uphold.randomness import generator

CHUNK = 300_000
Statistic = Callable[[np.ndarray], np.ndarray]


def bootstrap(
    values: np.ndarray,
    statistic: Statistic,
    draws: int = 10_000,
    level: float = 0.95,
    seed: int = 0,
) -> np.ndarray:
    """Return percentile intervals of a statistic under resampling of the runs.

    The interval reflects which runs were drawn (seeds), nothing else. With few runs it is too
    narrow: at n = 3 a resample has 10 distinct outcomes and the coverage of "95 %" is about 75 %.
    Source: Efron & Tibshirani (1993), An Introduction to the Bootstrap, ch. 13.

    Parameters
    ----------
    values : ndarray, shape (groups, strata, runs)
    statistic : callable
        Reduces the last axis, (..., strata * runs) to (...): `mean`, `median`, `iqm`.
    draws : int
    level : float
    seed : int

    Returns
    -------
    ndarray, shape (groups, 2)
        Lower and upper end.
    """
    groups, strata, runs = values.shape
    rng = generator(seed, "bootstrap")
    ends = ((1 - level) / 2, (1 + level) / 2)
    intervals = np.empty((groups, 2))
    flat = np.ascontiguousarray(values.reshape(groups, -1))
    base = (np.arange(strata, dtype=np.int32) * runs)[:, None]
    step = max(1, CHUNK // (strata * runs))
    for g in range(groups):
        found = []
        for start in range(0, draws, step):
            size = (min(step, draws - start), strata, runs)
            picked = rng.integers(runs, size=size, dtype=np.int32) + base
            found.append(statistic(flat[g].take(picked.reshape(size[0], -1))))
        intervals[g] = np.quantile(np.concatenate(found), ends)
    return intervals


def mean(values: np.ndarray) -> np.ndarray:
    """Return the mean over the last axis."""
    return values.mean(axis=-1)


def median(values: np.ndarray) -> np.ndarray:
    """Return the median over the last axis."""
    n = values.shape[-1]
    return _inner_mean(values, (n - 1) // 2)


def iqm(values: np.ndarray) -> np.ndarray:
    """Return the interquartile mean: the mean without the lowest and the highest quarter.

    ``floor(n / 4)`` values are cut at each end, so that with fewer than four it is the mean.
    Source: Agarwal et al. (2021), Deep RL at the Edge of the Statistical Precipice.
    """
    return _inner_mean(values, values.shape[-1] // 4)


def _inner_mean(values: np.ndarray, cut: int) -> np.ndarray:
    """Return the mean without the ``cut`` lowest and highest.

    Sorted whole: numpy sorts short rows with vector instructions, ten times as fast as it
    partitions them.
    """
    if cut == 0:
        return values.mean(axis=-1)
    return np.sort(values, axis=-1)[..., cut : values.shape[-1] - cut].mean(axis=-1)
