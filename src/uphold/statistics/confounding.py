"""Factors that go with what is compared, so that the two cannot be told apart.

In: cells, some of their factors, and the side of the comparison that each cell is on. Out: which of
the factors are confounded with the sides, each or two together, and which are nested in them.
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from uphold.statistics.scores import codes, distinct

_SIDE = "\0side"


def going_with(
    cells: pd.DataFrame, factors: Sequence[str], side: np.ndarray
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the factors of which each level belongs to one side: confounded ones, and nested ones.

    One that has a level for each side tells them apart by itself and is confounded with them. One
    with several levels in a side is part of what the side is. A factor without effect in some of
    the cells is neither.

    Parameters
    ----------
    cells : pandas.DataFrame
    factors : sequence of str
    side : ndarray of int, shape (cells,)
    """
    sides = distinct(side)
    if sides < 2:
        return (), ()
    numbered = cells.assign(**{_SIDE: side})
    apart = {
        name: cells[name].nunique()
        for name in factors
        if cells[name].notna().all()
        and numbered.groupby(name, observed=True)[_SIDE].nunique().max() == 1
    }
    confounded = tuple(name for name, levels in apart.items() if levels <= sides)
    return confounded, tuple(name for name in apart if name not in confounded)


def going_together(
    cells: pd.DataFrame, factors: Sequence[str], side: np.ndarray
) -> tuple[str, ...]:
    """Return the first two factors of which each combination belongs to one side, if any.

    Their interaction then cannot be told from the sides, however often the cells are run: in a
    fraction of a factorial design such a main effect is aliased with an interaction of two factors
    (Box, Hunter & Hunter, Statistics for Experimenters, resolution III).

    Parameters
    ----------
    cells : pandas.DataFrame
    factors : sequence of str
        A missing value is one more level.
    side : ndarray of int, shape (cells,)
    """
    if distinct(side) < 2:
        return ()
    for pair in combinations(factors, 2):
        combination = codes(cells, list(pair))
        if distinct(combination) == len(set(zip(combination, side, strict=True))):
            return pair
    return ()
