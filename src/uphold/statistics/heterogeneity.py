"""How an effect differs from context to context.

In: matched arms and their weights. Out: the effect in each context, and the p that they are not all
one. Promised: the noise is what a context's effect does differently from unit to unit, by F* (see
`uphold.statistics.block_anova`), so that contexts of unequal spread do not pass for different ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.special import ndtri

from uphold.error_rates import LEVEL
from uphold.statistics.level_means import LevelMeans, no_noise
from uphold.statistics.matching import Matching, whole_groups
from uphold.statistics.oneway import one_way
from uphold.statistics.scores import numbered, renumbered

SURE = float(ndtri(LEVEL))
"""Standard errors of a one-sided interval."""
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
    real : float
        The share of their spread that is no noise, 1 - 1 / F: all of it where that is not known.
    """

    effect: np.ndarray = field(default_factory=lambda: np.empty(0))
    row: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.intp))
    p: float = np.nan
    real: float = 1.0

    def inside(self, margin: float) -> bool:
        """Return whether the effect may be taken to be inside ± margin in every context."""
        return not self.outside(margin).any()

    def outside(self, margin: float) -> np.ndarray:
        """Return which contexts may not be taken to be inside ± margin, shape (contexts,)."""
        drawn, error = self._drawn
        return np.asarray(np.abs(drawn) + SURE * error >= margin)

    def below(self, limit: float) -> bool:
        """Return whether the effect may be taken to be below a limit in every context.

        Each context is drawn towards the mean of all by the share of their spread that is noise,
        and has to be below with 95 % as it then lies (Morris 1983, J. Am. Stat. Assoc. 78, 47-55).
        Where contexts spread as noise alone makes them, none is told from the mean; so many
        contexts of few seeds do not hide that there is no effect in any.
        """
        drawn, error = self._drawn
        return bool((drawn + SURE * error < limit).all())

    def above(self, limit: float) -> bool:
        """Return whether the effect may be taken to be above a limit in every context."""
        drawn, error = self._drawn
        return bool((drawn - SURE * error > limit).all())

    @property
    def _drawn(self) -> tuple[np.ndarray, float]:
        """Return the effects drawn towards their mean, and how unsure each then is.

        Nothing of a single context, which is the mean.
        """
        if self.effect.size < 2:
            return np.empty(0), 0.0
        mean, spread = self.effect.mean(), self.effect.std(ddof=1)
        drawn = mean + self.real * (self.effect - mean)
        return drawn, float(np.sqrt(self.real * (1 - self.real)) * spread)


NO_CONTEXTS = Contexts()


def contexts(
    matching: Matching, weights: Sequence[float], keep: np.ndarray | None = None
) -> Contexts:
    """Return the weighted sum of the arms in each context.

    Over the units of a context that have all arms, or over all where none has. Not of a single arm,
    nor where arms are adjusted for levels that they do not share.
    """
    if matching.arms < 2 or matching.side is not None:
        return NO_CONTEXTS
    m = matching.means(keep)
    context = renumbered(m.context)
    count = int(context.max(initial=-1)) + 1
    if count < 2:
        return NO_CONTEXTS
    units = int(m.unit.max()) + 1
    place = context * units + m.unit
    whole = whole_groups(place, m.arm, matching.arms)
    used = whole | ~np.isin(context, context[whole])
    cell = context[used] * matching.arms + m.arm[used]
    size = count * matching.arms
    mean = np.bincount(cell, m.value[used], size) / np.bincount(cell, minlength=size)
    effect = mean.reshape(count, matching.arms) @ np.asarray(weights, dtype=float)
    row = np.empty(count, dtype=np.intp)
    of_use = m.of_cell[matching.cell]
    known = of_use >= 0
    row[context[of_use[known]]] = matching.row[known]
    if count > MOST_TESTED or not whole.any():
        return Contexts(effect, row)
    first, back = numbered(place[whole])
    d = np.bincount(back, np.asarray(weights)[m.arm[whole]] * m.value[whole])
    level, unit = renumbered(first // units), renumbered(first % units)
    levels = int(level.max()) + 1
    found = one_way(
        LevelMeans(d, level, unit, levels, int(unit.max()) + 1, d.size), ("context",), draws=0
    )
    if levels < count or not found.F >= 0:
        return Contexts(effect, row)
    return Contexts(effect, row, found.p_unequal, no_noise(found.F))
