"""Which settings of the other factors arms share, so that they can be compared in each.

In: cells, one a run's arm, other factors and unit. Out: the context of each, and what stands in the
way where arms share none: factors that are confounded with them, alone or together, factors that
are part of what the arms are, and factors to adjust for.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from uphold.statistics.confounding import going_together, going_with
from uphold.statistics.scores import codes

ARM = "\0arm"
"""The column that says which arm a cell belongs to."""


class Found(NamedTuple):
    """What `Matching` holds of the cells' contexts."""

    context: np.ndarray
    side: np.ndarray | None = None
    confounded: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    nested: tuple[str, ...] = ()
    adjusted: tuple[str, ...] = ()


def shared_contexts(cells: pd.DataFrame, keys: list[str], arms: int) -> Found:
    """Return the context of each cell, what to adjust for, what is confounded and what nested."""
    found, contexts = _complete(cells, keys, arms)
    left = found < 0
    if not left.any() and contexts:
        return Found(found)
    missing = cells.loc[left, keys].isna().any()
    if missing.any():
        coarser = [key for key in keys if not missing[key]]
        found[left], more = _complete(cells[left], coarser, arms)
        found[left] += np.where(found[left] >= 0, contexts, 0)
        contexts += more
    if contexts or not len(cells) or cells[ARM].nunique() < arms:
        return Found(found)
    arm = cells[ARM].to_numpy()
    confounded, nested = going_with(cells, keys, arm)
    if confounded:
        return Found(found, confounded=confounded)
    rest = [key for key in keys if key not in nested]
    found, contexts = _complete(cells, rest, arms)
    if contexts:
        return Found(found, nested=nested)
    if together := going_together(cells, rest, arm):
        return Found(found, together=together)
    # No combination has all arms, though any two factors' levels are met in several: adjusted for
    # the levels side by side.
    side = np.column_stack([codes(cells, [key]) for key in rest])
    return Found(codes(cells, rest), side, nested=nested, adjusted=tuple(rest))


def _complete(cells: pd.DataFrame, keys: list[str], arms: int) -> tuple[np.ndarray, int]:
    """Number the combinations of keys that every arm has; other cells get -1."""
    key = codes(cells, keys)
    size = key.max() + 1 if key.size else 0
    present = np.zeros((size, arms), dtype=bool)
    present[key, cells[ARM].to_numpy()] = True
    complete = present.all(axis=1)
    number = np.where(complete, np.cumsum(complete) - 1, -1)
    return number[key], int(complete.sum())
