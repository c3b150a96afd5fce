"""The mean of every configuration, each with the noise of its own runs.

In: scores and a metric. Out: one mean a configuration, with its standard error and degrees of
freedom. Promised: the unit is the replicate, so that repeats of a configuration with one replicate,
and inner replicates, are averaged first: they say nothing of what another unit would give. So are
configurations that are one by several names: their runs are one run, and say once what they say.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

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
    names : ndarray of int, shape (cells,)
        How many configurations of the log each of them is.
    mean, sem, df : ndarray, shape (cells,)
        The variance is moderated over the configurations; with one replicate, or none that differs
        from another, standard error and degrees of freedom are NaN.
    """

    n: np.ndarray
    runs: np.ndarray
    names: np.ndarray
    mean: np.ndarray
    sem: np.ndarray
    df: np.ndarray


@dataclass(frozen=True)
class Cells:
    """The runs of all configurations.

    Attributes
    ----------
    row : ndarray of int, shape (n,)
        Positions in the scores, of runs that are one by several names the first.
    value : ndarray, shape (n,)
    seed, pair : ndarray of int, shape (n,)
        The replicate, and the combination of configuration and replicate.
    cell : ndarray of int, shape (pairs,)
        The configuration of each combination.
    names : ndarray of int, shape (configurations,)
        How many configurations of the log each of them is.
    """

    row: np.ndarray
    value: np.ndarray
    seed: np.ndarray
    pair: np.ndarray
    cell: np.ndarray
    names: np.ndarray

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
        names = self.names[np.unique(self.cell[there])]
        return Means(n, runs, names, mean, np.sqrt(found.s2 / n), found.df)


def prepare_cells(
    scores: Scores,
    metric: str,
    chosen: np.ndarray | None = None,
    one: np.ndarray | None = None,
) -> Cells:
    """Gather the runs of every configuration.

    Parameters
    ----------
    scores : Scores
    metric : str
    chosen : ndarray of bool, shape (runs,), optional
        Only these runs.
    one : ndarray of int, shape (runs,), optional
        Equal where two configurations are one by several names.
    """
    used = ~np.isnan(scores.values(metric))
    row = np.flatnonzero(used if chosen is None else used & chosen)
    own = codes(scores.table.iloc[row], list(scores.factors))
    cell = own if one is None else one[row]
    cells, cell = np.unique(cell, return_inverse=True)
    names = np.array([distinct(own[cell == c]) for c in range(cells.size)], dtype=int)
    if (names > 1).any():
        first = _first_names(scores, metric, row, own, cell)
        row, cell = row[first], cell[first]
    table = scores.table.iloc[row]
    seed = codes(table, [scores.replicate])
    pair = codes(pd.DataFrame({"cell": cell, "seed": seed}), ["cell", "seed"])
    first = np.unique(pair, return_index=True)[1]
    return Cells(row, scores.values(metric)[row], seed, pair, cell[first], names)


def _first_names(
    scores: Scores, metric: str, row: np.ndarray, own: np.ndarray, cell: np.ndarray
) -> np.ndarray:
    """Return which rows are no other name's of the same run, shape (rows,) of bool."""
    replicates = codes(scores.table.iloc[row], list(scores.replicates))
    run = pd.DataFrame(
        {"cell": cell, "replicates": replicates, "score": scores.values(metric)[row]}
    )
    same = codes(run, list(run))
    first = np.unique(same, return_index=True)[1]
    return np.asarray(own == own[first][same])
