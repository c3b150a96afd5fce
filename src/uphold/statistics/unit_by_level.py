"""Whether units act differently at different levels of a factor: the F test of unit × level.

In: scores, metrics and a factor. Out: for each metric the F of unit × level, its share of the
variance between runs of one configuration, and what it costs that levels share their units.
Promised:

- It is least squares, with gaps or without: contexts × levels, contexts × units and units × levels,
  against the same without units × levels. The error is what units × levels do differently from
  context to context, a context being a combination of the other factors; the effects of units that
  act on the other factors alone are no part of it.
- Without contexts the replicates within a unit (seeds within data sets) stand in for them.
- Levels and units may spread unequally. With contexts both degrees of freedom shrink as those of
  repeated measures do (Box 1954, Ann. Math. Stat. 25, 484-498), by unbiased traces of the
  residuals' covariance; without, it is F* (see `uphold.statistics.block_anova`). Otherwise one wild
  level of four gives 13 % of false alarms in place of 5.
- Repeats of one run are averaged first, and are no error by themselves: that a rerun gives the
  same says nothing of whether a seed does the same to every arm. Where nothing else is left there
  is no test.
"""

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import fdtrc

from uphold.statistics.scores import Scores, codes, distinct, renumbered

MOST_CELLS = 600
"""Units × levels."""
MOST_ENTRIES = 20_000_000
"""Of all matrices of one design, together."""
TINY = 1e-9


class UnitByLevel(NamedTuple):
    """One F test of unit × level.

    Attributes
    ----------
    metric : str
    F, p : float
    df, df_resid : int
        Of equal spread; p is of as many as the spread that was seen leaves.
    share : float
        Of the variance between runs of one configuration, from 0 to 1.
    cost : float
        By how much the standard error of an effect is larger with shared units than if every run
        had a unit of its own. Below 1, sharing pays.
    """

    metric: str
    F: float
    df: int
    df_resid: int
    p: float
    share: float
    cost: float


def unit_by_level(scores: Scores, metrics: Iterable[str], factor: str) -> list[UnitByLevel]:
    """Return the tests of a factor, for the metrics for which there is one.

    Runs in which the factor has no effect, and those without a score, take no part. With more than
    600 units × levels nothing is tested: so many units show their spread by themselves.
    """
    others = [name for name in scores.factors if name != factor]
    known = scores.column(factor).notna().to_numpy()
    code = [codes(scores.table, names) for names in (others, [factor], [scores.replicate])]
    inner = codes(scores.table, list(scores.within))
    designs: dict[bytes, _Design | None] = {}
    found = []
    for metric in metrics:
        values = scores.values(metric)
        used = known & ~np.isnan(values)
        key = used.tobytes()
        if key not in designs:
            rows = [renumbered(c[used]) for c in (*code, inner)] if used.any() else []
            designs[key] = _design(*rows) if rows else None
        design = designs[key]
        tested = None if design is None else _tested(metric, design, values[used])
        found += [] if tested is None else [tested]
    return found


class _Fit(NamedTuple):
    """Mean squares of unit × level and of the error, and the p of their ratio."""

    mean_square: float
    error: float
    p: float


@dataclass(frozen=True)
class _Design:
    """What the runs of a design allow to be told, ready for the values of any metric.

    Attributes
    ----------
    back : ndarray of int, shape (runs,)
        Which value each run is averaged in.
    cell : ndarray of int, shape (values,)
        The configuration of each value.
    df, df_resid : int
    expected : float
        How often the variance of unit × level counts in its mean square.
    """

    back: np.ndarray
    cell: np.ndarray
    df: int
    df_resid: int
    expected: float

    @abstractmethod
    def fit(self, value: np.ndarray) -> _Fit:
        """Return the test of averaged values, shape (values,)."""


def _design(
    context: np.ndarray, level: np.ndarray, unit: np.ndarray, inner: np.ndarray
) -> _Design | None:
    """Return the design, None where it leaves no error or is too large."""
    if min(distinct(level), distinct(unit)) < 2:
        return None
    found: _Design | None = None
    if (int(level.max()) + 1) * (int(unit.max()) + 1) > MOST_CELLS:
        return None
    if distinct(context) > 1:
        found = _crossed(context, level, unit)
    elif distinct(inner) > 1:
        found = _nested(level, unit, inner)
    return None if found is None or min(found.df, found.df_resid) < 1 else found


def _tested(metric: str, design: _Design, value: np.ndarray) -> UnitByLevel | None:
    value = value - value.mean()
    y = np.bincount(design.back, value) / np.bincount(design.back)
    fit = design.fit(y)
    if not fit.error * design.df_resid > 1e-12 * float(y @ y):
        return None
    mean = np.bincount(design.cell, y) / np.bincount(design.cell)
    between = float(((y - mean[design.cell]) ** 2).sum()) / (y.size - mean.size)
    share = (fit.mean_square - fit.error) / design.expected / between
    return UnitByLevel(
        metric,
        fit.mean_square / fit.error,
        design.df,
        design.df_resid,
        fit.p,
        float(np.clip(share, 0.0, 1.0)),
        float(np.sqrt(fit.mean_square / between)),
    )


@dataclass(frozen=True)
class _Crossed(_Design):
    """Contexts as the replication; those that cover the same levels and units are solved once.

    ``row`` and ``column`` say where each value stands in a table of contexts and units by levels,
    and in one of contexts and levels by units.
    """

    patterns: Sequence["_Pattern"]
    root: np.ndarray
    context: np.ndarray
    level: np.ndarray
    unit: np.ndarray

    def fit(self, value: np.ndarray) -> _Fit:
        total, left = np.zeros(self.root.shape[0]), np.empty(value.size)
        for p in self.patterns:
            left[p.rows] = value[p.rows] @ p.residual
            total[p.places] += left[p.rows].sum(axis=0)
        inside = total @ self.root
        effect = self.root @ inside
        for p in self.patterns:
            left[p.rows] -= effect[p.places] @ p.residual
        mean_square, error = float(inside @ inside) / self.df, float(left @ left) / self.df_resid
        # What too little is left to tell of is as unequal as can be of levels, which may be made
        # to spread more than others, and equal of units, which were drawn.
        levels = self._kept(left, self.level, self.unit, unknown=0.0)
        kept = levels * self._kept(left, self.unit, self.level, unknown=1.0)
        f = mean_square / error if error > 0 else np.nan
        return _Fit(mean_square, error, float(fdtrc(self.df * kept, self.df_resid * kept, f)))

    def _kept(
        self, left: np.ndarray, group: np.ndarray, other: np.ndarray, unknown: float
    ) -> float:
        """Return what is left of degrees of freedom where groups spread unequally.

        With residuals of covariance S from n degrees of freedom, E tr S² = (1 + 1/n) tr Σ² +
        (tr Σ)²/n and E (tr S)² = (tr Σ)² + 2/n tr Σ²; no more than ``unknown`` is known of S with
        n = 1. Two groups have one contrast, and it one variance.
        """
        groups, others = int(group.max()) + 1, int(other.max()) + 1
        n, least = self.df_resid / (groups - 1), 1 / (groups - 1)
        if groups == 2 or n <= 1 or not left.any():
            return max(least, unknown)
        table = np.zeros((int(self.context.max() + 1) * others, groups))
        table[self.context * others + other, group] = left
        s = table.T @ table / n
        squared, square = float(np.trace(s)) ** 2, float((s**2).sum())
        of_square = n**2 / ((n - 1) * (n + 2)) * (square - squared / n)
        of_trace = squared - 2 / n * of_square
        return float(np.clip(least * of_trace / max(of_square, TINY * squared), least, 1.0))


class _Pattern(NamedTuple):
    """Contexts that cover the same units and levels.

    Attributes
    ----------
    places : ndarray of int, shape (n,)
        The unit × level of each of their values.
    rows : ndarray of int, shape (contexts, n)
        Where these stand.
    residual : ndarray, shape (n, n)
        What takes the effects of levels and units away.
    """

    places: np.ndarray
    rows: np.ndarray
    residual: np.ndarray


def _crossed(context: np.ndarray, level: np.ndarray, unit: np.ndarray) -> _Crossed | None:
    levels, units = int(level.max()) + 1, int(unit.max()) + 1
    size = levels * units
    found, back = np.unique(context * size + unit * levels + level, return_inverse=True)
    of, place = np.divmod(found, size)
    starts = np.flatnonzero(np.diff(of, prepend=-1))
    same: dict[bytes, list[np.ndarray]] = {}
    for rows in np.split(np.arange(found.size), starts[1:]):
        same.setdefault(place[rows].tobytes(), []).append(rows)
    if sum(contexts[0].size ** 2 for contexts in same.values()) > MOST_ENTRIES:
        return None
    patterns = []
    gram = np.zeros((size, size))
    free = 0
    for contexts in same.values():
        places = place[contexts[0]]
        of_unit, of_level = np.divmod(places, levels)
        residual = _residual(of_unit, of_level, units, levels)
        patterns.append(_Pattern(places, np.stack(contexts), residual))
        gram[np.ix_(places, places)] += len(contexts) * residual
        free += len(contexts) * round(float(np.trace(residual)))
    squares, vectors = np.linalg.eigh(gram)
    real = squares > TINY * max(float(squares[-1]), 1.0)
    df = int(real.sum())
    root = vectors[:, real] / np.sqrt(squares[real])
    unit, level = np.divmod(place, levels)
    expected = float(squares[real].sum()) / max(df, 1)
    cell = renumbered(of * levels + level)
    return _Crossed(back, cell, df, free - df, expected, patterns, root, of, level, unit)


@dataclass(frozen=True)
class _Nested(_Design):
    """Replicates within units as the replication: units × levels against units and levels.

    ``place`` is the unit × level of each value, and ``residual``, shape (places, places), takes the
    effects of units and levels away from means that are weighted by the roots of their sizes.
    """

    place: np.ndarray
    residual: np.ndarray

    def fit(self, value: np.ndarray) -> _Fit:
        size = np.bincount(self.place)
        mean = np.bincount(self.place, value) / size
        square = np.bincount(self.place, (value - mean[self.place]) ** 2)
        weighted = self.residual @ (np.sqrt(size) * mean)
        ss = float(weighted @ weighted)
        # A place with one value does not show its spread: it is taken to be that of all.
        df = np.where(size > 1, size - 1, self.df_resid)
        variance = np.where(size > 1, square, square.sum()) / df
        part = np.diag(self.residual) * variance
        expected = float(part.sum())
        if not expected > 0:
            return _Fit(ss / self.df, 0.0, np.nan)
        df_levels = expected**2 / float(variance @ self.residual**2 @ variance)
        df_error = expected**2 / float((part**2 / df).sum())
        p = float(fdtrc(df_levels, df_error, ss / expected))
        return _Fit(ss / self.df, expected / self.df, p)


def _nested(level: np.ndarray, unit: np.ndarray, inner: np.ndarray) -> _Nested:
    levels = int(level.max()) + 1
    run = (unit * levels + level) * (int(inner.max()) + 1) + inner
    _, first, back = np.unique(run, return_index=True, return_inverse=True)
    found, place = np.unique((unit * levels + level)[first], return_inverse=True)
    of_unit, of_level = np.divmod(found, levels)
    size = np.bincount(place)
    residual = _residual(of_unit, of_level, int(unit.max()) + 1, levels, np.sqrt(size))
    df = round(float(np.trace(residual)))
    expected = float((size * np.diag(residual)).sum()) / max(df, 1)
    df_resid = first.size - found.size
    return _Nested(back, of_level[place], df, df_resid, expected, place, residual)


def _residual(
    unit: np.ndarray, level: np.ndarray, units: int, levels: int, root: np.ndarray | None = None
) -> np.ndarray:
    """Return what takes the effects of units and levels away from weighted values, shape (n, n)."""
    x = np.zeros((unit.size, units + levels))
    x[np.arange(unit.size), unit] = x[np.arange(unit.size), units + level] = 1.0
    x = x if root is None else x * root[:, None]
    return np.asarray(np.eye(unit.size) - x @ np.linalg.pinv(x.T @ x, hermitian=True) @ x.T)
