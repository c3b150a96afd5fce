"""Which arm, context and unit each value of a contrast stands for.

In: values by arm, context and unit. Out: their `Layout`. Promised: contexts whose runs cover the
same arms and units are averaged before anything is solved: in a design without gaps that leaves
arms × units values, however many contexts there are.
"""

from dataclasses import dataclass

import numpy as np

from uphold.statistics.scores import numbered


@dataclass(frozen=True)
class Layout:
    """What each value stands for.

    Attributes
    ----------
    arm, context, unit : ndarray of int, shape (values,)
        Numbered from 0 without gaps.
    weight : ndarray, shape (values,)
        Over how many contexts a value is a mean.
    arms, contexts, units : int
    side : ndarray of int, shape (values, factors), optional
        Levels to adjust for side by side, in place of contexts that all arms share.
    """

    arm: np.ndarray
    context: np.ndarray
    unit: np.ndarray
    weight: np.ndarray
    arms: int
    contexts: int
    units: int
    side: np.ndarray | None = None


def laid_out(
    arm: np.ndarray,
    context: np.ndarray,
    unit: np.ndarray,
    value: np.ndarray,
    arms: int,
    side: np.ndarray | None = None,
) -> tuple[Layout, np.ndarray, np.ndarray]:
    """Average over the contexts whose values cover the same arms and units.

    Parameters
    ----------
    arm, context, unit : ndarray of int, shape (n,)
        Each combination at most once; contexts and units numbered without gaps.
    value : ndarray, shape (n,)
    arms : int
    side : ndarray of int, shape (n, factors), optional
        Levels to adjust for: then nothing is averaged.

    Returns
    -------
    layout : Layout
        Its contexts are kinds of contexts.
    value : ndarray, shape (values,)
    back : ndarray of int, shape (n,)
        In which of these values each given one is.
    """
    units = int(unit.max(initial=-1)) + 1
    if side is not None:
        one, alone = np.ones(value.size), np.zeros(value.size, dtype=np.intp)
        layout = Layout(arm, alone, unit, one, arms, 1, units, side)
        return layout, value, np.arange(value.size)
    place = arm * units + unit
    order = np.lexsort((place, context))
    size = np.bincount(context)
    kinds: dict[bytes, int] = {}
    covered = np.split(place[order], np.cumsum(size)[:-1])
    kind = np.array([kinds.setdefault(c.tobytes(), len(kinds)) for c in covered], dtype=np.intp)
    cell = kind[context] * (arms * units) + place
    found, back = numbered(cell)
    count = np.bincount(back)
    kind_of, where = np.divmod(found, arms * units)
    layout = Layout(
        where // units, kind_of, where % units, count.astype(float), arms, len(kinds), units
    )
    return layout, np.bincount(back, value) / count, back
