"""One estimator for every design: least squares for cells and units, errors clustered by unit.

In: a layout, which says of each value its arm, context and unit. Out: the weights that a contrast
gives to the values, and from these its estimate, standard error and degrees of freedom. Promised:

- The estimate is a mean over contexts, each with the same weight, of what the arms differ by.
- Its variance is clustered by unit and corrected for small samples: CR2 of Bell & McCaffrey (2002),
  Surv. Methodol. 28, 169-181, with a generalised inverse where units have effects of their own;
  degrees of freedom by Satterthwaite (Pustejovsky & Tipton 2018, J. Bus. Econ. Stat. 36, 672-683).
- Where all arms were run on the same units it is the paired t over the units' means, with one
  degree of freedom less than units; where every unit is in one cell alone it is Welch's t.
- Which model is used depends on the design alone and never on a value, so that choosing it costs no
  error rate. The rest of a plan depends on the design alone as well, and is kept for the next
  contrast of the same design.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from scipy.special import ndtri, stdtrit

from uphold.error_rates import LEVEL
from uphold.statistics.columns import Columns, sums, times
from uphold.statistics.estimate import ROUNDING
from uphold.statistics.layout import Layout

TINY = 1e-9
MOST_COLUMNS = 800
"""Cells (arms × kinds of contexts) of one contrast."""
MOST_IN_A_UNIT = 400
"""Values of one unit, after averaging."""
MOST_BY_ROOTS = 64
"""Values of a unit whose residuals' covariance is taken apart into its roots."""
MOST_TERMS, PRECISION = 40, 1e-14
"""Of the series that is used for more values, and how small the last term is against the first."""
SMALL = 20_000
"""Values × columns of a layout whose plans are kept by the thousand."""
TOLERATED = 1.25
"""How much wider an interval may be expected to be, before a simpler model is used instead."""


@dataclass(frozen=True)
class Plan:
    """How a contrast is taken from values of one layout.

    Attributes
    ----------
    coefficient : ndarray, shape (values,)
        Of each value in the contrast.
    df : float
    scale : float
        The variance of the contrast in units of that of one value, where all vary alike and
        independently.
    shared : bool
        Whether units have effects, so that arms are compared within them.
    """

    layout: Layout
    coefficient: np.ndarray
    df: float
    scale: float
    shared: bool
    _columns: Columns
    _inverse: np.ndarray
    _adjusted: np.ndarray
    _cell_of_unit: np.ndarray | None

    @property
    def method(self) -> str:
        """How arms are compared: within units, with gaps or without, or between them."""
        if np.isnan(self.df):
            return "none"
        counts = self.coefficient != 0
        unit, arm = self.layout.unit[counts], self.layout.arm[counts]
        arms_of_unit = np.bincount(np.unique(unit * self.layout.arms + arm) // self.layout.arms)
        if not self.shared:
            return "Welch t" if arms_of_unit.max() == 1 < self.layout.arms else "t"
        kinds = np.unique(self.layout.context[counts]).size
        full = np.bincount(unit)[np.unique(unit)] == self.layout.arms * kinds
        return "paired t" if full.all() else "incomplete blocks t"

    def is_rounding(self, variance: float, value: np.ndarray) -> bool:
        """Return whether a variance is no more than the rounding of the values leaves."""
        size = max(float(np.abs(value).max()), 1.0) * np.sqrt((self.coefficient**2).sum())
        return bool(np.sqrt(variance) <= ROUNDING * size)

    def parts(self, value: np.ndarray) -> np.ndarray:
        """Return each unit's part in the error, shape (units, ...): its squares add up to the
        variance of the contrast.

        ``value`` has shape (values, ...): a contrast for each of what follows.
        """
        columns = self._columns
        y = columns.within(times(columns.root, value))
        residual = y - columns.combined(self._inverse @ columns.products(y))
        return sums(self.layout.unit, times(self._adjusted, residual), self.layout.units)

    def estimate(self, value: np.ndarray) -> tuple[float, float, float]:
        """Return the contrast, its variance and that one's degrees of freedom.

        Where every unit is in one cell of arm and context, cells may spread unequally: degrees of
        freedom are then Welch's, from the variance that each cell shows.
        """
        part = self.parts(value) ** 2
        variance, df = float(part.sum()), self.df
        if self._cell_of_unit is not None and variance > 0:
            size = np.bincount(self._cell_of_unit)
            by_cell = np.bincount(self._cell_of_unit, part)[size > 1]
            df = variance**2 / float((by_cell**2 / (size[size > 1] - 1)).sum())
        return float(self.coefficient @ value), variance if df > 0 else np.nan, df


def plan(layout: Layout, weights: tuple[float, ...]) -> Plan | None:
    """Return how to take the weighted sum of arms, averaged over contexts; None where none can be.

    Tried in this order: cells of arm × context with units; cells alone; arms and contexts side by
    side with units, and without. The first is used whose interval may be expected to be at most a
    quarter wider than the narrowest, if units vary as much as what is within them: the simpler
    models are for designs that are too thin for the fuller ones. Where no model tells the error,
    its degrees of freedom are NaN.
    """
    small = layout.unit.size * layout.arms * layout.contexts <= SMALL
    return (_plan if small else _large_plan)(_Known(layout), weights)


class _Known:
    """A layout that is equal to another of the same content, so that plans can be kept by it."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        arrays = (layout.arm, layout.context, layout.unit, layout.weight, layout.side)
        sizes = (layout.arms, layout.contexts, layout.units)
        self._content = (*sizes, *(None if a is None else a.tobytes() for a in arrays))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Known) and self._content == other._content

    def __hash__(self) -> int:
        return hash(self._content)


def _chosen(known: _Known, weights: tuple[float, ...]) -> Plan | None:
    layout, taken = known.layout, np.array(weights)
    found: list[Plan] = []
    width: list[float] = []
    for model in _models(layout):
        contrast = _solved(layout, taken, *model)
        if contrast is None:
            continue
        found.append(contrast.planned())
        width.append(contrast.expected_width(found[-1].df))
        # Whatever the rest are, the first is used where none can be so much narrower.
        if len(found) == 1 and width[0] <= TOLERATED * _least_width(layout, taken):
            return found[0]
    if not np.isfinite(width).any():
        return found[0] if found else None
    return next(p for p, w in zip(found, width, strict=True) if w <= TOLERATED * min(width))


def _least_width(layout: Layout, weights: np.ndarray) -> float:
    """Return what no model's expected width is below: that of arms alone, without contexts.

    By Gauss & Markov: what any of the models estimates is without bias where contexts add nothing,
    and of all such estimates that of generalised least squares has the least variance.
    """
    size = layout.units * layout.arms
    total = np.bincount(layout.unit * layout.arms + layout.arm, layout.weight, size)
    told = total.reshape(layout.units, layout.arms)
    if not told.sum(axis=0).all():
        return 0.0
    known = np.diag(told.sum(axis=0)) - told.T @ (told / (1 + told.sum(axis=1))[:, None])
    return float(ndtri((1 + LEVEL) / 2) * np.sqrt(weights @ np.linalg.solve(known, weights)))


_plan = lru_cache(maxsize=4096)(_chosen)
_large_plan = lru_cache(maxsize=16)(_chosen)


def _models(layout: Layout) -> list[tuple[bool, bool]]:
    """Return (whether cells are crossed, whether units have effects) of each model."""
    if layout.side is not None:
        return [(False, True), (False, False)]
    crossed = [(True, True), (True, False)]
    return crossed if layout.contexts == 1 else [*crossed, (False, True), (False, False)]


def _solved(layout: Layout, weights: np.ndarray, crossed: bool, shared: bool) -> "_Contrast | None":
    """Return the contrast by one model, None where it does not tell it."""
    kinds = layout.contexts
    total = np.bincount(layout.context, layout.weight, kinds)
    of_kind = total / np.maximum(np.bincount(layout.context, minlength=kinds), 1)
    share = of_kind / of_kind.sum()
    if crossed:
        places = [layout.context * layout.arms + layout.arm]
        target = np.outer(share, weights).ravel()
    elif layout.side is not None:
        level = layout.arms + layout.side + np.cumsum([0, *layout.side.max(axis=0)[:-1] + 1])
        places = [layout.arm, *level.T]
        target = np.append(weights, np.zeros(level.max() + 1 - layout.arms))
    else:
        places = [layout.arm, layout.arms + layout.context]
        # What is no difference of arms keeps the mean of the contexts in it.
        target = np.append(weights, share * weights.sum())
    if target.size > MOST_COLUMNS or np.bincount(layout.unit).max() > MOST_IN_A_UNIT:
        return None
    columns = Columns(layout, places, target.size, shared)
    squares, vectors = np.linalg.eigh(columns.gram())
    real = squares > TINY * max(squares[-1], 1.0)
    half = vectors[:, real] / np.sqrt(squares[real])
    if np.abs(vectors[:, real] @ (vectors[:, real].T @ target) - target).max() > 1e-7:
        return None
    cell = places[0] if crossed and not shared else None
    return _Contrast(columns, half, columns.combined(half @ (half.T @ target)), cell)


@dataclass(frozen=True)
class _Contrast:
    """What a contrast is by one model, before its degrees of freedom are known.

    Attributes
    ----------
    columns : Columns
    half : ndarray, shape (columns, rank)
        What makes an orthonormal basis of the columns.
    c : ndarray, shape (values,)
        The contrast, of values times the root of their weight.
    cell : ndarray of int, shape (values,), optional
        Where the model has only cells.
    """

    columns: Columns
    half: np.ndarray
    c: np.ndarray
    cell: np.ndarray | None

    @cached_property
    def _coefficient(self) -> np.ndarray:
        return np.where(np.abs(self.c) > TINY * np.abs(self.c).max(), self.c, 0.0)

    def expected_width(self, df: float) -> float:
        """Return half of the interval's width to be expected, where units vary as values do.

        Infinite where so few degrees of freedom tell no error.
        """
        if not df >= 1 - TINY:
            return np.inf
        layout, c = self.columns.layout, self._coefficient
        of_unit = np.bincount(layout.unit, c * self.columns.root, layout.units)
        return float(stdtrit(df, (1 + LEVEL) / 2) * np.sqrt(c @ c + of_unit @ of_unit))

    def planned(self) -> Plan:
        """Return the plan, which takes the contrast's error and its degrees of freedom."""
        columns, layout, c = self.columns, self.columns.layout, self._coefficient
        inverse = self.half @ self.half.T
        adjusted, lost = _adjusted(self, inverse)
        along = np.bincount(layout.unit, adjusted * columns.root, layout.units)
        own = np.bincount(layout.unit, adjusted**2, layout.units)
        # Satterthwaite, under independent values of one variance: P = diag(own) - T T'.
        t = columns.by_unit(adjusted).T
        if columns.shared:
            own -= along**2 / columns.unit_weight
            t = t - along[:, None] * columns.unit_mean
        t = t @ self.half
        low = (t**2).sum(axis=1)
        cross = t @ t.T if t.shape[0] < t.shape[1] else t.T @ t
        trace, square = (own - low).sum(), (own**2 - 2 * own * low).sum() + (cross**2).sum()
        known = lost <= 1e-7 * (self.c @ self.c) and trace > 0 and square > 0
        df = round(float(trace**2 / square), 9) if known else np.nan
        cell = None
        if self.cell is not None and np.bincount(layout.unit).max() == 1:
            cell = np.empty(layout.units, dtype=np.intp)
            cell[layout.unit] = self.cell
        return Plan(
            layout,
            c * columns.root,
            df,
            float(c @ c),
            columns.shared,
            columns,
            inverse,
            adjusted,
            cell,
        )


def _adjusted(contrast: _Contrast, inverse: np.ndarray) -> tuple[np.ndarray, float]:
    """Return (I - H)^(-1/2) c of each unit, shape (values,), and what of c is lost.

    Lost is what lies where the fit leaves no residual: with it no variance is known. Units of many
    values, each of which the fit follows little, need no roots: the binomial series of that power
    is soon at its end.
    """
    columns, c = contrast.columns, contrast.c
    layout = columns.layout
    size = np.bincount(layout.unit, minlength=layout.units)
    many = size > MOST_BY_ROOTS
    adjusted, lost = np.zeros(c.size), 0.0
    if many.any():
        adjusted, ended = _by_series(columns, inverse, np.where(many[layout.unit], c, 0.0))
        many &= ended
    order = np.argsort(layout.unit, kind="stable")
    start = np.concatenate([[0], np.cumsum(size)])
    for m in np.unique(size[~many & (size > 0)]).tolist():
        units = np.flatnonzero((size == m) & ~many)
        rows = order[start[units][:, None] + np.arange(m)]
        b = (columns.rows(rows.ravel()) @ contrast.half).reshape(*rows.shape, -1)
        left = np.eye(m) - b @ b.transpose(0, 2, 1)
        if columns.shared:
            r = columns.root[rows]
            r = r / np.sqrt((r**2).sum(axis=1))[:, None]
            left = left - r[:, :, None] * r[:, None, :]
        squares, vectors = np.linalg.eigh(left)
        real = squares > TINY
        along = np.einsum("gij,gi->gj", vectors, c[rows])
        lost += float((along[~real] ** 2).sum())
        shrunk = np.where(real, along / np.sqrt(np.where(real, squares, 1.0)), 0.0)
        adjusted[rows] = np.einsum("gij,gj->gi", vectors, shrunk)
    return adjusted, lost


def _by_series(
    columns: Columns, inverse: np.ndarray, c: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return (1 + H/2 + 3/8 H² + ...) c of each unit, and for which units it came to its end."""
    layout = columns.layout

    def lengths(y: np.ndarray) -> np.ndarray:
        return np.bincount(layout.unit, y**2, layout.units)

    total, term, least = c.copy(), c, PRECISION**2 * lengths(c)
    ended = np.zeros(layout.units, dtype=bool)
    for k in range(1, MOST_TERMS + 1):
        term = columns.fitted_alone(inverse, term) * (2 * k - 1) / (2 * k)
        total += term
        ended = lengths(term) <= least
        if ended.all():
            break
    return total, ended
