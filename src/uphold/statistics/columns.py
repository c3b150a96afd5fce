"""The columns of a linear model of arms, contexts and units, never written out as a matrix.

In: a layout, and in which columns each value stands. Out: products with these columns, less what
the units' own effects explain of them. Promised: a value has few columns and these are counted, so
that no matrix of values × columns is made.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from uphold.statistics.layout import Layout


@dataclass(frozen=True)
class Columns:
    """The columns of a model, less what the units' own effects explain of them where it has these.

    Attributes
    ----------
    layout : Layout
    places : list of ndarray of int, shape (values,)
        In which columns a value has its root of a weight; in all others it has 0.
    size : int
        How many columns there are.
    shared : bool
        Whether units have effects.
    """

    layout: Layout
    places: list[np.ndarray]
    size: int
    shared: bool

    @cached_property
    def root(self) -> np.ndarray:
        """The root of each value's weight."""
        return np.asarray(np.sqrt(self.layout.weight))

    @cached_property
    def unit_weight(self) -> np.ndarray:
        """The weight of each unit's values."""
        return np.bincount(self.layout.unit, self.layout.weight, self.layout.units)

    @cached_property
    def unit_mean(self) -> np.ndarray:
        """The mean of each column in each unit, shape (units, columns)."""
        return np.asarray(self.by_unit(self.root).T / self.unit_weight[:, None])

    def within(self, y: np.ndarray) -> np.ndarray:
        """Return values, shape (values, ...), less what the units' own effects explain of them."""
        if not self.shared:
            return y
        unit = self.layout.unit
        mean = times(1 / self.unit_weight, sums(unit, times(self.root, y), self.layout.units))
        return np.asarray(y - times(self.root, mean[unit]))

    def products(self, y: np.ndarray) -> np.ndarray:
        """Return the columns' products with what is within units, shape (columns, ...)."""
        weighted = times(self.root, y)
        return np.asarray(sum(sums(place, weighted, self.size) for place in self.places))

    def combined(self, z: np.ndarray) -> np.ndarray:
        """Return the sum of the columns times numbers, shape (columns, ...)."""
        return self.within(times(self.root, np.asarray(sum(z[place] for place in self.places))))

    def by_unit(self, y: np.ndarray) -> np.ndarray:
        """Return the whole columns' products with each unit's values, shape (columns, units)."""
        weighted, shape = self.root * y, (self.size, self.layout.units)
        where = [place * self.layout.units + self.layout.unit for place in self.places]
        return np.asarray(
            sum(np.bincount(w, weighted, shape[0] * shape[1]) for w in where)
        ).reshape(shape)

    def gram(self) -> np.ndarray:
        """Return the products of the columns with each other."""
        pairs = [a * self.size + b for a in self.places for b in self.places]
        total = sum(np.bincount(p, self.layout.weight, self.size**2) for p in pairs)
        found = np.asarray(total).reshape(self.size, self.size)
        if not self.shared:
            return found
        return np.asarray(found - self.unit_mean.T @ (self.unit_weight[:, None] * self.unit_mean))

    def rows(self, rows: np.ndarray) -> np.ndarray:
        """Return the columns of some values, shape (rows, columns)."""
        x = np.zeros((rows.size, self.size))
        for place in self.places:
            x[np.arange(rows.size), place[rows]] = self.root[rows]
        if self.shared:
            x -= self.root[rows, None] * self.unit_mean[self.layout.unit[rows]]
        return x

    def fitted_alone(self, inverse: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Return what the fit makes of each unit's values where those of all others are 0."""
        z = inverse @ self.by_unit(self.within(y))
        return self.within(self.root * sum(z[place, self.layout.unit] for place in self.places))


def sums(code: np.ndarray, values: np.ndarray, size: int) -> np.ndarray:
    """Return the sum of the values, shape (n, ...), of each code, shape (size, ...)."""
    if values.ndim == 1:
        return np.bincount(code, values, size)
    total = np.zeros((size, *values.shape[1:]))
    np.add.at(total, code, values)
    return total


def times(factor: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return values, shape (n, ...), each times its factor, shape (n,)."""
    return np.asarray((factor * values.T).T)
