"""How an effect differs from context to context.

In: matched arms and their weights. Out: the effect in each context, and the p that they are not all
one. Promised: the noise is what a context's effect does differently from unit to unit, by F* (see
`uphold.statistics.block_anova`), so that contexts of unequal spread do not pass for different ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.special import stdtrit

from uphold.error_rates import ALPHA
from uphold.statistics.level_means import LevelMeans
from uphold.statistics.matching import Matching, Means, whole_groups
from uphold.statistics.oneway import one_way
from uphold.statistics.scores import among, numbered, renumbered

MOST_TESTED = 500
"""Contexts beyond which effects are not tested for being one."""


@dataclass(frozen=True)
class Contexts:
    """The effect by context.

    Attributes
    ----------
    effect : ndarray, shape (contexts,)
    row : ndarray of int, shape (contexts,)
        Position in the scores of a run of each context.
    p : float
        That the effects are not all one; NaN where that cannot be tested.
    unsure : ndarray, shape (contexts,)
        From each effect to its one-sided 95 % bound: 0 where none has a second unit, infinite where
        one has no unit with all arms and others do.
    """

    effect: np.ndarray = field(default_factory=lambda: np.empty(0))
    row: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.intp))
    p: float = np.nan
    unsure: np.ndarray = field(default_factory=lambda: np.empty(0))

    def inside(self, margin: float) -> bool:
        """Return whether the effect is shown to be inside ± margin in every context."""
        return not self.outside(margin).any()

    def outside(self, margin: float) -> np.ndarray:
        """Return which contexts are not shown to be inside ± margin, shape (contexts,).

        Each is to be inside by its own one-sided 95 % bounds, so that a single context at the
        margin passes in 5 % (intersection-union, Berger 1982, Technometrics 24, 295-300). To draw
        contexts towards their mean would find more, and one beyond the margin among 16 without an
        effect would pass in two of three.
        """
        return np.asarray(self.not_below(margin) | self.not_above(-margin))

    def not_below(self, limit: float) -> np.ndarray:
        """Return which contexts are not shown to be below a limit, shape (contexts,)."""
        return self._passing(self.effect, limit)

    def not_above(self, limit: float) -> np.ndarray:
        """Return which contexts are not shown to be above a limit, shape (contexts,)."""
        return self._passing(-self.effect, -limit)

    def below(self, limit: float) -> bool:
        """Return whether the effect is shown to be below a limit in every context."""
        return not self.not_below(limit).any()

    def above(self, limit: float) -> bool:
        """Return whether the effect is shown to be above a limit in every context."""
        return not self.not_above(limit).any()

    def _passing(self, effect: np.ndarray, limit: float) -> np.ndarray:
        """Return which contexts may pass a limit; no single one, which is the mean."""
        if effect.size < 2:
            return np.zeros(effect.size, dtype=bool)
        return np.asarray(effect + self.unsure >= limit)


NO_CONTEXTS = Contexts()


def contexts(
    matching: Matching,
    weights: Sequence[float],
    means: Means | None = None,
    tested: bool = True,
) -> Contexts:
    """Return the weighted sum of the arms in each context.

    Over the units of a context that have all arms, or over all where none has. Not of a single arm,
    nor where arms are adjusted for levels that they do not share.

    Parameters
    ----------
    matching : Matching
    weights : sequence of float
        Of its arms.
    means : Means, optional
        Those of some of its runs alone.
    tested : bool
        Without it p stays NaN, in a third of the time.
    """
    if matching.arms < 2 or matching.side is not None:
        return NO_CONTEXTS
    m = matching.means() if means is None else means
    context = renumbered(m.context)
    count = int(context.max(initial=-1)) + 1
    if count < 2:
        return NO_CONTEXTS
    units = int(m.unit.max()) + 1
    place = context * units + m.unit
    whole = whole_groups(place, m.arm, matching.arms)
    used = whole | ~among(context, context[whole])
    cell = context[used] * matching.arms + m.arm[used]
    size = count * matching.arms
    mean = np.bincount(cell, m.value[used], size) / np.bincount(cell, minlength=size)
    effect = mean.reshape(count, matching.arms) @ np.asarray(weights, dtype=float)
    row = np.empty(count, dtype=np.intp)
    of_use = m.of_cell[matching.cell]
    known = of_use >= 0
    row[context[of_use[known]]] = matching.row[known]
    if not whole.any():
        return Contexts(effect, row, np.nan, _unsure(m.value[used], cell, mean, weights, count))
    first, back = numbered(place[whole])
    d = np.bincount(back, np.asarray(weights)[m.arm[whole]] * m.value[whole])
    number = first // units
    of_one = np.bincount(number, d, count) / np.maximum(np.bincount(number, minlength=count), 1)
    unsure = _unsure(d, number, of_one, (1.0,), count)
    if not tested:
        return Contexts(effect, row, np.nan, unsure)
    level, unit = renumbered(number), renumbered(first % units)
    levels = int(level.max()) + 1
    if levels < count or count > MOST_TESTED:
        return Contexts(effect, row, np.nan, unsure)
    found = one_way(
        LevelMeans(d, level, unit, levels, int(unit.max()) + 1, d.size), ("context",), draws=0
    )
    return Contexts(effect, row, found.p_unequal, unsure)


def _unsure(
    value: np.ndarray,
    cell: np.ndarray,
    mean: np.ndarray,
    weights: Sequence[float],
    contexts: int,
) -> np.ndarray:
    """Return how far the one-sided 95 % bounds of weighted means lie from them.

    The variance is that of all cells together, or a cell's own where that is larger: with three
    values in each of 16 contexts the own alone shows nothing, and all together make a noisy one
    look sure.

    Parameters
    ----------
    value, cell : ndarray, shape (n,)
    mean : ndarray, shape (contexts * len(weights),)
        Of the values of each cell.
    weights : sequence of float
        Of the cells of one context.
    contexts : int
    """
    n = np.bincount(cell, minlength=mean.size)
    squares = np.bincount(cell, (value - mean[cell]) ** 2, mean.size)
    df = int((np.maximum(n, 1) - 1).sum())
    if df < 1:
        return np.zeros(contexts)
    with np.errstate(divide="ignore", invalid="ignore"):
        own = np.where(n > 1, squares / (n - 1), 0.0)
        of_mean = np.maximum(own, squares.sum() / df) / n
    variance = of_mean.reshape(contexts, len(weights)) @ np.square(weights)
    return np.asarray(stdtrit(df, 1 - ALPHA) * np.sqrt(variance))
