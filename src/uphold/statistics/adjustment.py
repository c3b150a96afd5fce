"""Adjustment of several p for having looked several times."""

import numpy as np


def holm(p: np.ndarray) -> np.ndarray:
    """Return p adjusted by Holm's step-down, shape (tests,) to (tests,).

    Source: Holm (1979), Scand. J. Stat. 6, 65-70. A NaN (no test was possible) stays NaN and
    counts as a test all the same: it was declared.
    """
    p = np.asarray(p, dtype=float)
    order = np.argsort(np.where(np.isnan(p), np.inf, p), kind="stable")
    steps = p[order] * np.arange(p.size, 0, -1)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(np.fmax.accumulate(steps), 1.0)
    adjusted[np.isnan(p)] = np.nan
    return adjusted
