"""Simultaneous intervals for the means of all configurations.

In: scores and a metric. Out: one interval a configuration, all of them right together with 95 %.
Promised: each configuration's own spread is used, since configurations differ in it, and the
intervals are t intervals by Bonferroni, right whatever the runs share. Repeats of a configuration
with one replicate are averaged first: they say nothing of what another replicate would give.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from uphold.error_rates import LEVEL
from uphold.statistics.estimate import ROUNDING
from uphold.statistics.scores import Scores, codes, distinct, renumbered

ANYWHERE = (-np.inf, np.inf)


@dataclass(frozen=True)
class Means:
    """Means of configurations with simultaneous intervals.

    Attributes
    ----------
    n, runs : ndarray of int, shape (cells,)
        Distinct replicates, and the runs behind them.
    mean, low, high, sem : ndarray, shape (cells,)
        With one replicate, or none that differs from another, an interval is NaN.
    """

    n: np.ndarray
    runs: np.ndarray
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray
    sem: np.ndarray


@dataclass(frozen=True)
class Cells:
    """The runs of all configurations.

    Attributes
    ----------
    row : ndarray of int, shape (n,)
        Positions in the scores.
    value : ndarray, shape (n,)
    seed, pair : ndarray of int, shape (n,)
        The replicate, and the combination of configuration and replicate.
    cell : ndarray of int, shape (pairs,)
        The configuration of each combination.
    """

    row: np.ndarray
    value: np.ndarray
    seed: np.ndarray
    pair: np.ndarray
    cell: np.ndarray

    def seeds(self, keep: np.ndarray | None = None) -> int:
        """Return how many distinct replicates there are."""
        return distinct(self.seed if keep is None else self.seed[keep[self.row]])

    def means(
        self,
        keep: np.ndarray | None = None,
        level: float = LEVEL,
        extent: tuple[float, float] = ANYWHERE,
    ) -> Means:
        """Return the means with intervals that all hold at once with the given confidence.

        Parameters
        ----------
        keep : ndarray of bool, shape (runs,), optional
            Which rows of the scores to keep.
        level : float
        extent : tuple of float
            The lowest and the highest value that the metric can have: intervals end there.
        """
        kept = slice(None) if keep is None else keep[self.row]
        # One value a configuration and replicate.
        repeats = np.bincount(self.pair[kept], minlength=self.cell.size)
        there = repeats > 0
        total = np.bincount(self.pair[kept], self.value[kept], minlength=self.cell.size)[there]
        repeats = repeats[there]
        y = total / repeats
        of = renumbered(self.cell[there])
        cells = int(of.max(initial=-1)) + 1
        n = np.bincount(of, minlength=cells)
        mean = np.bincount(of, y, minlength=cells) / n
        away = y - mean[of]
        # What lies within rounding of the mean is no spread.
        away = np.where(np.abs(away) <= ROUNDING * np.maximum(np.abs(y), 1.0), 0.0, away)
        squares = np.bincount(of, away**2, minlength=cells)
        df = np.where((n > 1) & (squares > 0), n - 1.0, np.nan)
        sem = np.sqrt(squares / df / n)
        reach = stdtrit(df, 1 - (1 - level) / (2 * max(cells, 1))) * sem
        low, high = np.maximum(mean - reach, extent[0]), np.minimum(mean + reach, extent[1])
        runs = np.bincount(of, repeats, minlength=cells).astype(int)
        return Means(n, runs, mean, low, high, sem)


def prepare_cells(scores: Scores, metric: str, chosen: np.ndarray | None = None) -> Cells:
    """Gather the runs of every configuration, or of the chosen rows, shape (runs,) of bool."""
    used = ~np.isnan(scores.values(metric))
    row = np.flatnonzero(used if chosen is None else used & chosen)
    table = scores.table.iloc[row]
    cell, seed = (codes(table, names) for names in (list(scores.factors), [scores.replicate]))
    pair = codes(table, [*scores.factors, scores.replicate])
    first = np.unique(pair, return_index=True)[1]
    return Cells(row, scores.values(metric)[row], seed, pair, cell[first])
