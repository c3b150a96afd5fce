"""How a value changes along a number, by a straight line, adjusted for what else differs.

In: a value of each unit, the number, and what else tells units apart, as columns. Out: the slope
with its error, the slopes near both ends, and the p that it is no line. Promised: least squares,
with an error that lets units spread unequally: HC3 of MacKinnon & White (1985), J. Econometrics 29,
305-325, which Long & Ervin (2000), Am. Stat. 54, 217-224, advise for small samples, with as many
degrees of freedom as units are left. HC2 with Satterthwaite's degrees of freedom, which is CR2 of
single units, was tried beside it, and was wrong in 7 % where noise grew towards both ends and 12
other columns were told from 30 units; HC3 was wrong in 5 % at most. What other columns tell whole
has no slope.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import stdtr

from uphold.statistics.estimate import ROUNDING

TINY = 1e-9
FEWEST_LEFT = 4
"""Units beyond the columns of the model that an error takes."""
WITHIN = (0.1, 0.9)
"""Quantiles of the number between which most units lie, and at which its ends are judged."""


class Error(NamedTuple):
    """A value with its standard error and the degrees of freedom of that."""

    value: float
    se: float
    df: float

    @property
    def p(self) -> float:
        """Two-sided, for 0; NaN where there is no error."""
        return float(2 * stdtr(self.df, -abs(self.value / self.se))) if self.se > 0 else np.nan


NOTHING = Error(np.nan, np.nan, np.nan)


@dataclass(frozen=True)
class Slope:
    """The change of a value for one of the number.

    Attributes
    ----------
    line : Error
        Of the straight line.
    low, high : Error
        Of a parabola, where it is at the tenth and at the ninetieth percentile of the number.
    bend : Error
        Of the square of the number: what a line lacks.
    turn : float
        The number at which the parabola has its summit or its valley.
    told : bool
        Whether the number is told whole by the other columns.
    ends : tuple of float
        The two percentiles.
    """

    line: Error
    low: Error
    high: Error
    bend: Error
    turn: float
    told: bool
    ends: tuple[float, float]


def slope(x: np.ndarray, y: np.ndarray, others: np.ndarray) -> Slope:
    """Return the slope of y along x.

    Parameters
    ----------
    x, y : ndarray, shape (units,)
    others : ndarray, shape (units, columns)
        What else the mean of y follows, without a constant.
    """
    z = x - x.mean()
    spread = z.std()
    ends = (float(np.quantile(x, WITHIN[0])), float(np.quantile(x, WITHIN[1])))
    if not spread > 0:
        return Slope(NOTHING, NOTHING, NOTHING, NOTHING, np.nan, True, ends)
    z = z / spread
    rest = np.column_stack([np.ones(x.size), others])
    told = _left_of(z, rest) < TINY
    line = NOTHING if told else Fit(np.column_stack([z, rest]), y).combination(1.0)
    low = high = bend = NOTHING
    turn = np.nan
    square = z**2
    if not told and _left_of(square, np.column_stack([z, rest])) > TINY:
        both = Fit(np.column_stack([z, square, rest]), y)
        low, high = (both.combination(1.0, 2 * (end - x.mean()) / spread) for end in ends)
        bend = both.combination(0.0, 1.0)
        if bend.value:
            first = both.combination(1.0).value
            turn = float(x.mean() - spread * first / (2 * bend.value))
    line, low, high = (Error(e.value / spread, e.se / spread, e.df) for e in (line, low, high))
    return Slope(line, low, high, bend, turn, told, ends)


class Fit:
    """A linear model by least squares, and sums of its first coefficients with their errors.

    Parameters
    ----------
    design : ndarray, shape (units, columns)
        Its columns need not be independent, but for those that are asked for.
    y : ndarray, shape (units,)
    """

    def __init__(self, design: np.ndarray, y: np.ndarray) -> None:
        u, size, v = np.linalg.svd(design, full_matrices=False)
        real = size > TINY * size[0]
        self._y, self._u, self._size, self._v = y, u[:, real], size[real], v[real]
        self._residual = y - self._u @ (self._u.T @ y)
        self._left = 1 - (self._u**2).sum(axis=1)

    def combination(self, *weights: float) -> Error:
        """Return the sum of the first coefficients, so weighted."""
        y, df = self._y, self._y.size - self._size.size
        target = np.append(weights, np.zeros(self._v.shape[1] - len(weights)))
        c = self._u @ ((self._v @ target) / self._size)
        free = self._left > TINY
        if df < FEWEST_LEFT or (np.abs(c[~free]) > TINY * np.abs(c).max()).any():
            return Error(float(c @ y), np.nan, np.nan)
        lost = np.where(free, c / np.where(free, self._left, 1.0), 0.0)
        se = float(np.sqrt(((lost * self._residual) ** 2).sum()))
        rounding = ROUNDING * max(float(np.abs(y).max()), 1.0) * float(np.sqrt((lost**2).sum()))
        return Error(float(c @ y), se if se > rounding else 0.0, float(df))


def _left_of(column: np.ndarray, others: np.ndarray) -> float:
    """Return the share of a column's squares that others do not tell."""
    fitted = others @ np.linalg.lstsq(others, column, rcond=None)[0]
    return float(((column - fitted) ** 2).sum() / (column**2).sum())
