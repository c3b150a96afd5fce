"""What the runs of a configuration, or of a factor's level, look like.

In: scores and a metric. Out: one row a configuration (or a level). Promised: n counts every run
with a score, ``seeds`` the distinct replicates among them, ``failed`` the runs without a score,
so that a configuration with a repeated seed says n = 6 from 3 seeds. A factor may have any name,
that of a statistic too.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from uphold.error_rates import LEVEL
from uphold.statistics.estimate import Estimate, mean_and_error
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
    n = np.bincount(c, minlength=size)
    with np.errstate(divide="ignore", invalid="ignore"):
        average = np.bincount(c, x, minlength=size) / n
        sd = np.sqrt(np.bincount(c, (x - average[c]) ** 2, minlength=size) / (n - 1))
        sd = np.where(n > 1, sd, np.nan)
        sem = sd / np.sqrt(n)
        half = stdtrit(np.where(n > 1, n - 1.0, np.nan), (1 + LEVEL) / 2) * sem
    found = {
        "n": n,
        "seeds": _distinct(c, codes(scores.table[valid], [scores.replicate]), size),
        "failed": np.bincount(cell, minlength=size) - n,
        "mean": average,
        "sd": sd,
        "sem": sem,
        "ci_low": average - half,
        "ci_high": average + half,
    }
    index = levels.set_index(list(by)).index if by else None
    return pd.DataFrame(found, index=index)


def _distinct(cell: np.ndarray, seed: np.ndarray, size: int) -> np.ndarray:
    pairs = np.unique(np.column_stack([cell, seed]), axis=0)
    return np.bincount(pairs[:, 0], minlength=size)


def marginal_means(
    scores: Scores, metric: str, factor: str, where: Mapping[str, Any] | None = None
) -> dict[Any, Estimate]:
    """Return the mean of each level of a factor, every cell of the other factors counted equally.

    Cells are averaged within each replicate first, and the interval is a t over the replicates
    which every cell of the level has, df = replicates - 1: what the seeds share cannot pass for
    precision. Where fewer than two replicates are common, the cells' own errors are combined
    (Satterthwaite), which takes the cells as independent.

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
        found[level] = _mean_of_cells(runs, metric, tuple(others))
    return found


def _mean_of_cells(scores: Scores, metric: str, factors: tuple[str, ...]) -> Estimate:
    values = scores.values(metric)
    scores, values = scores.only(~np.isnan(values)), values[~np.isnan(values)]
    cell, seed = scores.cells(factors), codes(scores.table, [scores.replicate])
    frame = pd.DataFrame({"cell": cell, "seed": seed, "value": values})
    grid = frame.pivot_table(index="seed", columns="cell", values="value", aggfunc="mean")
    complete = grid.dropna()
    if len(complete) >= 2:
        value, variance = mean_and_error(complete.mean(axis=1).to_numpy())
        return Estimate.from_t(
            value,
            np.sqrt(variance),
            len(complete) - 1,
            n=len(complete),
            runs=int(np.isin(seed, complete.index).sum()),
            seeds=len(complete),
            method="t over replicates",
        )
    parts = np.array([mean_and_error(grid[c].dropna().to_numpy()) for c in grid]).reshape(-1, 2)
    variances = parts[:, 1] / len(parts) ** 2 if len(parts) else np.array([np.nan])
    sizes = grid.count().to_numpy()
    variance = variances.sum()
    df = variance**2 / (variances**2 / (sizes - 1)).sum() if variance > 0 else np.nan
    return Estimate.from_t(
        parts[:, 0].mean() if len(parts) else np.nan,
        np.sqrt(variance),
        df,
        n=int(sizes.sum()),
        runs=len(values),
        seeds=len(grid),
        method="t over cells" if np.isfinite(variance) else "none",
    )
