"""Factorial analysis of variance with type II sums of squares, each term against its own noise.

In: scores, a metric and factors. Out: one F test a term (main effects and interactions). Promised:
each term is adjusted for every other term that does not contain it (Langsrud 2003, Stat. Comput.
13, 163-167); designs with missing cells get the degrees of freedom that they have; and the unit is
the replicate. Where every unit has every cell, a term is held against what it does differently from
unit to unit (the stratum term × unit of a split plot; Cox & Reid 2000, The Theory of the Design of
Experiments, ch. 6): what a seed does to all runs with one setting is noise for that setting. A term
of one degree of freedom then has the p of the matched contrast. Units with gaps are left out where
at least half of them, and two, have none; otherwise, and where no unit is shared, the noise is what
the full model leaves.
"""

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np

from uphold.errors import InputError
from uphold.statistics.level_means import LevelMeans, prepare_levels
from uphold.statistics.oneway import Anova, f_test
from uphold.statistics.scores import Scores, codes

Term = tuple[str, ...]
MOST_COLUMNS = 1500


def anova(
    scores: Scores,
    metric: str,
    factors: tuple[str, ...] | None = None,
    where: Mapping[str, Any] | None = None,
    order: int | None = None,
) -> list[Anova]:
    """Return the type II test of every term.

    Parameters
    ----------
    scores : Scores
    metric : str
    factors : tuple of str, optional
        All factors of the scores unless given; over the others the runs are averaged.
    where : mapping, optional
        Narrows the runs.
    order : int, optional
        The highest order of an interaction: 1 is main effects alone; all orders unless given.

    Returns
    -------
    list of Anova
        Main effects first. A term without degrees of freedom of its own is left out: all of them
        where no run has a score.

    Raises
    ------
    InputError
        More than 1,500 indicator columns.
    """
    factors = scores.factors if factors is None else tuple(factors)
    runs = prepare_levels(scores, metric, factors, where)
    if not runs.row.size:
        return []
    means = runs.means()
    table = scores.table.iloc[runs.first_of_levels()]
    orders = range(1, (order or len(factors)) + 1)
    terms = [t for size in orders for t in combinations(factors, size)]
    of_level = {t: codes(table, list(t)) for t in terms}
    units = _complete_units(means)
    if units is not None:
        cells = np.full((means.levels, means.units), np.nan)
        cells[means.level, means.unit] = means.value
        return _by_strata(cells[:, units], of_level, terms)
    return _by_residuals(means, of_level, terms)


def _complete_units(m: LevelMeans) -> np.ndarray | None:
    """Return the units that have every level, where these are enough to go by."""
    count = np.bincount(m.unit, minlength=m.units)
    whole = np.flatnonzero(count == m.levels)
    if whole.size < 2 or 2 * whole.size < m.units:
        return None
    return whole


def _by_strata(
    cells: np.ndarray, of_level: Mapping[Term, np.ndarray], terms: list[Term]
) -> list[Anova]:
    """Return each term against its own stratum; ``cells`` is of shape (levels, units)."""
    levels, units = cells.shape
    one = np.zeros(levels, dtype=np.intp)
    model = _Model(cells.mean(axis=1), {(): one, **of_level}, terms)
    size = np.square(cells - cells.mean()).sum()
    found = []
    for term in terms:
        direction = model.adjusted(term)
        if not direction.shape[1]:
            continue
        z = direction.T @ cells
        mean = z.mean(axis=1)
        ss, rss = units * float(mean @ mean), float(np.square(z - mean[:, None]).sum())
        found.append(
            f_test(
                term,
                ss,
                direction.shape[1],
                rss if rss > 1e-12 * size else 0.0,
                direction.shape[1] * (units - 1),
                levels * units,
                model.levels(term),
                True,
            )
        )
    return found


def _by_residuals(
    means: LevelMeans, of_level: Mapping[Term, np.ndarray], terms: list[Term]
) -> list[Anova]:
    """Return each term against what the full model leaves."""
    blocked = means.within_units
    block = means.unit if blocked else np.zeros_like(means.unit)
    model = _Model(
        means.value, {(): block} | {t: code[means.level] for t, code in of_level.items()}, terms
    )
    ss_full, rank = model.explained(model.columns([(), *terms]))
    rss, df_resid = model.total - ss_full, means.value.size - rank
    rss = rss if rss > 1e-12 * model.total else 0.0
    found = []
    for term in terms:
        without, wider = model.around(term)
        (ss0, rank0), (ss1, rank1) = model.explained(without), model.explained(wider)
        if rank1 == rank0:
            continue
        found.append(
            f_test(
                term,
                max(ss1 - ss0, 0.0),
                rank1 - rank0,
                rss,
                df_resid,
                means.value.size,
                model.levels(term),
                blocked,
            )
        )
    return found


class _Model:
    """Indicator columns of several terms, and what subsets of them explain.

    Parameters
    ----------
    values : ndarray, shape (n,)
    codes : mapping of term to ndarray of int, shape (n,)
        The cell of each run in each term; the term ``()`` is the block or the intercept.
    """

    def __init__(
        self, values: np.ndarray, codes: Mapping[Term, np.ndarray], terms: list[Term]
    ) -> None:
        self._terms = terms
        self._y = values - values.mean() if values.size else values
        self.total = float((self._y**2).sum())
        sizes = {t: int(c.max(initial=-1)) + 1 for t, c in codes.items()}
        if sum(sizes.values()) > MOST_COLUMNS:
            raise InputError(
                f"A factorial ANOVA over {len(terms)} terms needs {sum(sizes.values())} columns,"
                f" more than {MOST_COLUMNS}. Name fewer factors or a lower order."
            )
        starts = np.cumsum([0, *sizes.values()])
        self._span = {t: np.arange(a, a + sizes[t]) for t, a in zip(codes, starts, strict=False)}
        self._place = np.column_stack([codes[t] + self._span[t][0] for t in codes])
        width = int(starts[-1])
        self._gram = np.zeros((width, width))
        for i in range(self._place.shape[1]):
            for j in range(self._place.shape[1]):
                pair = self._place[:, i].astype(np.int64) * width + self._place[:, j]
                found, count = np.unique(pair, return_counts=True)
                self._gram[found // width, found % width] = count
        self._moment = np.zeros(width)
        for place in self._place.T:
            self._moment += np.bincount(place, self._y, minlength=width)

    def levels(self, term: Term) -> int:
        """Return how many levels a term has."""
        return self._span[term].size

    def columns(self, terms: list[Term]) -> np.ndarray:
        """Return the numbers of the indicator columns of some terms."""
        return np.concatenate([self._span[t] for t in terms])

    def _roots(self, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return orthonormal directions of the columns' space: vectors and their scales."""
        eigenvalues, vectors = np.linalg.eigh(self._gram[np.ix_(columns, columns)])
        real = eigenvalues > 1e-9 * max(eigenvalues[-1], 1.0)
        return vectors[:, real], np.sqrt(eigenvalues[real])

    def explained(self, columns: np.ndarray) -> tuple[float, int]:
        """Return the sum of squares that the columns explain, and their rank."""
        vectors, scale = self._roots(columns)
        return float((((vectors.T @ self._moment[columns]) / scale) ** 2).sum()), scale.size

    def basis(self, columns: np.ndarray) -> np.ndarray:
        """Return an orthonormal basis of the columns' space, shape (n, rank)."""
        vectors, scale = self._roots(columns)
        rows = np.zeros((self._gram.shape[0], scale.size))
        rows[columns] = vectors / scale
        return np.asarray(sum(rows[place] for place in self._place.T))

    def around(self, term: Term) -> tuple[np.ndarray, np.ndarray]:
        """Return the columns of all terms that do not contain one, without it and with it."""
        reduced: list[Term] = [(), *(t for t in self._terms if not set(term) <= set(t))]
        return self.columns(reduced), self.columns([*reduced, term])

    def adjusted(self, term: Term) -> np.ndarray:
        """Return an orthonormal basis of what a term adds to those, shape (n, df)."""
        without, wider = (self.basis(columns) for columns in self.around(term))
        left = wider - without @ (without.T @ wider)
        directions, scale, _ = np.linalg.svd(left, full_matrices=False)
        return np.asarray(directions[:, scale > 1e-6])
