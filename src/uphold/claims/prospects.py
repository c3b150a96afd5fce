"""The chance that a claim which is open now is decided at a later look.

In: a judged claim, and how many units it would have. Out: a probability. Promised: it is what the
estimate at hand predicts, its own uncertainty carried on, that of its error too, which few units
leave wide: an error is drawn as they leave it uncertain, with further units the effect is spread
around the present one by that error, and each effect so drawn is judged by the same decisions as
any claim is.

With the error taken as known, claims on three seeds that were open and then had eight were said to
be decided in .49 of cases on average, where .39 were (effects with the standard deviation of one
run); with the error drawn in .43.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.special import gammaincinv, ndtri

from uphold.claims.items import decided
from uphold.claims.judgement import Judgement
from uphold.claims.looks import over_looks
from uphold.error_rates import POWER

DRAWN = 160
"""Effects that are tried: quantiles of what is predicted."""
SPREADING = 1.2207440846057596
"""The root of x⁴ = x + 1."""


def chance(j: Judgement, units: int, looks: Sequence[int], level: float) -> float:
    """Return the chance that the claim is decided with so many units.

    Parameters
    ----------
    j : Judgement
        Undecided.
    units : int
        More than it has.
    looks : sequence of int
        The declared ones.
    level : float
        That its p has to be below, before the looks share it.
    """
    o, margin = j.alone, j.metric.margin
    if not o.seeds_help or o.reason or not o.se > 0:
        return 0.0
    if not o.scale > 0:
        # Bounds and analyses of variance have no single effect to draw: they go by their plan.
        needed = j.seeds_needed
        if needed is None or needed.low is None or units < needed.low:
            return 0.0
        return POWER if needed.high is not None and units >= needed.high else POWER / 2
    share = o.seeds / units
    df = (o.df + 1) / share - 1
    # Of a variance that was estimated, df times its ratio to the true one is a chi-square.
    true, of_further, far = _quantiles()
    ratio = o.df / _chi_square(true, o.df)
    shift = ndtri(far)
    value = o.value + shift * o.se * np.sqrt(ratio * (1 - share))
    # How far the further units lie from the present ones is one part of what they add.
    further = shift**2 + _chi_square(of_further, df - o.df - 1)
    pooled = (o.df + ratio * further) / df
    se = o.se * np.sqrt(share * pooled)
    found = 0
    for one, error in zip(value.tolist(), se.tolist(), strict=True):
        drawn = replace(o, value=one).with_error(error, float(df))
        possible = over_looks(decided(j.claim, drawn, margin), looks, units)
        found += any(d.p < level for d in possible)
    return found / DRAWN


def _quantiles() -> np.ndarray:
    """Return three uniform quantities, evenly spread together, shape (3, draws).

    Multiples of the powers of a number that is far from every fraction (Roberts 2018, The
    Unreasonable Effectiveness of Quasirandom Sequences).
    """
    steps = 1 / SPREADING ** np.arange(1, 4)
    return np.asarray((0.5 + steps[:, None] * np.arange(1, DRAWN + 1)) % 1)


def _chi_square(quantile: np.ndarray, df: float) -> np.ndarray:
    return np.asarray(2 * gammaincinv(df / 2, quantile)) if df > 0 else np.zeros(quantile.size)
