"""What a design can see: minimum detectable effects, and the seeds that a margin takes.

In: a standard error with its degrees of freedom (or an SD and numbers of runs). Out: effects in the
metric's unit, and numbers of seeds. Two-sided α = .05 and 80 % power unless said. Promised:
noncentral t and F throughout, so that three runs an arm are as right as a hundred.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.special import chdtri, fdtri, ncfdtr, nctdtr, ndtr, stdtrit

from uphold.error_rates import ALPHA, MOST_SEEDS, POWER

LARGE_DF = 2000.0


def t_power(effect: float, se: float, df: float, alpha: float = ALPHA, sides: int = 2) -> float:
    """Return the chance that a t test finds a true effect, in either direction if two-sided."""
    critical = stdtrit(df, 1 - alpha / sides)
    shift = abs(effect) / se
    found = 1 - _nct(df, shift, critical)
    return float(found + _nct(df, shift, -critical) if sides == 2 else found)


def minimum_detectable_effect(
    se: float, df: float, alpha: float = ALPHA, power: float = POWER
) -> float:
    """Return the true effect that a two-sided t test finds with the given power.

    Three runs an arm: 3.07 SD (se = SD √(2/3), df = 4); three pairs: 3.26 SD of the differences.
    NaN where the standard error is unknown or 0.
    """
    if not (se > 0 and df > 0):
        return np.nan
    return float(se * _solve(lambda shift: t_power(shift, 1.0, df, alpha) - power))


def equivalence_power(
    margin: float, se: float, df: float, alpha: float = ALPHA, true: float = 0.0
) -> float:
    """Return the chance that TOST finds equivalence within ± margin, given the true value.

    The exact probability given the standard error's own distribution would need Owen's Q; this is
    the usual approximation by two noncentral t (Phillips 1990), a little low at small df.
    """
    critical = stdtrit(df, 1 - alpha)
    nearer, farther = ((margin - side * abs(true)) / se for side in (1, -1))
    return float(max(0.0, 1 - _nct(df, nearer, critical) - _nct(df, farther, critical)))


class SeedsNeeded(NamedTuple):
    """How many seeds something takes: a range, since the spread that it is planned by is uncertain.

    Attributes
    ----------
    low, high : int or None
        With the ends of the 80 % interval of the standard error; None where `MOST_SEEDS` would
        not do.
    """

    low: int | None
    high: int | None


def seeds_needed(
    se: float,
    df: float,
    seeds: int,
    margin: float,
    aim: str = "difference",
    alpha: float = ALPHA,
    power: float = POWER,
    true: float = 0.0,
) -> SeedsNeeded | None:
    """Return how many seeds, instead of those there are, the margin takes.

    Each further seed is taken to bring what each seed brought so far: the standard error falls as
    1 / √seeds, and the degrees of freedom grow in proportion.

    Parameters
    ----------
    se, df : float
        Of the estimate at hand.
    seeds : int
        Distinct seeds behind it.
    margin : float
        The true effect to be found, or the margin of the equivalence.
    aim : {"difference", "equivalence", "bound"}
        A two-sided test, TOST, or a one-sided bound.
    true : float
        Of TOST: the true value.

    Returns
    -------
    SeedsNeeded or None
        None where there is no spread to plan with.
    """
    if not (se > 0 and df > 0 and seeds > 0 and margin > 0):
        return None
    low, high = spread_interval(df)
    powers: dict[str, Callable[[float, float], float]] = {
        "difference": lambda s, d: t_power(margin, s, d, alpha),
        "equivalence": lambda s, d: equivalence_power(margin, s, d, alpha, true),
        "bound": lambda s, d: t_power(margin, s, d, alpha, sides=1),
    }

    def needed(se: float) -> int | None:
        def enough(n: int) -> bool:
            degrees = (df + 1) * n / seeds - 1
            return degrees > 0 and powers[aim](se * np.sqrt(seeds / n), degrees) >= power

        return _least(enough)

    return SeedsNeeded(needed(low * se), needed(high * se))


def spread_interval(df: float, level: float = 0.8) -> tuple[float, float]:
    """Return what an SD of so many degrees of freedom is to be multiplied by for its interval."""
    ends = chdtri(df, np.array([(1 - level) / 2, (1 + level) / 2]))
    low, high = np.sqrt(df / ends)
    return float(low), float(high)


def anova_power(
    spread: float,
    sd: float,
    levels: int,
    runs: float,
    alpha: float = ALPHA,
    unequal: bool = False,
) -> float:
    """Return the power of a one-way test when two level means lie ``spread`` apart.

    The other levels lie midway: the hardest pattern with that range. ``runs`` a level. The classic
    F test, or with ``unequal`` F*, which the verdicts use: where the levels do spread alike it is
    the same statistic held against fewer degrees of freedom.
    """
    df, df_resid = levels - 1, levels * (runs - 1)
    shift = runs * spread**2 / 2 / sd**2
    critical = fdtri(*(_f_star_df(levels, runs) if unequal else (df, df_resid)), 1 - alpha)
    return float(1 - ncfdtr(df, df_resid, shift, critical))


def _f_star_df(levels: int, runs: float) -> tuple[float, float]:
    """Return the degrees of freedom that F* has on average where the levels spread alike.

    Of variances estimated from ν = runs - 1, which are s² χ²/ν: E(Σv)² = t² + 2t/ν and
    EΣv² = t (1 + 2/ν), in the formulas of `uphold.statistics.block_anova`.
    """
    square_of_sum = levels**2 + 2 * levels / (runs - 1)
    sum_of_squares = levels * (1 + 2 / (runs - 1))
    within = sum_of_squares * (1 - 2 / levels) + square_of_sum / levels**2
    df = square_of_sum * (1 - 1 / levels) ** 2 / within
    return df, square_of_sum * (runs - 1) / sum_of_squares


def anova_minimum_detectable_effect(
    sd: float,
    levels: int,
    runs: float,
    alpha: float = ALPHA,
    power: float = POWER,
    unequal: bool = False,
) -> float:
    """Return the distance of two level means that is found with the given power."""
    if not (sd > 0 and levels > 1 and runs > 1):
        return np.nan
    return float(sd * _solve(lambda x: anova_power(x, 1.0, levels, runs, alpha, unequal) - power))


def anova_seeds_needed(
    sd: float,
    levels: int,
    runs_per_seed: float,
    margin: float,
    df: float,
    alpha: float = ALPHA,
    power: float = POWER,
    unequal: bool = False,
) -> SeedsNeeded | None:
    """Return the seeds that a one-way test needs to find two means a margin apart."""
    if not (sd > 0 and levels > 1 and runs_per_seed > 0 and margin > 0 and df > 0):
        return None
    low, high = spread_interval(df)

    def needed(sd: float) -> int | None:
        def enough(n: int) -> bool:
            runs = n * runs_per_seed
            return runs > 1 and anova_power(margin, sd, levels, runs, alpha, unequal) >= power

        return _least(enough)

    return SeedsNeeded(needed(low * sd), needed(high * sd))


def _least(enough: Callable[[int], bool]) -> int | None:
    """Return the least n ≥ 2 that is enough, by doubling and halving; None beyond `MOST_SEEDS`."""
    if not enough(MOST_SEEDS):
        return None
    high = 2
    while not enough(high):
        high = min(2 * high, MOST_SEEDS)
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return max(high, 2)


def _solve(f: Callable[[float], float]) -> float:
    high = 1.0
    while f(high) < 0:
        high *= 2
    return float(brentq(f, 0.0, high, xtol=1e-10))


def _nct(df: float, shift: float, x: float) -> float:
    """Return the noncentral t distribution function; normal where df makes no difference."""
    if df > LARGE_DF:
        return float(ndtr((x * (1 - 1 / (4 * df)) - shift) / np.sqrt(1 + x**2 / (2 * df))))
    found = float(nctdtr(df, shift, x))
    # The library has no value where a tail is below what a float holds.
    return float(shift < x) if np.isnan(found) else found
