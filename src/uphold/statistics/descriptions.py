"""What the runs of a configuration, or of a factor's level, look like.

In: scores and a metric. Out: one row a configuration (or a level). Promised: n counts every run
with a score, ``seeds`` the distinct units among them, ``failed`` the runs without a score, so that
a configuration with a repeated seed says n = 6 from 3 seeds; mean and SD are of the runs, standard
error and interval of the units' means. A factor may have any name, that of a statistic too.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from uphold.error_rates import LEVEL
from uphold.statistics.estimate import Estimate
from uphold.statistics.matching import match
from uphold.statistics.scores import Scores, codes


def describe(
    scores: Scores,
    metric: str,
    by: tuple[str, ...] | None = None,
    where: Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """Describe a metric by configuration.

    Parameters
    ----------
    scores : Scores
    metric : str
    by : tuple of str, optional
        Factors whose combinations make the rows; all of them unless given.
    where : mapping, optional
        Narrows the runs.

    Returns
    -------
    pandas.DataFrame
        In order of first appearance, the levels of ``by`` as the index: ``n``, ``seeds``,
        ``failed``, ``mean``, ``sd``, ``sem``, ``ci_low``, ``ci_high`` (t, unadjusted 95 %). What n
        is too small for is NaN.
    """
    scores = scores.where(where)
    by = scores.factors if by is None else tuple(by)
    for name in by:
        scores.column(name)
    values, cell = scores.values(metric), scores.cells(by)
    size = int(cell.max()) + 1 if cell.size else 0
    first = np.unique(cell, return_index=True)[1]
    levels = scores.table[list(by)].iloc[first]
    valid = ~np.isnan(values)
    x, c = values[valid], cell[valid]
    n, average, sd = _mean_and_sd(x, c, size)
    # What lies within a unit is one value of it: repeats, inner replicates, other factors' levels.
    unit = codes(scores.table[valid], [scores.replicate])
    first, back = np.unique(
        c * (unit.max(initial=-1) + 1) + unit, return_index=True, return_inverse=True
    )[1:]
    of_unit = np.bincount(back, x) / np.bincount(back) if back.size else x
    units, _, between = _mean_and_sd(of_unit, c[first], size)
    with np.errstate(divide="ignore", invalid="ignore"):
        sem = between / np.sqrt(units)
        half = stdtrit(np.where(units > 1, units - 1.0, np.nan), (1 + LEVEL) / 2) * sem
    found = {
        "n": n,
        "seeds": units,
        "failed": np.bincount(cell, minlength=size) - n,
        "mean": average,
        "sd": sd,
        "sem": sem,
        "ci_low": average - half,
        "ci_high": average + half,
    }
    index = levels.set_index(list(by)).index if by else None
    return pd.DataFrame(found, index=index)


def _mean_and_sd(
    x: np.ndarray, cell: np.ndarray, size: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return how many values each cell has, their mean and their SD; NaN for too few."""
    n = np.bincount(cell, minlength=size)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.bincount(cell, x, minlength=size) / n
        sd = np.sqrt(np.bincount(cell, (x - mean[cell]) ** 2, minlength=size) / (n - 1))
    return n, mean, np.where(n > 1, sd, np.nan)


def marginal_means(
    scores: Scores, metric: str, factor: str, where: Mapping[str, Any] | None = None
) -> dict[Any, Estimate]:
    """Return the mean of each level of a factor, every cell of the other factors counted equally.

    The interval is clustered by unit, as that of an effect: what the seeds share cannot pass for
    precision.

    Returns
    -------
    dict of level to Estimate
        A run in which the factor has no effect counts for no level.
    """
    scores = scores.where(where)
    others = [name for name in scores.factors if name != factor]
    found = {}
    for level in scores.levels(factor):
        runs = scores.where({factor: level})
        runs = runs.only(runs.column(factor).notna().to_numpy())
        every = np.ones(len(runs.table), dtype=bool)
        found[level] = match(runs, metric, [every], others).estimate((1.0,))
    return found
