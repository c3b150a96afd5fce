"""Runs of several arms, matched on everything else: the ground of contrasts and interactions.

In: scores, a metric, and arms (each a choice of rows). Out: a table with one row a match and one
column an arm, and what was left over. Promised:

- A match holds the arms' runs that agree in the keys: every factor that the arms do not pin, and
  the replicate. Repeats of one cell and replicate are averaged first, so that they do not pass for
  independent runs.
- A run in which a key has no effect (a missing value) first looks for partners that are missing it
  too. What remains is matched without that key, the other arm averaged over it: ratio 0, which has
  no mode, is compared once a seed with the mean of both modes at ratio 0.5.
- Leaving runs out keeps the matches as they are, less those that lose an arm.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from uphold.statistics.estimate import Estimate, mean_and_error
from uphold.statistics.scores import Scores, codes, distinct


@dataclass(frozen=True)
class Matching:
    """Arms matched run by run.

    Attributes
    ----------
    row : ndarray of int, shape (uses,)
        Position in the scores of each use of a run. A run may serve two arms.
    value : ndarray, shape (uses,)
        Its score.
    seed : ndarray of int, shape (uses,)
        Its replicate.
    cell : ndarray of int, shape (uses,)
        Which cell (arm, keys and replicate) it belongs to.
    arm : ndarray of int, shape (cells,)
        The arm of each cell.
    match : ndarray of int, shape (cells,)
        The match of each cell, -1 for a cell without partners.
    arms, matches : int
        How many there are.
    """

    row: np.ndarray
    value: np.ndarray
    seed: np.ndarray
    cell: np.ndarray
    arm: np.ndarray
    match: np.ndarray
    arms: int
    matches: int

    def cell_means(self, keep: np.ndarray | None = None) -> np.ndarray:
        """Return each cell's mean, shape (cells,); NaN where every run of it is left out."""
        weight = np.ones(self.value.size) if keep is None else keep[self.row].astype(float)
        total = np.bincount(self.cell, weight * self.value, minlength=self.arm.size)
        count = np.bincount(self.cell, weight, minlength=self.arm.size)
        mean: np.ndarray = np.full(total.shape, np.nan)
        np.divide(total, count, out=mean, where=count > 0)
        return mean

    def matched(self, keep: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Return the matched means and the uses behind them, matches that lost an arm left out.

        Parameters
        ----------
        keep : ndarray of bool, shape (runs,), optional
            Which rows of the scores to keep.

        Returns
        -------
        table : ndarray, shape (matches, arms)
        used : ndarray of bool, shape (uses,)
        """
        means = self.cell_means(keep)
        known = (self.match >= 0) & ~np.isnan(means)
        place = self.match[known] * self.arms + self.arm[known]
        size = self.matches * self.arms
        total = np.bincount(place, means[known], minlength=size)
        count = np.bincount(place, minlength=size)
        filled = np.divide(total, count, out=np.full(size, np.nan), where=count > 0)
        filled = filled.reshape(self.matches, self.arms)
        whole = ~np.isnan(filled).any(axis=1)
        used = np.append(whole, False)[self.match[self.cell]]
        return filled[whole], used if keep is None else used & keep[self.row]

    def samples(self, keep: np.ndarray | None = None) -> list[np.ndarray]:
        """Return the cell means of each arm, matched or not."""
        means = self.cell_means(keep)
        return [means[(self.arm == a) & ~np.isnan(means)] for a in range(self.arms)]

    def unmatched(self) -> np.ndarray:
        """Return the rows of the scores that found no partner, sorted."""
        return np.setdiff1d(self.row, self.row[self.matched()[1]])

    def estimate(
        self, weights: Sequence[float], keep: np.ndarray | None = None, less: float = 0.0
    ) -> Estimate:
        """Return the weighted sum of the arms' means, less a number.

        Two or more matches give a paired t over the matches' sums, df = matches - 1. Otherwise the
        arms are independent samples: Welch (1947), Biometrika 34, 28-35, for any weights, with the
        degrees of freedom of Satterthwaite (1946).
        """
        w = np.asarray(weights, dtype=float)
        table, used = self.matched(keep)
        if len(table) >= 2:
            value, variance = mean_and_error(table @ w - less)
            if np.ptp(table) == 0:
                # Agreement means something only among scores that can differ: not at 0 or 1
                # throughout.
                variance = np.nan
            return Estimate.from_t(
                value,
                np.sqrt(variance),
                len(table) - 1,
                n=len(table),
                runs=distinct(self.row[used]),
                seeds=distinct(self.seed[used]),
                method="paired t",
            )
        kept = np.ones(self.row.size, dtype=bool) if keep is None else keep[self.row]
        arm = self.arm[self.cell]
        samples = self.samples(keep)
        means, variances = np.array([mean_and_error(s) for s in samples]).T
        sizes = np.array([s.size for s in samples])
        parts = w**2 * variances
        variance = parts.sum()
        known = np.isfinite(variance)
        df = variance**2 / (parts**2 / (sizes - 1)).sum() if variance > 0 else np.nan
        return Estimate.from_t(
            w @ means - less if (sizes > 0).all() else np.nan,
            np.sqrt(variance),
            df,
            n=int(sizes.sum()),
            runs=distinct(self.row[kept]),
            seeds=min(distinct(self.seed[kept & (arm == a)]) for a in range(self.arms)),
            method="Welch t" if known else "none",
        )


def match(scores: Scores, metric: str, arms: Sequence[np.ndarray], keys: Sequence[str]) -> Matching:
    """Match the runs of several arms on the keys.

    Parameters
    ----------
    scores : Scores
    metric : str
        Runs without a finite score take no part.
    arms : sequence of ndarray of bool, each of shape (runs,)
        The rows of each arm.
    keys : sequence of str
        The columns in which matched runs agree; the replicate is one of them.
    """
    values = scores.values(metric)
    rows = [np.flatnonzero(arm & ~np.isnan(values)) for arm in arms]
    row = np.concatenate(rows).astype(np.intp)
    uses = scores.table[list(keys)].iloc[row].reset_index(drop=True)
    uses[_ARM] = np.repeat(np.arange(len(arms)), [r.size for r in rows])
    cell = codes(uses, [*keys, _ARM])
    cells = uses.loc[np.unique(cell, return_index=True)[1]].reset_index(drop=True)
    arm = cells[_ARM].to_numpy()
    found, matches = _complete(cells, list(keys), len(arms))
    left = found < 0
    missing = cells.loc[left, list(keys)].isna().any()
    if missing.any():
        coarser = [key for key in keys if not missing[key]]
        found[left], more = _complete(cells[left], coarser, len(arms))
        found[left] += np.where(found[left] >= 0, matches, 0)
        matches += more
    seed = codes(uses, [scores.replicate])
    return Matching(row, values[row], seed, cell, arm, found, len(arms), matches)


_ARM = "\0arm"


def _complete(cells: pd.DataFrame, keys: list[str], arms: int) -> tuple[np.ndarray, int]:
    """Number the combinations of keys that every arm has; other cells get -1."""
    key = codes(cells, keys)
    size = key.max() + 1 if key.size else 0
    present = np.zeros((size, arms), dtype=bool)
    present[key, cells[_ARM].to_numpy()] = True
    complete = present.all(axis=1)
    number = np.where(complete, np.cumsum(complete) - 1, -1)
    return number[key], int(complete.sum())
