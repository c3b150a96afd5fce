"""One estimator for every design: least squares for cells and units, errors clustered by unit.

In: which arm, context and unit each value stands for. Out: the weights that a contrast gives to the
values, and from these its estimate, standard error and degrees of freedom. Promised:

- The estimate is a mean over contexts, each with the same weight, of what the arms differ by.
- Its variance is clustered by unit and corrected for small samples: CR2 of Bell & McCaffrey (2002),
  Surv. Methodol. 28, 169-181, with a generalised inverse where units have effects of their own;
  degrees of freedom by Satterthwaite (Pustejovsky & Tipton 2018, J. Bus. Econ. Stat. 36, 672-683).
- Where all arms were run on the same units it is the paired t over the units' means, with one
  degree of freedom less than units; where every unit is in one cell alone it is Welch's t.
- Which model is used depends on the design alone and never on a value, so that choosing it costs no
  error rate. The rest of a plan depends on the design alone as well, and is kept for the next
  contrast of the same design.

Contexts whose runs cover the same arms and units are averaged before anything is solved: in a
design without gaps that leaves arms × units values, however many contexts there are.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import stdtrit

from uphold.error_rates import LEVEL
from uphold.statistics.estimate import ROUNDING
from uphold.statistics.scores import numbered

TINY = 1e-9
MOST_COLUMNS = 800
"""Cells (arms × kinds of contexts) of one contrast."""
MOST_IN_A_UNIT = 400
"""Values of one unit, after averaging."""
TOLERATED = 1.25
"""How much wider an interval may be expected to be, before a simpler model is used instead."""


@dataclass(frozen=True)
class Layout:
    """What each value stands for.

    Attributes
    ----------
    arm, context, unit : ndarray of int, shape (values,)
        Numbered from 0 without gaps.
    weight : ndarray, shape (values,)
        Over how many contexts a value is a mean.
    arms, contexts, units : int
    side : ndarray of int, shape (values, factors), optional
        Levels to adjust for side by side, in place of contexts that all arms share.
    """

    arm: np.ndarray
    context: np.ndarray
    unit: np.ndarray
    weight: np.ndarray
    arms: int
    contexts: int
    units: int
    side: np.ndarray | None = None


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
    _root: np.ndarray
    _basis: np.ndarray
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
        y = (self._root * value.T).T
        residual = _within(y, self._root, self.layout, self.shared)
        residual = residual - self._basis @ (self._basis.T @ residual)
        part = np.zeros((self.layout.units, *value.shape[1:]))
        np.add.at(part, self.layout.unit, (self._adjusted * residual.T).T)
        return part

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


def laid_out(
    arm: np.ndarray,
    context: np.ndarray,
    unit: np.ndarray,
    value: np.ndarray,
    arms: int,
    side: np.ndarray | None = None,
) -> tuple[Layout, np.ndarray, np.ndarray]:
    """Average over the contexts whose values cover the same arms and units.

    Parameters
    ----------
    arm, context, unit : ndarray of int, shape (n,)
        Each combination at most once; contexts and units numbered without gaps.
    value : ndarray, shape (n,)
    arms : int
    side : ndarray of int, shape (n, factors), optional
        Levels to adjust for: then nothing is averaged.

    Returns
    -------
    layout : Layout
        Its contexts are kinds of contexts.
    value : ndarray, shape (values,)
    back : ndarray of int, shape (n,)
        In which of these values each given one is.
    """
    units = int(unit.max(initial=-1)) + 1
    if side is not None:
        one, alone = np.ones(value.size), np.zeros(value.size, dtype=np.intp)
        layout = Layout(arm, alone, unit, one, arms, 1, units, side)
        return layout, value, np.arange(value.size)
    place = arm * units + unit
    order = np.lexsort((place, context))
    size = np.bincount(context)
    kinds: dict[bytes, int] = {}
    covered = np.split(place[order], np.cumsum(size)[:-1])
    kind = np.array([kinds.setdefault(c.tobytes(), len(kinds)) for c in covered], dtype=np.intp)
    cell = kind[context] * (arms * units) + place
    found, back = numbered(cell)
    count = np.bincount(back)
    kind_of, where = np.divmod(found, arms * units)
    layout = Layout(
        where // units, kind_of, where % units, count.astype(float), arms, len(kinds), units
    )
    return layout, np.bincount(back, value) / count, back


def plan(layout: Layout, weights: tuple[float, ...]) -> Plan | None:
    """Return how to take the weighted sum of arms, averaged over contexts; None where none can be.

    Tried in this order: cells of arm × context with units; cells alone; arms and contexts side by
    side with units, and without. The first is used whose interval may be expected to be at most a
    quarter wider than the narrowest, if units vary as much as what is within them: the simpler
    models are for designs that are too thin for the fuller ones. Where no model tells the error,
    its degrees of freedom are NaN.
    """
    return _plan(_Known(layout), weights)


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


@lru_cache(maxsize=4096)
def _plan(known: _Known, weights: tuple[float, ...]) -> Plan | None:
    layout = known.layout
    found = [_solved(layout, np.array(weights), *model) for model in _models(layout)]
    plans = [p for p in found if p is not None and p.df >= 1 - TINY]
    if not plans:
        return next((p for p in found if p is not None), None)
    width = [_expected_width(p) for p in plans]
    return next(p for p, w in zip(plans, width, strict=True) if w <= TOLERATED * min(width))


def _models(layout: Layout) -> list[tuple[bool, bool]]:
    """Return (whether cells are crossed, whether units have effects) of each model."""
    if layout.side is not None:
        return [(False, True), (False, False)]
    crossed = [(True, True), (True, False)]
    return crossed if layout.contexts == 1 else [*crossed, (False, True), (False, False)]


def _solved(layout: Layout, weights: np.ndarray, crossed: bool, shared: bool) -> Plan | None:
    """Return the plan by one model, None where it does not tell the contrast."""
    kinds = layout.contexts
    total = np.bincount(layout.context, layout.weight, kinds)
    of_kind = total / np.maximum(np.bincount(layout.context, minlength=kinds), 1)
    share = of_kind / of_kind.sum()
    if crossed:
        columns = [layout.context * layout.arms + layout.arm]
        target = np.outer(share, weights).ravel()
    elif layout.side is not None:
        level = layout.arms + layout.side + np.cumsum([0, *layout.side.max(axis=0)[:-1] + 1])
        columns = [layout.arm, *level.T]
        target = np.append(weights, np.zeros(level.max() + 1 - layout.arms))
    else:
        columns = [layout.arm, layout.arms + layout.context]
        # What is no difference of arms keeps the mean of the contexts in it.
        target = np.append(weights, share * weights.sum())
    if target.size > MOST_COLUMNS or np.bincount(layout.unit).max() > MOST_IN_A_UNIT:
        return None
    root = np.sqrt(layout.weight)
    x = np.zeros((root.size, target.size))
    for column in columns:
        x[np.arange(root.size), column] = root
    x = _within(x, root, layout, shared)
    squares, vectors = np.linalg.eigh(x.T @ x)
    real = squares > TINY * max(squares[-1], 1.0)
    squares, vectors = squares[real], vectors[:, real]
    in_space = vectors.T @ target
    if np.abs(vectors @ in_space - target).max() > 1e-7:
        return None
    basis = x @ (vectors / np.sqrt(squares))
    c = basis @ (in_space / np.sqrt(squares))
    adjusted, own, lost = _adjusted(layout, root, basis, c, shared)
    # Satterthwaite, under independent values of one variance: P = diag(own) - T T'.
    t = np.zeros((layout.units, basis.shape[1]))
    np.add.at(t, layout.unit, adjusted[:, None] * basis)
    low = (t**2).sum(axis=1)
    trace, square = (own - low).sum(), (own**2 - 2 * own * low).sum() + ((t.T @ t) ** 2).sum()
    known = lost <= 1e-7 * (c @ c) and trace > 0 and square > 0
    df = round(float(trace**2 / square), 9) if known else np.nan
    cell = None
    if crossed and not shared and np.bincount(layout.unit).max() == 1:
        cell = np.empty(layout.units, dtype=np.intp)
        cell[layout.unit] = layout.context * layout.arms + layout.arm
    c = np.where(np.abs(c) > TINY * np.abs(c).max(), c, 0.0)
    return Plan(layout, c * root, df, float(c @ c), shared, root, basis, adjusted, cell)


def _within(x: np.ndarray, root: np.ndarray, layout: Layout, shared: bool) -> np.ndarray:
    """Return columns less what the units' own effects explain of them."""
    if not shared:
        return x
    flat = x.reshape(root.size, -1)
    total = np.zeros((layout.units, flat.shape[1]))
    np.add.at(total, layout.unit, root[:, None] * flat)
    total /= np.bincount(layout.unit, root**2, layout.units)[:, None]
    return np.asarray((flat - root[:, None] * total[layout.unit]).reshape(x.shape))


def _adjusted(
    layout: Layout, root: np.ndarray, basis: np.ndarray, c: np.ndarray, shared: bool
) -> tuple[np.ndarray, np.ndarray, float]:
    """Return (I - H)^(-1/2) c of each unit, what that is by itself, and what of c is lost.

    ``own``, shape (units,): the squared length of the first, less its part along the unit's own
    effect. Lost is what lies where the fit leaves no residual: with it no variance is known.
    """
    adjusted, own, lost = np.zeros(c.size), np.zeros(layout.units), 0.0
    order = np.argsort(layout.unit, kind="stable")
    size = np.bincount(layout.unit, minlength=layout.units)
    start = np.concatenate([[0], np.cumsum(size)])
    for m in np.unique(size[size > 0]).tolist():
        units = np.flatnonzero(size == m)
        rows = order[start[units][:, None] + np.arange(m)]
        b, r, part = basis[rows], root[rows], c[rows]
        left = np.eye(m) - b @ b.transpose(0, 2, 1)
        if shared:
            r = r / np.sqrt((r**2).sum(axis=1))[:, None]
            left = left - r[:, :, None] * r[:, None, :]
        squares, vectors = np.linalg.eigh(left)
        real = squares > TINY
        along = np.einsum("gij,gi->gj", vectors, part)
        lost += float((along[~real] ** 2).sum())
        shrunk = np.where(real, along / np.sqrt(np.where(real, squares, 1.0)), 0.0)
        p = np.einsum("gij,gj->gi", vectors, shrunk)
        adjusted[rows] = p
        own[units] = (p**2).sum(axis=1) - (((r * p).sum(axis=1)) ** 2 if shared else 0.0)
    return adjusted, own, lost


def _expected_width(plan: Plan) -> float:
    """Return half of the interval's width to be expected, where units vary as values do."""
    of_unit = np.bincount(plan.layout.unit, plan.coefficient, plan.layout.units)
    variance = plan.scale + (of_unit**2).sum()
    return float(stdtrit(plan.df, (1 + LEVEL) / 2) * np.sqrt(variance))
