"""The chance that a claim which is open now is decided at a later look.

In: a judged claim, and how many units it would have. Out: a probability. Promised: it is what the
estimate at hand predicts, its own uncertainty carried on: with further units the effect is spread
around the present one as they leave it uncertain, and each effect so drawn is judged by the same
decisions as any claim is.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.special import ndtri

from uphold.claims.items import decided
from uphold.claims.judgement import Judgement
from uphold.claims.looks import over_looks
from uphold.error_rates import POWER

DRAWN = 60
"""Effects that are tried: quantiles of what is predicted."""


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
    se, df = o.se * np.sqrt(share), (o.df + 1) / share - 1
    spread = o.se * np.sqrt(1 - share)
    found = 0
    for z in ndtri((np.arange(DRAWN) + 0.5) / DRAWN):
        drawn = replace(o, value=o.value + z * spread).with_error(float(se), float(df))
        possible = over_looks(decided(j.claim, drawn, margin), looks, units)
        found += any(d.p < level for d in possible)
    return found / DRAWN
