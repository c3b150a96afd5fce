"""Simultaneous intervals for the means of all configurations.

In: scores and a metric. Out: one interval a configuration, all of them right together with 95 %.
Promised: each configuration's own spread is used, since configurations differ in it, and the
intervals are t intervals by Bonferroni, right whatever the runs share.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from studies.statistics.scores import Scores, codes, renumbered


@dataclass(frozen=True)
class Means:
    """Means of configurations with simultaneous intervals.

    Attributes
    ----------
    n : ndarray of int, shape (cells,)
    mean, low, high, sem : ndarray, shape (cells,)
        Without a second run an interval is NaN.
    """

    n: np.ndarray
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
    cell : ndarray of int, shape (n,)
    """

    row: np.ndarray
    value: np.ndarray
    cell: np.ndarray

    def means(self, keep: np.ndarray | None = None, level: float = 0.95) -> Means:
        """Return the means with intervals that all hold at once with the given confidence."""
        kept = slice(None) if keep is None else keep[self.row]
        cell = renumbered(self.cell[kept])
        cells = int(cell.max(initial=-1)) + 1
        y = self.value[kept]
        n = np.bincount(cell, minlength=cells)
        mean = np.bincount(cell, y, minlength=cells) / np.maximum(n, 1)
        squares = np.bincount(cell, (y - mean[cell]) ** 2, minlength=cells)
        df = np.where(n > 1, n - 1.0, np.nan)
        sem = np.sqrt(squares / df / n)
        reach = stdtrit(df, 1 - (1 - level) / (2 * max(cells, 1))) * sem
        return Means(n, mean, mean - reach, mean + reach, sem)


def prepare_cells(scores: Scores, metric: str, chosen: np.ndarray | None = None) -> Cells:
    """Gather the runs of every configuration, or of the chosen rows, shape (runs,) of bool.

    A run logged twice (same configuration, replicate and score) counts once.
    """
    used = ~np.isnan(scores.values(metric))
    row = np.flatnonzero(used if chosen is None else used & chosen)
    table = scores.table.iloc[row]
    identity = [*scores.factors, scores.replicate, metric]
    row = row[~table.duplicated(identity).to_numpy()]
    table = scores.table.iloc[row]
    return Cells(row, scores.values(metric)[row], codes(table, list(scores.factors)))
