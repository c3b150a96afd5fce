"""Equivalence of several levels: every pair inside the margin, or not equivalent.

In: scores, a metric and what makes the levels. Out: the TOST p of every pair of levels. One pair is
`Estimate.equivalence_p`. Promised: pairs are matched as in a contrast (paired t where two or more
matches exist, Welch otherwise), all pairs at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import stdtr

from uphold.error_rates import ALPHA
from uphold.statistics.estimate import ROUNDING
from uphold.statistics.oneway import CONFIGURATION
from uphold.statistics.scores import Scores, codes, distinct, renumbered

MOST_ENTRIES = 5_000_000
# A variance taken from sums of squares has lost half of its digits to cancellation: what is smaller
# than this, in units of the largest square, is no variance.
CANCELLATION = 1e-13


@dataclass(frozen=True)
class Levels:
    """The runs of several levels, with what they are matched on.

    Attributes
    ----------
    row : ndarray of int, shape (n,)
        Positions in the scores.
    value : ndarray, shape (n,)
    level, key : ndarray of int, shape (n,)
        The level, and the cell of the other factors and the replicate.
    """

    row: np.ndarray
    value: np.ndarray
    level: np.ndarray
    key: np.ndarray

    def range_of_means(self, keep: np.ndarray | None = None) -> float:
        """Return the distance of the lowest level's mean to the highest."""
        kept = slice(None) if keep is None else keep[self.row]
        level = self.level[kept]
        count = np.bincount(level)
        total = np.bincount(level, self.value[kept])
        means = total[count > 0] / count[count > 0]
        return float(np.ptp(means)) if means.size else np.nan

    def agree(self, keep: np.ndarray | None = None) -> bool:
        """Return whether all levels score the same wherever they match, to the last digit."""
        kept = slice(None) if keep is None else keep[self.row]
        key, level = renumbered(self.key[kept]), renumbered(self.level[kept])
        levels = int(level.max(initial=-1)) + 1
        place, back = np.unique(key * max(levels, 1) + level, return_inverse=True)
        mean = np.bincount(back, self.value[kept]) / np.bincount(back)
        of = place // max(levels, 1)
        first = mean[np.searchsorted(of, of)]
        same = np.abs(mean - first) <= ROUNDING * np.maximum(np.abs(first), 1.0)
        compared = np.bincount(of)[of] > 1
        met = distinct(place[compared] % max(levels, 1))
        return bool(levels > 1 and met == levels and same[compared].all())

    def equivalence_p(self, margin: float, keep: np.ndarray | None = None) -> np.ndarray:
        """Return the TOST p of every pair of levels, shape (levels, levels).

        NaN where a pair has too few runs, and on the diagonal.

        Raises
        ------
        MemoryError
            More than 5 million combinations of level and match, or pairs of levels.
        """
        kept = slice(None) if keep is None else keep[self.row]
        level = renumbered(self.level[kept])
        key = renumbered(self.key[kept])
        y = self.value[kept]
        y = y - y.mean() if y.size else y
        shape = key.max(initial=-1) + 1, level.max(initial=-1) + 1
        if shape[0] * shape[1] > MOST_ENTRIES or shape[1] ** 2 > MOST_ENTRIES:
            raise MemoryError(f"{shape[1]} levels over {shape[0]} matches are too many to compare.")
        place = key * shape[1] + level
        count = np.bincount(place, minlength=shape[0] * shape[1]).reshape(shape)
        x = np.bincount(place, y, minlength=shape[0] * shape[1]).reshape(shape)
        x = np.divide(x, count, out=np.zeros(shape), where=count > 0)
        here = (count > 0).astype(float)
        with np.errstate(divide="ignore", invalid="ignore"):
            difference, variance, df = _paired(x, here)
            welch = _welch(x, here)
            alone = df < 1
            difference, variance, df = (
                np.where(alone, b, a)
                for a, b in zip((difference, variance, df), welch, strict=True)
            )
            # Two levels that agree run by run, among scores that vary, are one level as far as
            # the runs tell, and hold no other pair back; equal differences other than 0 leave no
            # noise to judge by. Where all levels agree, nothing is tested: see `agree`.
            tiny = variance <= CANCELLATION * np.square(y).max(initial=0)
            p = stdtr(df, (np.abs(difference) - margin) / np.sqrt(variance))
        varies = np.where(here, x, -np.inf).max(axis=0) > np.where(here, x, np.inf).min(axis=0)
        agree = (np.abs(difference) <= ROUNDING) & varies
        p = np.where(tiny, np.where(agree, 0.0, np.nan), p)
        np.fill_diagonal(p, np.nan)
        return p

    def all_inside(
        self, margin: float, keep: np.ndarray | None = None, alpha: float = ALPHA
    ) -> bool:
        """Return whether every pair of levels is equivalent within ± margin.

        Levels too far apart, or too many to compare, are not found equivalent.
        """
        # Matched differences may part from the difference of plain means, but not by a margin.
        if not self.range_of_means(keep) < 2 * margin:
            return False
        try:
            p = self.equivalence_p(margin, keep)
        except MemoryError:
            return False
        pairs = p[np.triu_indices(len(p), 1)]
        return bool(pairs.size and (pairs < alpha).all())


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


def prepare_levels(
    scores: Scores,
    metric: str,
    over: str | tuple[str, ...],
    where: Mapping[str, Any] | None = None,
) -> Levels:
    """Gather the runs of the levels of ``over``: ``"configuration"``, a factor or several."""
    factors = (
        scores.factors if over == CONFIGURATION else (over,) if isinstance(over, str) else over
    )
    used = scores.selects(where) & ~np.isnan(scores.values(metric))
    if over != CONFIGURATION and len(factors) == 1:
        used &= scores.column(factors[0]).notna().to_numpy()
    row = np.flatnonzero(used)
    table = scores.table.iloc[row]
    # A factor without effect in some of the runs (no mode at ratio 0) is no ground to match on: the
    # other levels are averaged over it.
    others = [f for f in scores.factors if f not in factors and table[f].notna().all()]
    return Levels(
        row=row,
        value=scores.values(metric)[row],
        level=codes(table, list(factors)),
        key=codes(table, [*others, scores.replicate]),
    )


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
    return prepare_levels(scores, metric, over, where).all_inside(margin)
