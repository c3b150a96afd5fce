"""What each test item adds to the scores of a sweep's runs, as a file.

In: for each row of the sweep's log its scores by item. Out: a safetensors file. For each
score ``<score>/score``, shape (rows, items), in half precision where that holds it, NaN for runs
that failed and items that a run was not tested on; ``<score>/item``, the places of these items
among all; and once ``group``, the number of the group of every item. Items that no run has a part
in are left out.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from safetensors.numpy import save

HALF = float(np.finfo(np.float16).max)


def packed(rows: Sequence[Mapping[str, np.ndarray]], groups: np.ndarray) -> bytes:
    """Return the file's bytes.

    Parameters
    ----------
    rows : sequence of mapping of str to ndarray, each of shape (items,)
        By the row of the log: score to what each item adds; none of a run that failed.
    groups : ndarray of int, shape (items,)
    """
    arrays = {"group": np.ascontiguousarray(groups, dtype=np.int32)}
    nothing = np.full(len(groups), np.nan)
    for name in sorted({name for row in rows for name in row}):
        score = np.array([row.get(name, nothing) for row in rows])
        there = ~np.isnan(score).all(axis=0)
        score = score[:, there]
        fits = float(np.nanmax(np.abs(score), initial=0.0)) <= HALF
        kind = np.float16 if fits else np.float32
        # save takes the bytes as they lie, and those of chosen columns lie column by column
        arrays[f"{name}/score"] = np.ascontiguousarray(score, dtype=kind)
        arrays[f"{name}/item"] = np.flatnonzero(there).astype(np.int32)
    return save(arrays)
