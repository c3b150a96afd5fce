"""How sure an effect is on other test items: runs × items, and runs × groups of items.

In: matched arms, and what each item adds to the score of each run. Out: the variance that an effect
has because these items were drawn and not others, and because these groups of them were (recorders,
actors); and its standard error over runs and items together. Promised:

- Runs and items are crossed: with R the variance over runs (on these items), I that over items (of
  these runs) and C that of their interaction, each of the whole effect, R and I both hold C. The
  total is C + max(R - C, 0) + max(I - C, 0), the estimate from two-way analysis of variance
  (Gallas 2006, Acad. Radiol. 13, 353-362, for readers × cases; Owen 2007, Ann. Appl. Stat. 1,
  386-411, on what a bootstrap of both counts twice), with degrees of freedom by Satterthwaite.
- The interaction is the clustered variance of the effect on each single item, added up: see
  `uphold.statistics.clustered`. So every design has it that has an estimate.
- Items are drawn within their groups, and groups as wholes. Where every unit has items of its own,
  the variance over units is the total already.
- An interval for items like these is never narrower than that for these items.

``bench/items.py`` simulates the coverage.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from uphold.error_rates import FEWEST_GROUPS
from uphold.statistics.estimate import interval_half_width
from uphold.statistics.matching import Matching


@dataclass(frozen=True)
class ItemScores:
    """What each item adds to the score of each run, for one metric.

    Attributes
    ----------
    score : ndarray, shape (runs, items)
        The score of a run is their mean, to first order; NaN where an item was not tested.
    group : ndarray of int, shape (items,)
        Within which group each item was drawn.
    drawn : bool
        Whether groups were drawn themselves (recorders), and not fixed by design (SNRs).
    """

    score: np.ndarray
    group: np.ndarray
    drawn: bool = False

    @cached_property
    def influence(self) -> np.ndarray:
        """How much each item moves each run's score, shape (runs, items): each run sums to 0."""
        score = np.asarray(self.score, dtype=float)
        count = np.maximum((~np.isnan(score)).sum(axis=1, keepdims=True), 1)
        mean = np.nansum(score, axis=1, keepdims=True) / count
        return np.asarray(np.nan_to_num((score - mean) / count))


class Draw(NamedTuple):
    """What it adds to the variance of an effect that these items, or groups, were drawn.

    Attributes
    ----------
    variance : float
        Of the effect over draws of items, the runs being these: I.
    shared : float
        What of it is interaction with the runs: C.
    df, shared_df : float
    members : int
        How many items or groups there are.
    nested : bool
        Whether each belongs to one unit, so that the variance over units holds it.
    """

    variance: float
    shared: float
    df: float
    shared_df: float
    members: int
    nested: bool

    def together(self, se: float) -> float:
        """Return the variance over runs and items together, by the standard error over runs."""
        if self.nested:
            return se**2
        runs, items = max(se**2 - self.shared, 0.0), max(self.variance - self.shared, 0.0)
        return self.shared + runs + items

    def total(self, se: float, df: float) -> tuple[float, float]:
        """Return standard error and degrees of freedom over runs and items together.

        Parameters
        ----------
        se, df : float
            Those over runs, on these items.
        """
        if self.nested or not se > 0:
            return se, df
        square = self.shared**2 / self.shared_df
        for whole, of in ((se**2, df), (self.variance, self.df)):
            square += whole**2 / of if whole > self.shared else 0.0
        variance = self.together(se)
        both = float(np.sqrt(variance)), float(variance**2 / square)
        return both if interval_half_width(*both) >= interval_half_width(se, df) else (se, df)


class OverItems(NamedTuple):
    """What the items of an effect, and their groups where those were drawn, add to its variance."""

    items: Draw
    groups: Draw | None

    @property
    def too_few(self) -> bool:
        """Whether there are groups, but too few to speak of others."""
        return (
            self.groups is not None
            and not self.groups.nested
            and self.groups.members < FEWEST_GROUPS
        )

    @property
    def known(self) -> tuple[Draw, ...]:
        """What can be told: of the items, and of the groups where there are enough of them."""
        return (self.items,) if self.groups is None or self.too_few else (self.items, self.groups)

    def total(self, se: float, df: float) -> tuple[float, float]:
        """Return standard error and degrees of freedom over runs and all that is known."""
        totals = [draw.total(se, df) for draw in self.known]
        return max(totals, key=lambda total: interval_half_width(*total))


def over_items(
    matching: Matching,
    weights: tuple[float, ...],
    items: ItemScores,
    keep: np.ndarray | None = None,
) -> OverItems | None:
    """Return what its items add to the variance of a weighted sum of arms, None where nothing.

    Parameters
    ----------
    matching : Matching
    weights : tuple of float
        Of the arms.
    items : ItemScores
        Of the scores that were matched: its runs are theirs.
    keep : ndarray of bool, shape (runs,), optional
        Which rows of the scores to keep.
    """
    apart = matching.apart(weights, items.influence, keep)
    if apart is None:
        return None
    effect, parts, used, of_runs = apart
    row, unit = matching.row[used], matching.unit[matching.cell[used]]
    runs, first = np.unique(row, return_index=True)
    tested = ~np.isnan(np.asarray(items.score[runs], dtype=float))
    there = tested.any(axis=0)
    if there.sum() < 2:
        return None
    group, count = np.unique(items.group[there], return_inverse=True)[1], int(there.sum())
    groups = int(group.max()) + 1
    effect, parts, tested = effect[there], parts[:, there], tested[:, there]
    of_unit = np.array([tested[unit[first] == u].any(axis=0) for u in np.unique(unit)])
    of_items = _draw(effect, parts, group, count - groups, of_unit, of_runs)
    if not items.drawn:
        return OverItems(of_items, None)
    one = np.zeros(groups, dtype=np.intp)
    whole = [np.array([np.bincount(group, x, groups) for x in y]) for y in (effect[None], parts)]
    seen = np.array([np.bincount(group, x, groups) > 0 for x in of_unit])
    return OverItems(of_items, _draw(whole[0][0], whole[1], one, groups - 1, seen, of_runs))


def _draw(
    effect: np.ndarray, parts: np.ndarray, group: np.ndarray, df: int, seen: np.ndarray, runs: float
) -> Draw:
    """Return what drawing members of groups adds.

    Parameters
    ----------
    effect : ndarray, shape (members,)
        What each adds to the effect.
    parts : ndarray, shape (units, members)
        What each adds to every unit's part in the error.
    group : ndarray of int, shape (members,)
        Within which each is drawn.
    df : int
        Of what is drawn.
    seen : ndarray of bool, shape (units, members)
    runs : float
        Degrees of freedom of the error over runs.
    """
    df = max(df, 1)
    return Draw(
        variance=_within(effect[None], group),
        shared=_within(parts, group),
        df=float(df),
        shared_df=float(df * runs),
        members=effect.size,
        nested=len(seen) > 1 and bool((seen.sum(axis=0) <= 1).all()),
    )


def _within(x: np.ndarray, group: np.ndarray) -> float:
    """Return the variance of the sums of each row over draws within groups, rows added up.

    The member that is alone in its group is taken with its square, which is too much.
    """
    size = np.bincount(group)
    mean = np.array([np.bincount(group, row) for row in x]) / size
    more = size > 1
    left = x - np.where(more, mean, 0.0)[:, group]
    factor = np.where(more, size / np.maximum(size - 1, 1), 1.0)
    return float((left**2 * factor[group]).sum())
