"""Runs of several levels → one mean a level and unit: the ground of variance and of equivalence.

In: scores, a metric, and what makes the levels (configuration, one factor or several). Out: for
each level and unit one mean over the contexts, which are the combinations of all other factors.
Promised: what lies within a unit is averaged before anything is tested, repeats and inner
replicates first. Where not every level was run in every context and unit, contexts are adjusted for
by least squares, so that a level does not look good for the company it was run in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from uphold.statistics.confounding import going_with
from uphold.statistics.scores import Scores, codes, distinct, first_of_each, numbered, renumbered

CONFIGURATION = "configuration"
PRECISION = 1e-12


@dataclass(frozen=True)
class LevelMeans:
    """One mean a level and unit.

    Attributes
    ----------
    value : ndarray, shape (n,)
    level, unit : ndarray of int, shape (n,)
        Numbered without gaps.
    levels, units : int
    runs : int
        Runs behind them.
    widest : float
        The largest distance of two levels' means within one context, less what noise makes of it;
        0 where there is one context.
    """

    value: np.ndarray
    level: np.ndarray
    unit: np.ndarray
    levels: int
    units: int
    runs: int
    widest: float = 0.0

    @property
    def within_units(self) -> bool:
        """Whether levels are to be compared within units.

        That is where units say at least half of what they would if each had every level: by the
        trace of the levels' information matrix, adjusted for units.
        """
        if self.units < 2 or self.levels < 2:
            return False
        count = np.zeros((self.levels, self.units))
        count[self.level, self.unit] = 1.0
        size = count.sum(axis=0)
        told = (count - count**2 / size).sum()
        r = count.sum(axis=1)
        linked = _linked(self.level, self.unit)
        return bool(linked and told >= (r - r**2 / r.sum()).sum() / 2)


@dataclass(frozen=True)
class LevelRuns:
    """The runs of several levels, ready to be averaged again without some of them.

    Attributes
    ----------
    row : ndarray of int, shape (n,)
        Positions in the scores.
    value : ndarray, shape (n,)
    cell : ndarray of int, shape (n,)
        Which combination of level, context and replicates each run is one of.
    level, context, unit : ndarray of int, shape (cells,)
    confounded : tuple of str
        Factors that cannot be told from the levels, so that nothing can be compared.
    """

    row: np.ndarray
    value: np.ndarray
    cell: np.ndarray
    level: np.ndarray
    context: np.ndarray
    unit: np.ndarray
    confounded: tuple[str, ...] = ()

    def first_of_levels(self) -> np.ndarray:
        """Return the position in the scores of the first run of each level, shape (levels,)."""
        return np.asarray(self.row[np.unique(self.level[self.cell], return_index=True)[1]])

    def means(self, keep: np.ndarray | None = None) -> LevelMeans:
        """Return the means of all runs, or of those that ``keep``, shape (runs,), selects."""
        weight = np.ones(self.row.size) if keep is None else keep[self.row].astype(float)
        count = np.bincount(self.cell, weight, minlength=self.level.size)
        total = np.bincount(self.cell, weight * self.value, minlength=self.level.size)
        here = np.flatnonzero(count)
        level, unit = renumbered(self.level[here]), renumbered(self.unit[here])
        context = renumbered(self.context[here])
        value, place, context, level, unit = _averaged(
            total[here] / count[here], context, level, unit
        )
        widest = _widest(value, context, level, unit)
        if not _complete(context, place):
            value = value - _of_contexts(value, context, level, unit)[context]
        units = int(unit.max(initial=-1)) + 1
        found, back = numbered(level * max(units, 1) + unit)
        return LevelMeans(
            np.bincount(back, value) / np.bincount(back) if back.size else value,
            found // max(units, 1),
            found % max(units, 1),
            int(level.max(initial=-1)) + 1,
            units,
            int(weight.sum()),
            widest,
        )


def _averaged(
    value: np.ndarray, context: np.ndarray, level: np.ndarray, unit: np.ndarray
) -> tuple[np.ndarray, ...]:
    """Average the inner replicates: one value a context, level and unit, with its place."""
    units = int(unit.max(initial=-1)) + 1
    place = level * max(units, 1) + unit
    places = int(place.max(initial=-1)) + 1
    found, back = numbered(context * max(places, 1) + place)
    first = first_of_each(back, found.size)
    mean = np.bincount(back, value) / np.bincount(back) if back.size else value
    return mean, place[first], context[first], level[first], unit[first]


def _complete(context: np.ndarray, place: np.ndarray) -> bool:
    """Return whether every level and unit has the same contexts."""
    return context.size == distinct(context) * numbered(place)[0].size


def _of_contexts(
    value: np.ndarray, context: np.ndarray, level: np.ndarray, unit: np.ndarray
) -> np.ndarray:
    """Return what each context adds, beside levels, shape (contexts,); 0 on average.

    And beside units, where these are met in several contexts.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.linalg import lsqr

    groups = [context, level, unit] if _linked(context, unit) else [context, level]
    starts = np.cumsum([0, *(int(code.max()) + 1 for code in groups)])
    place = np.column_stack([code + start for code, start in zip(groups, starts, strict=False)])
    columns = csr_array(
        (np.ones(place.size), place.ravel(), np.arange(0, place.size + 1, len(groups))),
        shape=(value.size, int(starts[-1])),
    )
    found = lsqr(columns, value, atol=PRECISION, btol=PRECISION, conlim=0)[0]
    added = found[: int(context.max()) + 1]
    return np.asarray(added - added[context].mean())


def _widest(value: np.ndarray, context: np.ndarray, level: np.ndarray, unit: np.ndarray) -> float:
    """Return the largest distance of two levels' means within a context; 0 for one context.

    Less what noise makes of it, where every level was run in every context and unit: see
    `uphold.statistics.heterogeneity.Contexts.inside`.
    """
    contexts, levels, units = (int(code.max(initial=-1)) + 1 for code in (context, level, unit))
    if contexts < 2 or levels < 2:
        return 0.0
    if value.size == contexts * levels * units and units > 1:
        y = np.empty((contexts, levels, units))
        y[context, level, unit] = value
        means = y.mean(axis=2)
        apart = y - y.mean(axis=0) - y.mean(axis=1, keepdims=True) + y.mean(axis=(0, 1))
        of_mean = apart.mean(axis=2)
        rest = float(np.square(apart - of_mean[:, :, None]).sum()) / (units - 1)
        between = units * float(np.square(of_mean).sum())
        real = no_noise(between / rest if rest > 0 else np.inf)
        table = means - (1.0 - real) * of_mean
        return float(np.ptp(table, axis=1).max())
    size = contexts * levels
    count = np.bincount(context * levels + level, minlength=size)
    total = np.bincount(context * levels + level, value, minlength=size)
    mean = np.divide(total, count, out=np.full(size, np.nan), where=count > 0)
    table = mean.reshape(contexts, levels)
    several = table[(~np.isnan(table)).sum(axis=1) > 1]
    if not several.size:
        return 0.0
    return float((np.nanmax(several, axis=1) - np.nanmin(several, axis=1)).max())


def no_noise(f: float) -> float:
    """Return the share of a spread that is no noise, by its F."""
    return max(0.0, 1.0 - 1.0 / f) if f > 0 else 0.0


def _linked(one: np.ndarray, other: np.ndarray) -> bool:
    """Return whether the values of one code are all linked through those of another."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    size = int(one.max(initial=-1)) + 1
    graph = coo_array(
        (np.ones(one.size), (one, size + other)), shape=(size + int(other.max()) + 1,) * 2
    )
    return bool(connected_components(graph, directed=False)[0] == 1)


def prepare_levels(
    scores: Scores,
    metric: str,
    over: str | tuple[str, ...],
    where: Mapping[str, Any] | None = None,
) -> LevelRuns:
    """Gather the runs of the levels of ``over``.

    Parameters
    ----------
    scores : Scores
    metric : str
        Runs without a finite score take no part.
    over : str or tuple of str
        ``"configuration"``, one factor, or several whose combinations are the levels. Runs in
        which a single factor has no effect take no part.
    where : mapping, optional
        Narrows the runs.
    """
    factors = factors_of(scores, over)
    for name in factors:
        scores.column(name)
    used = scores.selects(where) & ~np.isnan(scores.values(metric))
    if over != CONFIGURATION and len(factors) == 1:
        used &= scores.column(factors[0]).notna().to_numpy()
    row = np.flatnonzero(used)
    table = scores.table.iloc[row]
    # A factor without effect in some of the runs (no mode at ratio 0) makes no contexts: the other
    # levels are averaged over it.
    others = [f for f in scores.factors if f not in factors and table[f].notna().all()]
    cell = codes(table, [*scores.factors, *scores.replicates])
    first = np.unique(cell, return_index=True)[1]
    level, unit = (codes(table, list(names))[first] for names in (factors, [scores.replicate]))
    others, confounded = _contexts(table.iloc[first], others, level)
    context = codes(table, others)[first]
    return LevelRuns(row, scores.values(metric)[row], cell, level, context, unit, confounded)


def _contexts(
    cells: pd.DataFrame, others: list[str], level: np.ndarray
) -> tuple[list[str], tuple[str, ...]]:
    """Return the factors that make contexts, and those that cannot be told from the levels.

    Over those that are nested in the levels the runs are averaged.
    """
    confounded, nested = going_with(cells, others, level)
    if confounded:
        return others, confounded
    rest = [name for name in others if name not in nested]
    linked = distinct(level) < 2 or not rest or _linked(level, codes(cells, rest))
    return rest, () if linked else tuple(rest)


def factors_of(scores: Scores, over: str | tuple[str, ...]) -> tuple[str, ...]:
    """Return the factors whose combinations are the levels."""
    if over == CONFIGURATION:
        return scores.factors
    return (over,) if isinstance(over, str) else tuple(over)
