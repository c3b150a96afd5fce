"""Equivalence of several levels: every pair inside the margin, or not equivalent.

In: scores, a metric and what makes the levels. Out: the TOST p of every pair of levels. One pair is
`Estimate.equivalence_p`. Promised: there is one mean a level and unit, and pairs are compared
within the units that they share (paired t where these are two or more, else Welch), all at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import stdtr

from uphold.error_rates import ALPHA
from uphold.statistics.estimate import ROUNDING, beyond_p
from uphold.statistics.level_means import LevelMeans, prepare_levels
from uphold.statistics.scores import Scores, distinct

MOST_ENTRIES = 5_000_000
# A variance taken from sums of squares has lost half of its digits to cancellation: what is smaller
# than this, in units of the largest square, is no variance.
CANCELLATION = 1e-13


def range_of_means(m: LevelMeans) -> float:
    """Return the distance of the lowest level's mean to the highest."""
    means = np.bincount(m.level, m.value) / np.bincount(m.level)
    return float(np.ptp(means)) if means.size else np.nan


def agree(m: LevelMeans) -> bool:
    """Return whether all levels score the same in every unit, to the last digit."""
    first = m.value[np.unique(m.unit, return_index=True)[1]][m.unit]
    same = np.abs(m.value - first) <= ROUNDING * np.maximum(np.abs(first), 1.0)
    compared = np.bincount(m.unit)[m.unit] > 1
    met = distinct(m.level[compared])
    return bool(m.levels > 1 and met == m.levels and same[compared].all())


@dataclass(frozen=True)
class Pairs:
    """The differences of all pairs of levels, each of shape (levels, levels).

    Attributes
    ----------
    difference, variance, df : ndarray
        Of the row's level less the column's; the variance is NaN where a pair has too few units.
    """

    difference: np.ndarray
    variance: np.ndarray
    df: np.ndarray

    def inside_p(self, margin: float) -> np.ndarray:
        """Return the TOST p of each pair for a difference inside ± margin, NaN on the diagonal."""
        with np.errstate(divide="ignore", invalid="ignore"):
            p = stdtr(self.df, (np.abs(self.difference) - margin) / np.sqrt(self.variance))
        # Two levels that agree in every unit, among scores that vary, are one level as far as the
        # runs tell, and hold no other pair back.
        return np.where(self.variance == 0, 0.0, p)

    def beyond_p(self, margin: float) -> np.ndarray:
        """Return the p of each pair for a difference beyond ± margin, NaN on the diagonal."""
        with np.errstate(divide="ignore", invalid="ignore"):
            p = beyond_p(self.difference, np.sqrt(self.variance), self.df, margin)
        return np.asarray(p)


def pairs(m: LevelMeans) -> Pairs | None:
    """Compare every two levels over the units that they share, or as independent samples.

    None where there are more than 5 million combinations of level and unit, or pairs of levels.
    """
    shape = m.units, m.levels
    if shape[0] * shape[1] > MOST_ENTRIES or shape[1] ** 2 > MOST_ENTRIES:
        return None
    y = m.value - m.value.mean() if m.value.size else m.value
    x, here = np.zeros(shape), np.zeros(shape)
    x[m.unit, m.level], here[m.unit, m.level] = y, 1.0
    with np.errstate(divide="ignore", invalid="ignore"):
        difference, variance, df = _paired(x, here)
        welch = _welch(x, here)
        alone = df < 1
        difference, variance, df = (
            np.where(alone, b, a) for a, b in zip((difference, variance, df), welch, strict=True)
        )
    # Equal differences other than 0 leave no noise to judge by.
    tiny = variance <= CANCELLATION * np.square(y).max(initial=0)
    varies = np.where(here, x, -np.inf).max(axis=0) > np.where(here, x, np.inf).min(axis=0)
    same = (np.abs(difference) <= ROUNDING) & varies
    variance = np.where(tiny, np.where(same, 0.0, np.nan), variance)
    np.fill_diagonal(variance, np.nan)
    return Pairs(difference, variance, df)


def equivalence_p(m: LevelMeans, margin: float) -> float:
    """Return the p that every two levels lie inside ± margin: the largest of the pairs'.

    Source: Berger (1982), Technometrics 24, 295-300. NaN where a pair cannot be tested; 1 where
    levels lie too far apart for it, without comparing pairs.
    """
    # Differences within units may part from the difference of plain means, but not by a margin.
    if not range_of_means(m) < 2 * margin:
        return 1.0
    found = pairs(m) if m.levels > 1 else None
    if found is None:
        return np.nan
    return float(found.inside_p(margin)[np.triu_indices(m.levels, 1)].max())


def some_beyond_p(m: LevelMeans, margin: float) -> float:
    """Return the p that some two levels lie beyond ± margin, by Bonferroni over all pairs."""
    found = pairs(m) if m.levels > 1 else None
    if found is None:
        return np.nan
    p = found.beyond_p(margin)[np.triu_indices(m.levels, 1)]
    return float(min(1.0, np.nanmin(p) * p.size)) if (~np.isnan(p)).any() else np.nan


def _paired(x: np.ndarray, here: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return mean difference, variance of the mean, df for every pair of columns."""
    n = here.T @ here
    total = x.T @ here
    squares = (x**2).T @ here
    difference = (total - total.T) / n
    sum_of_squares = squares + squares.T - 2 * (x.T @ x)
    variance = np.maximum(sum_of_squares - n * difference**2, 0) / (n - 1) / n
    return difference, variance, n - 1


def _welch(x: np.ndarray, here: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The same for columns taken as independent samples."""
    n = here.sum(axis=0)
    mean = x.sum(axis=0) / n
    variance = (here * (x - mean) ** 2).sum(axis=0) / (n - 1) / n
    both = variance[:, None] + variance[None, :]
    parts = variance**2 / (n - 1)
    return mean[:, None] - mean[None, :], both, both**2 / (parts[:, None] + parts[None, :])


def equivalent(
    scores: Scores,
    metric: str,
    over: str | tuple[str, ...],
    margin: float,
    where: Mapping[str, Any] | None = None,
) -> bool:
    """Return whether every pair of levels is equivalent within ± margin, by TOST at .05.

    Parameters
    ----------
    scores : Scores
    metric : str
    over : str or tuple of str
        ``"configuration"``, one factor, or several whose combinations are the levels.
    margin : float
        In the metric's unit.
    where : mapping, optional
        Narrows the runs.
    """
    return equivalence_p(prepare_levels(scores, metric, over, where).means(), margin) < ALPHA
