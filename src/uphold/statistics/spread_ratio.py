r"""By what factor scores spread more over units in one arm than in another, by rearrangement.

In: one score an arm, context and unit. Out: the ratio of the standard deviations over units, pooled
over contexts; the p that the true ratio is above or below a number; its interval. Promised:

- A unit counts once: what it deviates by is added up over contexts before anything is rearranged,
  so that runs of one seed do not pass for independent ones.
- Units that both arms share are compared within themselves. If the arms spread alike, a unit's
  squared deviation in one arm might as well have been that in the other: every subset of units may
  be exchanged, and the ratio of the squares is held against those of all subsets. They are the
  typical values of Hartigan (1969), J. Am. Stat. Assoc. 64, 1303-1317, and the true ratio lies
  between each two neighbours with the same chance. Where no unit is shared, units are exchanged
  between the arms, among those that were run in the same contexts.
- Deviations are from the median of arm and context, each times √(n / (n - 1)). With deviations from
  the mean or with normal theory (Pitman & Morgan 1939, Biometrika 31, 9-19), heavy tails and single
  failed runs reject too often: see the page of calibration.
- A ratio other than 1 is tested by dividing the second arm's deviations by it. This takes both
  arms' scores to have one shape, apart from how far they spread.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from math import comb, prod
from typing import Any

import numpy as np

from uphold.error_rates import LEVEL
from uphold.randomness import generator
from uphold.statistics.estimate import ROUNDING
from uphold.statistics.permutation import DRAWS
from uphold.statistics.scores import distinct

FEWEST = 20
"""Random rearrangements of each of many groups, all combinations of which may be drawn."""
WORK = 5_000_000
"""Units times random rearrangements of one group."""
TIED = 1e-9

Block = tuple[np.ndarray, np.ndarray]
"""Of each rearrangement of some units: squares that move to the second arm, and that leave it."""


@dataclass(frozen=True)
class SpreadRatio:
    """How far two arms spread, and the rearrangements that their ratio is held against.

    Attributes
    ----------
    sds : tuple of float
        Standard deviation over units of either arm, pooled over contexts.
    squares : tuple of ndarray, each of shape (units of the arm,)
        By unit, the squared deviations from the medians, added up over contexts.
    sizes : tuple of int
        How many deviations these are of.
    shared : bool
        Whether the units are the same in both arms.
    units, runs : int
        Distinct units, and the scores behind them.
    rearrangements : int
        How many there are.
    critical : ndarray, shape (drawn,)
        The squared true ratio at which each rearrangement is just as far out as what was seen; NaN
        where it is at any. The first is what was seen itself.
    used : ndarray of bool, shape (n,)
        Which of the given scores count.
    """

    sds: tuple[float, float]
    squares: tuple[np.ndarray, np.ndarray]
    sizes: tuple[int, int]
    shared: bool
    units: int
    runs: int
    rearrangements: int
    critical: np.ndarray
    used: np.ndarray

    @property
    def value(self) -> float:
        """The second standard deviation in units of the first; NaN where either is 0."""
        first, second = self.sds
        return second / first if min(first, second) > 0 else np.nan

    def turned(self) -> "SpreadRatio":
        """Return the ratio of the first to the second, by the same rearrangements."""
        with np.errstate(divide="ignore"):
            critical = 1 / self.critical
        return replace(
            self,
            sds=self.sds[::-1],
            squares=self.squares[::-1],
            sizes=self.sizes[::-1],
            critical=critical,
        )

    def above_p(self, ratio: float) -> float:
        """Return the one-sided p that the true ratio is above a number."""
        tied = np.isnan(self.critical)
        return float(np.mean(tied | (self.critical <= ratio**2 * (1 + TIED))))

    def below_p(self, ratio: float) -> float:
        """Return the one-sided p that the true ratio is below a number."""
        tied = np.isnan(self.critical)
        return float(np.mean(tied | (self.critical >= ratio**2 * (1 - TIED))))

    def p(self) -> float:
        """Return the two-sided p that the true ratio is not 1."""
        return min(1.0, 2 * min(self.above_p(1.0), self.below_p(1.0)))

    def same_p(self, by: float) -> float:
        """Return the p that the true ratio is between 1 / by and by."""
        return max(self.above_p(1 / by), self.below_p(by))

    def apart_p(self, by: float) -> float:
        """Return the p that the true ratio is beyond by, or below 1 / by."""
        return min(1.0, 2 * min(self.above_p(by), self.below_p(1 / by)))

    def interval(self, level: float = LEVEL) -> tuple[float, float]:
        """Return the ratios that the two-sided test does not reject; 0 or infinite where open."""
        return self.lower((1 + level) / 2), self.upper((1 + level) / 2)

    def lower(self, level: float = LEVEL) -> float:
        """Return the one-sided lower bound: 0 where there are too few rearrangements for one."""
        return self._bound(np.sort(self._known), level, 0.0)

    def upper(self, level: float = LEVEL) -> float:
        """Return the one-sided upper bound: infinite where there are too few for one."""
        return self._bound(-np.sort(-self._known), level, np.inf)

    def _bound(self, known: np.ndarray, level: float, none: float) -> float:
        # So many may lie beyond the bound, besides those that are tied with what was seen.
        tied = self.critical.size - known.size
        beyond = int(np.floor((1 - level) * self.critical.size * (1 + TIED))) - tied
        return float(np.sqrt(known[beyond])) if 0 <= beyond < known.size else none

    @cached_property
    def _known(self) -> np.ndarray:
        return np.asarray(self.critical[~np.isnan(self.critical)])

    def log_error(self) -> tuple[float, float]:
        """Return the standard error of the ratio's logarithm and its df, to plan by.

        The jackknife over units (Miller 1968, Ann. Math. Stat. 39, 567-582), medians kept.
        """
        a, b = self.squares
        with np.errstate(divide="ignore", invalid="ignore"):
            if self.shared:
                left = np.log((b.sum() - b) / (a.sum() - a)) / 2
                return float(np.sqrt(_jackknifed(left))), a.size - 1.0
            parts = [_jackknifed(np.log(q.sum() - q) / 2) for q in (a, b)]
        return float(np.sqrt(sum(parts))), a.size + b.size - 2.0


def spread_ratio(
    arm: np.ndarray,
    context: np.ndarray,
    unit: np.ndarray,
    value: np.ndarray,
    draws: int = DRAWS,
) -> SpreadRatio | None:
    """Compare how far the scores of two arms spread over units.

    Within units where at least half of the scores have a partner, those without one left out; else
    between units. Which one depends on the design alone. A context counts where it has two units
    of either arm.

    Parameters
    ----------
    arm, context, unit : ndarray of int, shape (n,)
        Arms are 0 and 1; each combination at most once.
    value : ndarray, shape (n,)
    draws : int
        Rearrangements: all where there are no more, so many at random where there are.

    Returns
    -------
    SpreadRatio or None
        None where no context has two units of either arm.
    """
    if not value.size:
        return None
    place = context.astype(np.int64) * (int(unit.max()) + 1) + unit
    _, back, arms = np.unique(place, return_inverse=True, return_counts=True)
    paired = arms[back] == 2
    shared = bool(paired.mean() >= 0.5)
    kept = paired if shared else np.ones(value.size, dtype=bool)
    cell = context * 2 + arm
    size = np.bincount(cell[kept], minlength=2 * (int(context.max()) + 1))
    kept &= (size.reshape(-1, 2).min(axis=1) >= 2)[context]
    if not kept.any():
        return None
    arm, context, unit, value, cell = (x[kept] for x in (arm, context, unit, value, cell))
    size = np.bincount(cell)
    square = _squares(cell, value)
    units = [np.unique(unit[arm == x], return_inverse=True)[1] for x in (0, 1)]
    a, b = (np.bincount(u, square[arm == x]) for x, u in enumerate(units))
    rng = generator(0, "rearrangements")
    blocks: list[Block]
    if shared:
        blocks = [(np.array([0.0, p]), np.array([0.0, q])) for p, q in zip(a, b, strict=True)]
        ways = 2**a.size
    else:
        kinds = [_covered(u, context[arm == x]) for x, u in enumerate(units)]
        members = _alike(a, kinds[0], b, kinds[1])
        most = max(FEWEST, draws // len(members))
        blocks = [_exchanged(p, q, most, rng) for p, q in members]
        ways = prod(comb(p.size + q.size, q.size) for p, q in members)
    gained, lost = _together(blocks, ways, draws, rng)
    largest = max(float(np.abs(value).max()), 1.0)
    nothing = value.size * (ROUNDING * largest) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        critical = lost / gained
    critical[(lost <= nothing) & (gained <= nothing)] = np.nan
    return SpreadRatio(
        sds=(_sd(cell, value, arm, 0), _sd(cell, value, arm, 1)),
        squares=(a, b),
        sizes=(int((arm == 0).sum()), int((arm == 1).sum())),
        shared=shared,
        units=distinct(unit) if shared else min(distinct(unit[arm == x]) for x in (0, 1)),
        runs=value.size,
        rearrangements=ways,
        critical=critical,
        used=kept,
    )


def _squares(cell: np.ndarray, value: np.ndarray) -> np.ndarray:
    """Return squared deviations from the median of each cell, times n / (n - 1)."""
    order = np.lexsort((value, cell))
    size = np.bincount(cell)
    start = np.cumsum(size) - size
    y = value[order]
    has = size > 0
    low, high = start[has] + (size[has] - 1) // 2, start[has] + size[has] // 2
    median = np.zeros(size.size)
    median[has] = (y[low] + y[high]) / 2
    n = size[cell]
    away = value - median[cell]
    away = np.where(np.abs(away) <= ROUNDING * np.maximum(np.abs(value), 1.0), 0.0, away)
    return np.asarray(away**2 * n / (n - 1))


def _sd(cell: np.ndarray, value: np.ndarray, arm: np.ndarray, which: int) -> float:
    """Return the standard deviation within the cells of one arm."""
    size = np.bincount(cell)
    mean = np.bincount(cell, value) / np.maximum(size, 1)
    away = value - mean[cell]
    away = np.where(np.abs(away) <= ROUNDING * np.maximum(np.abs(value), 1.0), 0.0, away)
    mine = arm == which
    df = int(mine.sum()) - distinct(cell[mine])
    return float(np.sqrt((away[mine] ** 2).sum() / df))


def _covered(unit: np.ndarray, context: np.ndarray) -> list[tuple[int, ...]]:
    """Return the contexts of each unit; units are numbered without gaps."""
    covered: list[list[int]] = [[] for _ in range(int(unit.max()) + 1)]
    for u, c in zip(unit.tolist(), context.tolist(), strict=True):
        covered[u].append(c)
    return [tuple(sorted(c)) for c in covered]


def _alike(a: np.ndarray, kind_a: list[Any], b: np.ndarray, kind_b: list[Any]) -> list[Block]:
    """Return the squares of either arm by kind of unit."""
    found: dict[Any, tuple[list[float], list[float]]] = {}
    for i, (squares, kinds) in enumerate(((a, kind_a), (b, kind_b))):
        for square, kind in zip(squares.tolist(), kinds, strict=True):
            found.setdefault(kind, ([], []))[i].append(square)
    return [(np.array(p), np.array(q)) for p, q in found.values()]


def _exchanged(first: np.ndarray, second: np.ndarray, most: int, rng: np.random.Generator) -> Block:
    """Return what moves as units change arms, all ways or ``most`` at random, no move first."""
    n, m = first.size, second.size
    ways = comb(n + m, m)
    everyone = np.concatenate([first, second])
    if ways <= most:
        # Counted from the end, so that the second arm's own units come first.
        taken = n + m - 1 - np.array(list(combinations(range(n + m), m)), dtype=np.intp)
        chosen = np.zeros((ways, n + m), dtype=bool)
        np.put_along_axis(chosen, taken.reshape(ways, m), True, axis=1)
        return chosen[:, :n] @ first, ~chosen[:, n:] @ second
    draws = min(most, WORK // everyone.size)
    gained, lost = np.zeros(draws), np.zeros(draws)
    for i in range(1, draws):
        taken = rng.permutation(n + m)[:m]
        own = taken >= n
        gained[i] = everyone[taken[~own]].sum()
        lost[i] = second.sum() - everyone[taken[own]].sum()
    return gained, lost


def _together(
    blocks: Sequence[Block], ways: int, draws: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return what moves as all blocks are rearranged, no move first."""
    if len(blocks) == 1:
        return blocks[0]
    gained, lost = np.zeros(1), np.zeros(1)
    if ways <= draws:
        for more, less in blocks:
            gained = np.add.outer(gained, more).ravel()
            lost = np.add.outer(lost, less).ravel()
        return gained, lost
    gained, lost = np.zeros(draws), np.zeros(draws)
    for more, less in blocks:
        pick = rng.integers(more.size, size=draws)
        pick[0] = 0
        gained += more[pick]
        lost += less[pick]
    return gained, lost


def _jackknifed(left: np.ndarray) -> float:
    """Return the variance of a statistic from its values without each unit."""
    return float((left.size - 1) / left.size * ((left - left.mean()) ** 2).sum())
