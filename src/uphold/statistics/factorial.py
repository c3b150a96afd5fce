"""Factorial analysis of variance with type II sums of squares.

In: scores, a metric and factors. Out: one F test a term (main effects and interactions). Promised:
each term is adjusted for every other term that does not contain it (Langsrud 2003, Stat. Comput.
13, 163-167); designs with missing cells get the degrees of freedom that they have; the replicate
is a block when every replicate is in every cell.

The sums of squares come from the normal equations of indicator columns, which fit in memory
whatever the number of runs.
"""

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np

from uphold.errors import InputError
from uphold.statistics.oneway import NORMALITY_LEVEL, Anova, f_test, normality, prepare_oneway
from uphold.statistics.permutation import DRAWS, permuted_within
from uphold.statistics.scores import Scores, codes

Term = tuple[str, ...]
MOST_COLUMNS = 1500


def anova(
    scores: Scores,
    metric: str,
    factors: tuple[str, ...] | None = None,
    where: Mapping[str, Any] | None = None,
    order: int | None = None,
    draws: int = DRAWS,
) -> list[Anova]:
    """Return the type II test of every term.

    Parameters
    ----------
    scores : Scores
    metric : str
    factors : tuple of str, optional
        All factors of the scores unless given.
    where : mapping, optional
        Narrows the runs.
    order : int, optional
        The highest order of an interaction: 1 is main effects alone; all orders unless given.
    draws : int
        Permutations (Freedman & Lane 1983: of the residuals without the term) of every term, where
        Shapiro-Wilk rejects normal residuals.

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
    design = prepare_oneway(scores, metric, factors, where)
    if not design.row.size:
        return []
    table = scores.table.iloc[design.row]
    orders = range(1, (order or len(factors)) + 1)
    terms = [t for size in orders for t in combinations(factors, size)]
    model = _Model(
        design.value, {(): design.block} | {t: codes(table, list(t)) for t in terms}, terms
    )
    full = model.columns([(), *terms])
    ss_full, rank = model.explained(full)
    rss, df_resid = model.total - ss_full, design.value.size - rank
    rss = rss if rss > 1e-12 * model.total else 0.0
    normal = normality(model.residuals(full)) if rss > 0 and df_resid > 0 else np.nan
    found = []
    for term in terms:
        reduced = [()] + [t for t in terms if not set(term) <= set(t)]
        without, wider = model.columns(reduced), model.columns([*reduced, term])
        (ss0, rank0), (ss1, rank1) = model.explained(without), model.explained(wider)
        if rank1 == rank0:
            continue
        result = f_test(
            term,
            max(ss1 - ss0, 0.0),
            rank1 - rank0,
            rss,
            df_resid,
            design.value.size,
            model.levels(term),
            design.blocked,
        )
        if normal < NORMALITY_LEVEL and not np.isnan(result.F):
            p = model.permutation_p(without, wider, full, result, design.block, draws)
            result = replace(result, p_permutation=p)
        found.append(replace(result, shapiro_p=normal))
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

    def residuals(self, columns: np.ndarray) -> np.ndarray:
        """Return what the columns leave, shape (n,)."""
        basis = self.basis(columns)
        return np.asarray(self._y - basis @ (basis.T @ self._y))

    def permutation_p(
        self,
        without: np.ndarray,
        wider: np.ndarray,
        full: np.ndarray,
        result: Anova,
        block: np.ndarray,
        draws: int,
    ) -> float:
        """Return the p of a term's F under permutation of the residuals without the term."""
        bases = [self.basis(columns) for columns in (without, wider, full)]
        as_large = 0
        for e in permuted_within(self.residuals(without), block, draws):
            ss0, ss1, ss_full = (((e @ basis) ** 2).sum(axis=1) for basis in bases)
            rss = (e**2).sum(axis=1) - ss_full
            f = (ss1 - ss0) / result.df / (rss / result.df_resid)
            as_large += int((f >= result.F * (1 - 1e-9)).sum())
        return (1 + as_large) / (1 + draws)
