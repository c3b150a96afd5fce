"""The mean of every configuration, each with the noise of its own runs.

In: scores and a metric. Out: one mean a configuration, with its standard error and degrees of
freedom. Promised: the unit is the replicate, so that repeats of a configuration with one replicate,
and inner replicates, are averaged first: they say nothing of what another unit would give.
"""

from dataclasses import dataclass

import numpy as np

from uphold.statistics.estimate import ROUNDING
from uphold.statistics.moderation import moderated
from uphold.statistics.scores import Scores, codes, distinct, renumbered


@dataclass(frozen=True)
class Means:
    """Means of configurations.

    Attributes
    ----------
    n, runs : ndarray of int, shape (cells,)
        Distinct replicates, and the runs behind them.
    mean, sem, df : ndarray, shape (cells,)
        The variance is moderated over the configurations; with one replicate, or none that differs
        from another, standard error and degrees of freedom are NaN.
    """

    n: np.ndarray
    runs: np.ndarray
    mean: np.ndarray
    sem: np.ndarray
    df: np.ndarray


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

    @property
    def configurations(self) -> int:
        """How many configurations there are."""
        return distinct(self.cell)

    def seeds(self, keep: np.ndarray | None = None) -> int:
        """Return how many distinct replicates there are."""
        return distinct(self.seed if keep is None else self.seed[keep[self.row]])

    def means(self, keep: np.ndarray | None = None) -> Means:
        """Return the means of all runs, or of those that ``keep``, shape (runs,), selects."""
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
        found = moderated(squares / df, df)
        runs = np.bincount(of, repeats, minlength=cells).astype(int)
        return Means(n, runs, mean, np.sqrt(found.s2 / n), found.df)


def prepare_cells(scores: Scores, metric: str, chosen: np.ndarray | None = None) -> Cells:
    """Gather the runs of every configuration, or of the chosen rows, shape (runs,) of bool."""
    used = ~np.isnan(scores.values(metric))
    row = np.flatnonzero(used if chosen is None else used & chosen)
    table = scores.table.iloc[row]
    cell, seed = (codes(table, names) for names in (list(scores.factors), [scores.replicate]))
    pair = codes(table, [*scores.factors, scores.replicate])
    first = np.unique(pair, return_index=True)[1]
    return Cells(row, scores.values(metric)[row], seed, pair, cell[first])
