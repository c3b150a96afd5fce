"""Claims that are judged at several declared numbers of units.

In: what may be decided at the present look. Out: the same with p that hold for all looks together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uphold.claims.expectations import Decisions


def over_looks(decisions: Decisions, looks: Sequence[int], units: int) -> Decisions:
    """Return decisions with p that hold for all declared looks together.

    Parameters
    ----------
    decisions : Decisions
    looks : sequence of int
        None where there is one look at whatever units there are.
    units : int
        How many there are: the look is the last one that they reach. Before the first there is
        nothing to decide.
    """
    reached = [number for number in looks if number <= units]
    if len(looks) < 2 or not decisions:
        return decisions
    if not reached:
        return ()
    import numpy as np

    from uphold.statistics.looks import p_over_looks

    return tuple(
        d._replace(p=float(p_over_looks(np.array(d.p), looks, reached[-1], d.sides)))
        for d in decisions
    )
