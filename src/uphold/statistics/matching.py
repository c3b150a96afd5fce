"""Runs of several arms, matched on everything else: the ground of contrasts and interactions.

In: scores, a metric, and arms (each a choice of rows). Out: which context and unit each run belongs
to, what was left over, and the weighted sum of the arms with its error. Promised:

- The unit of inference is the replicate, the outermost where replicates are nested. What lies
  within a unit is averaged first: repeats, then inner replicates, over those that all arms have.
- A context is a combination of the factors that the arms do not pin, in which every arm was run.
  An effect is the mean over contexts.
- A run in which a factor has no effect (a missing value) first looks for a context that is missing
  it too. What remains is matched without that factor, the other arm averaged over it: ratio 0,
  which has no mode, is compared with the mean of both modes at ratio 0.5.
- Arms that share no context are not compared in silence. A factor of which each level belongs to
  one arm, with several in an arm, is part of what the arms are, and is averaged over; one that
  tells the arms apart by itself is confounded with them, and so are two that do so together; for
  others the arms are adjusted, as if these did not interact.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd

from uphold.statistics.clustered import Plan, plan
from uphold.statistics.contexts import ARM, shared_contexts
from uphold.statistics.estimate import ROUNDING, Estimate, Loading
from uphold.statistics.layout import Layout, laid_out
from uphold.statistics.scores import (
    Scores,
    among,
    codes,
    distinct,
    first_of_each,
    numbered,
    renumbered,
)


@dataclass(frozen=True)
class Matching:
    """Arms matched run by run.

    Attributes
    ----------
    row, number : ndarray of int, shape (uses,)
        Position in the scores of each use of a run, and its number in the log. A run may serve two
        arms.
    value : ndarray, shape (uses,)
        Its score.
    cell : ndarray of int, shape (uses,)
        Which cell (arm, factors and replicates) it belongs to.
    arm, unit, inner : ndarray of int, shape (cells,)
        The arm of each cell, its unit, and its replicate within the unit.
    context : ndarray of int, shape (cells,)
        The context of each cell, -1 for a cell without partners; the combination of the levels to
        adjust for where there are such.
    side : ndarray of int, shape (cells, factors), optional
        The levels to adjust for where arms share no context.
    arms : int
    confounded : tuple of str
        Factors that tell the arms apart by themselves, so that nothing can be compared.
    together : tuple of str
        Two factors that tell the arms apart together, so that nothing can be compared either.
    nested : tuple of str
        Factors of which each level belongs to one arm, and over which the arms are averaged.
    adjusted : tuple of str
        The factors of ``side``.
    """

    row: np.ndarray
    number: np.ndarray
    value: np.ndarray
    cell: np.ndarray
    arm: np.ndarray
    unit: np.ndarray
    inner: np.ndarray
    context: np.ndarray
    arms: int
    side: np.ndarray | None = None
    confounded: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    nested: tuple[str, ...] = ()
    adjusted: tuple[str, ...] = ()

    def means(self, keep: np.ndarray | None = None) -> "Means":
        """Return one mean an arm, context and unit.

        Parameters
        ----------
        keep : ndarray of bool, shape (runs,), optional
            Which rows of the scores to keep.
        """
        return self._means_of_all if keep is None else self._means(keep)

    @cached_property
    def _means_of_all(self) -> "Means":
        """The means of all runs, which an effect and all that is told of it start from."""
        return self._means(None)

    def _means(self, keep: np.ndarray | None) -> "Means":
        weight = np.ones(self.value.size) if keep is None else keep[self.row].astype(float)
        count = np.bincount(self.cell, weight, minlength=self.arm.size)
        total = np.bincount(self.cell, weight * self.value, minlength=self.arm.size)
        here = np.flatnonzero((count > 0) & (self.context >= 0))
        if self.side is None:
            here = here[whole_groups(self.context[here], self.arm[here], self.arms)]
        value, arm, place = total[here] / count[here], self.arm[here], self._place[here]
        # One value an inner replicate, and then one a unit: over those that all arms have, where
        # there are any.
        inner = place * (int(self.inner.max(initial=-1)) + 1) + self.inner[here]
        shared = whole_groups(inner, arm, self.arms)
        kept = shared | ~among(place, place[shared])
        here, inner, place = here[kept], inner[kept], place[kept]
        value, arm = value[kept], arm[kept]
        first, back = _first(inner * self.arms + arm)
        of_inner = np.bincount(back, value) / np.bincount(back)
        last, of_place = _first((place * self.arms + arm)[first])
        of_cell = np.full(self.arm.size, -1)
        of_cell[here] = of_place[back]
        chosen = here[first[last]]
        share = np.zeros(self.arm.size)
        share[here] = 1 / (np.bincount(back)[back] * np.bincount(of_place)[of_place][back])
        return Means(
            self.arm[chosen],
            self.context[chosen],
            self.unit[chosen],
            np.bincount(of_place, of_inner) / np.bincount(of_place),
            of_cell,
            np.divide(share, count, out=share, where=count > 0),
            None if self.side is None else self.side[chosen],
        )

    @cached_property
    def _place(self) -> np.ndarray:
        """The context and unit of each cell, shape (cells,)."""
        return np.asarray(self.context * (int(self.unit.max(initial=-1)) + 1) + self.unit)

    def groups(self) -> np.ndarray:
        """Return which uses stand against each other, shape (uses,): -1 for those that do not.

        Runs of one context and unit where some have all arms, else all that have a context.
        """
        place = np.where(self.context >= 0, self._place, -1)
        paired = whole_groups(place + 1, self.arm, self.arms) & (place >= 0)
        group = np.where(paired, place, -1) if paired.any() else np.minimum(self.context, 0)
        return np.asarray(group[self.cell])

    def estimate(
        self,
        weights: Sequence[float],
        keep: np.ndarray | None = None,
        less: float = 0.0,
        means: "Means | None" = None,
    ) -> Estimate:
        """Return the weighted sum of the arms' means, less a number.

        See `uphold.statistics.clustered` for its error. ``means`` are those of the kept runs, where
        they are at hand.
        """
        taken = self._taken(weights, keep, means or self.means(keep))
        kept = np.ones(self.row.size, dtype=bool) if keep is None else keep[self.row]
        if taken is None:
            arm, unit = self.arm[self.cell], self.unit[self.cell]
            return Estimate.from_t(
                np.nan,
                np.nan,
                np.nan,
                n=0,
                runs=distinct(self.row[kept]),
                seeds=min(distinct(unit[kept & (arm == a)]) for a in range(self.arms)),
                method="none",
            )
        planned, value, used, weight = taken
        total, variance, df = planned.estimate(value)
        variance = variance if df > 0 else np.nan
        total -= less
        if planned.is_rounding(variance, value):
            # Agreement means something only among scores that can differ: not at 0 or 1 throughout.
            variance = np.nan if np.ptp(value) == 0 else 0.0
            total = 0.0 if abs(total) <= ROUNDING else total
        unit, arm = self.unit[self.cell][used], self.arm[self.cell][used]
        by_arm = [distinct(unit[arm == a]) for a in range(self.arms)]
        return Estimate.from_t(
            total,
            np.sqrt(variance),
            df,
            n=distinct(unit),
            runs=distinct(self.row[used]),
            seeds=distinct(unit) if planned.shared else min(by_arm),
            method=planned.method,
            scale=planned.scale,
            loading=Loading(self.number[used], weight[used]),
        )

    def apart(
        self, weights: Sequence[float], scores: np.ndarray, keep: np.ndarray | None = None
    ) -> "Apart | None":
        """Return the same weighted sum of other scores that the runs have, many at once.

        Parameters
        ----------
        weights : sequence of float
        scores : ndarray, shape (runs, n)
            By the rows of the scores that were matched.
        keep : ndarray of bool, shape (runs,), optional
            Which rows of the scores to keep.
        """
        m = self.means(keep)
        taken = self._taken(weights, keep, m)
        if taken is None or np.isnan(taken[0].df):
            return None
        planned, value, used, _ = taken
        of_value = m.laid_out(self.arms)[2]
        kept = np.ones(self.row.size, dtype=bool) if keep is None else keep[self.row]
        use = np.flatnonzero(kept & (m.of_cell[self.cell] >= 0))
        mean = m.of_cell[self.cell[use]]
        share = m.share[self.cell[use]] / np.bincount(of_value)[of_value[mean]]
        values = np.zeros((value.size, scores.shape[1]))
        np.add.at(values, of_value[mean], share[:, None] * scores[self.row[use]])
        return Apart(planned.coefficient @ values, planned.parts(values), used, planned.df)

    def sides(self, weights: Sequence[float]) -> list[np.ndarray]:
        """Return the values of each arm that count, one a unit: means over contexts."""
        return [values[~np.isnan(values)] for values in self.by_unit(weights)[1]]

    def by_unit(self, weights: Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
        """Return what counts, by arm and unit: means over contexts.

        Returns
        -------
        unit : ndarray of int, shape (units,)
        values : ndarray, shape (arms, units)
            NaN where an arm lacks the unit.
        """
        means = self.means()
        taken = self._taken(weights, None, means)
        if taken is None:
            return np.empty(0, dtype=int), np.empty((self.arms, 0))
        planned, value, *_ = taken
        layout, unit = planned.layout, np.unique(means.unit)
        place = layout.arm * unit.size + layout.unit
        counted = layout.weight * (planned.coefficient != 0)
        shape = self.arms, unit.size
        weight = np.bincount(place, counted, unit.size * self.arms).reshape(shape)
        total = np.bincount(place, counted * value, unit.size * self.arms).reshape(shape)
        there = weight.any(0)
        with np.errstate(invalid="ignore"):
            return unit[there], (total / weight)[:, there]

    def unmatched(self, weights: Sequence[float]) -> np.ndarray:
        """Return the rows of the scores that do not count, sorted."""
        taken = self._taken(weights, None, self.means())
        used = np.zeros(self.row.size, dtype=bool) if taken is None else taken[2]
        return np.setdiff1d(self.row, self.row[used])

    def _taken(
        self, weights: Sequence[float], keep: np.ndarray | None, m: "Means"
    ) -> tuple[Plan, np.ndarray, np.ndarray, np.ndarray] | None:
        """Return the plan, its values, which uses count, shape (uses,), and how much each does."""
        if not m.value.size:
            return None
        layout, value, of_value = m.laid_out(self.arms)
        planned = plan(layout, tuple(map(float, weights)))
        if planned is None:
            return None
        of_mean = planned.coefficient[of_value] / np.bincount(of_value)[of_value]
        weight = np.where(m.of_cell >= 0, of_mean[m.of_cell] * m.share, 0.0)[self.cell]
        used = weight != 0
        return planned, value, used if keep is None else used & keep[self.row], weight


class Apart(NamedTuple):
    """One weighted sum of arms for each of many scores.

    Attributes
    ----------
    effect : ndarray, shape (n,)
    parts : ndarray, shape (units, n)
        Each unit's part in the error; see `uphold.statistics.clustered.Plan.parts`.
    used : ndarray of bool, shape (uses,)
        Which uses count.
    df : float
        Of the error.
    """

    effect: np.ndarray
    parts: np.ndarray
    used: np.ndarray
    df: float


@dataclass(frozen=True)
class Means:
    """One mean an arm, context and unit.

    Attributes
    ----------
    arm, context, unit : ndarray of int, shape (means,)
    value : ndarray, shape (means,)
    of_cell : ndarray of int, shape (cells,)
        The mean that each cell is in, -1 for none.
    share : ndarray, shape (cells,)
        How much of that mean a run of the cell is.
    side : ndarray of int, shape (means, factors), optional
        The levels to adjust for.
    """

    arm: np.ndarray
    context: np.ndarray
    unit: np.ndarray
    value: np.ndarray
    of_cell: np.ndarray
    share: np.ndarray
    side: np.ndarray | None

    def laid_out(self, arms: int) -> tuple[Layout, np.ndarray, np.ndarray]:
        """Return the layout of these means, its values, and the place of each mean in it."""
        unit = renumbered(self.unit)
        return laid_out(self.arm, renumbered(self.context), unit, self.value, arms, self.side)


def match(scores: Scores, metric: str, arms: Sequence[np.ndarray], keys: Sequence[str]) -> Matching:
    """Match the runs of several arms on the keys, within units.

    Parameters
    ----------
    scores : Scores
    metric : str
        Runs without a finite score take no part.
    arms : sequence of ndarray of bool, each of shape (runs,)
        The rows of each arm.
    keys : sequence of str
        The factors in which matched runs agree.
    """
    values, keys = scores.values(metric), list(keys)
    rows = [np.flatnonzero(arm & ~np.isnan(values)) for arm in arms]
    row = np.concatenate(rows).astype(np.intp)
    columns = [*keys, *scores.replicates]
    uses = scores.table[columns].take(row).reset_index(drop=True)
    uses[ARM] = np.repeat(np.arange(len(arms)), [r.size for r in rows])
    cell = codes(uses, [*columns, ARM])
    cells = uses.take(first_of_each(cell, int(cell.max(initial=-1)) + 1)).reset_index(drop=True)
    found = shared_contexts(cells, keys, len(arms))
    index = scores.table.index
    return Matching(
        row,
        index.to_numpy()[row] if pd.api.types.is_integer_dtype(index) else row,
        values[row],
        cell,
        arm=cells[ARM].to_numpy(),
        unit=codes(cells, [scores.replicate]),
        inner=codes(cells, list(scores.within)),
        arms=len(arms),
        **found._asdict(),
    )


WITHIN_UNITS = ("paired t", "incomplete blocks t")
"""The methods that compare arms within units."""


def whole_groups(group: np.ndarray, arm: np.ndarray, arms: int) -> np.ndarray:
    """Return which members of a group have all arms beside them, shape (n,) to (n,)."""
    found, back = numbered(group)
    present = np.zeros((found.size, arms), dtype=bool)
    present[back, arm] = True
    every: np.ndarray = np.asarray(present.all(axis=1))
    return np.asarray(every[back])


def _first(code: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where each code is first, and the number of each member's code."""
    found, back = numbered(code)
    return first_of_each(back, found.size), back
