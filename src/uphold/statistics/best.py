"""Multiple comparisons with the best: which configurations cannot be told from the best one.

In: the means of configurations, higher being better, and the standard errors of their differences.
Out: for each the interval of its mean less the best mean of all others. Promised: with confidence
1 - α all intervals hold at once, however many configurations were tried, so that the best of many
is not taken for better than it is.

Source: Hsu (1984), Ann. Stat. 12, 1136-1144; Hsu (1996), Multiple Comparisons, ch. 4. The intervals
are constrained to hold 0: what is told from the best is known to be no better, and how far it falls
short at most; what leads alone is known to be no worse.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.polynomial.legendre import leggauss
from scipy.optimize import brentq
from scipy.special import gammainccinv, gammaincinv, ndtr, stdtrit

from uphold.error_rates import ALPHA
from uphold.statistics.estimate import ROUNDING

MOST_VARIANCES = 12
"""Up to so many different variances of means, each has its own critical value."""
SAME = 1e-9
"""Variances that differ by less, relatively, are one."""
NODES, WEIGHTS = leggauss(96)
Z = 8.5 * NODES
"""Normal quantiles to integrate over, and the probability near each."""
MASS = WEIGHTS * np.exp(-0.5 * Z**2) / np.sum(WEIGHTS * np.exp(-0.5 * Z**2))


@dataclass(frozen=True)
class Best:
    """Each configuration beside the best of all others.

    Attributes
    ----------
    lead : ndarray, shape (k,)
        The mean less the largest other mean; below 0, what it falls short by.
    low, high : ndarray, shape (k,)
        The interval of the true lead; low ≤ 0 ≤ high. A configuration with high = 0 is not the best
        and falls short by -low at most; one with low = 0 is the best. NaN where a difference has no
        standard error.
    candidate : ndarray of bool, shape (k,)
        Whether it cannot be told from the best. At least one cannot.
    """

    lead: np.ndarray
    low: np.ndarray
    high: np.ndarray
    candidate: np.ndarray


def best(
    mean: np.ndarray, se: np.ndarray | float, df: np.ndarray | float, alpha: float = ALPHA
) -> Best:
    """Compare each mean with the best of the others.

    Parameters
    ----------
    mean : ndarray, shape (k,)
        Negated where lower is better.
    se : ndarray, shape (k, k), or float
        The standard error of each pair's difference. NaN where there is none, or 0 where there is a
        difference, leaves no noise to judge by: such a pair cannot be told apart.
    df : float or ndarray, shape (k, k)
        Its degrees of freedom: one number for one pooled error, or each pair's own.
    alpha : float

    Notes
    -----
    The best mean is a control unknown beforehand, compared one-sided with k - 1 others (Dunnett
    1955, J. Am. Stat. Assoc. 50, 1096-1121). With one pooled error, where se² are sums of one
    variance a configuration (equal for blocks that all share; s²/n each for runs of their own), the
    differences have the correlations of a product and the critical value is exact. Otherwise, or
    with more than 12 different variances, it is Bonferroni's t with level α/(k - 1), which is
    somewhat larger (16 means, df 30: 2.92 for 2.70) and holds for any correlations.
    """
    mean = np.asarray(mean, dtype=float)
    if np.isnan(mean).any():
        raise ValueError("A configuration without a mean cannot be compared: leave it out.")
    k = mean.size
    if k < 2:
        nothing = np.full(k, np.nan)
        return Best(nothing, nothing, nothing, np.ones(k, dtype=bool))
    difference = mean[:, None] - mean
    difference[np.abs(difference) <= ROUNDING * np.abs(mean).max(initial=1.0)] = 0.0
    reach = _reaches(np.broadcast_to(np.asarray(se, dtype=float), (k, k)), df, alpha)
    reach = np.where(np.isnan(reach) | ((reach == 0) & (difference != 0)), np.inf, reach)
    np.fill_diagonal(reach, 0)
    np.fill_diagonal(difference, np.inf)
    upper = (difference + reach).min(axis=1)
    candidate = upper >= 0
    lower = np.where(candidate, difference - reach.T, np.inf).min(axis=1)
    # Without another candidate it is the best.
    low = np.where(np.isposinf(lower), 0.0, lower)
    high = np.maximum(upper, 0.0)
    unknown = np.isinf(low) | np.isinf(high)
    low, high = (np.where(unknown, np.nan, end) for end in (low, high))
    return Best(difference.min(axis=1), low, high, candidate)


def best_in_blocks(values: np.ndarray, alpha: float = ALPHA, alike: bool = False) -> Best:
    """Compare configurations that all ran on the same units.

    Parameters
    ----------
    values : ndarray, shape (units, k)
        Higher is better.
    alpha : float
    alike : bool
        Whether configurations are taken to spread alike. Then the error is what is left of units
        and configurations in the table, pooled, and leaves fewer candidates (of 16 spaced by half
        an SD, 4.5 instead of 9.8 with 3 units, 2.7 instead of 3.3 with 10). But where one of 16
        spreads eight times as widely, that one is left out in 24 % although it is as good as the
        best (`bench/best.py`). Else each pair has the error of its own differences and Bonferroni's
        t on units - 1 degrees of freedom, which holds however they spread.
    """
    values = np.asarray(values, dtype=float)
    if np.isnan(values).any():
        raise ValueError("Blocks are complete: each configuration has a value in each unit.")
    units, k = values.shape
    left = values - values.mean(axis=0) - values.mean(axis=1, keepdims=True) + values.mean()
    df = (units - 1) * (k - 1 if alike else 1)
    if not df > 0:
        return best(values.mean(axis=0), np.nan, np.nan, alpha)
    if alike:
        square = 2 * (left**2).sum() / df / units
    else:
        products = left.T @ left / df / units
        own = np.diag(products)
        square = np.maximum(own[:, None] + own - 2 * products, 0.0)
    se = np.sqrt(square)
    # By now what lies within rounding of the values is no spread.
    se = np.where(se <= ROUNDING * np.abs(values).max(initial=1.0), 0.0, se)
    return best(values.mean(axis=0), se, df if alike else np.full((k, k), df), alpha)


@lru_cache(maxsize=4096)
def critical_value(
    share: tuple[float, ...], count: tuple[int, ...], df: float, alpha: float = ALPHA
) -> float:
    """Return Dunnett's one-sided critical value for a control and several groups of others.

    Parameters
    ----------
    share : tuple of float
        The control's share in the variance of its difference to a member: 1/2 for equal variances.
        Two differences correlate by the root of the product of their shares.
    count : tuple of int
        The members of each group.
    df : float
    alpha : float

    Notes
    -----
    Given the control's error z and the estimated spread s, the others are independent: an integral
    of Π Φ((d s + √share z) / √(1 - share)) over both, with s as a function of a normal quantile.
    """
    others = sum(count)
    if others < 2:
        return float(stdtrit(df, 1 - alpha))
    tail = ndtr(-np.abs(Z))
    half = np.where(Z < 0, gammaincinv(df / 2, tail), gammainccinv(df / 2, tail))
    s = np.sqrt(2 * half / df) if np.isfinite(df) else np.ones(Z.size)

    def excess(d: float) -> float:
        inside = np.ones((Z.size, Z.size))
        for own, n in zip(share, count, strict=True):
            rest = max(1 - own, SAME)
            inside *= ndtr((d * s[:, None] + np.sqrt(own) * Z) / np.sqrt(rest)) ** n
        return float(MASS @ inside @ MASS) - (1 - alpha)

    bonferroni = stdtrit(df, 1 - alpha / others)
    return float(brentq(excess, stdtrit(df, 1 - alpha), bonferroni, xtol=1e-9))


def _reaches(se: np.ndarray, df: np.ndarray | float, alpha: float) -> np.ndarray:
    """Return critical value times standard error, the row being the control, shape (k, k)."""
    bonferroni: np.ndarray = stdtrit(df, 1 - alpha / (len(se) - 1)) * se
    variance = _of_means(se) if np.ndim(df) == 0 else None
    if variance is None or not float(df) > 0:
        return bonferroni
    places = np.round(variance / SAME) * SAME
    distinct, group, count = np.unique(places, return_inverse=True, return_counts=True)
    if distinct.size > MOST_VARIANCES:
        return bonferroni
    critical = np.empty(distinct.size)
    for g, own in enumerate(distinct):
        both = own + distinct
        share = np.divide(own, both, out=np.zeros(distinct.size), where=both > 0)
        others = count - (np.arange(distinct.size) == g)
        critical[g] = critical_value(tuple(share), tuple(others), float(df), alpha)
    reaches: np.ndarray = critical[group][:, None] * se
    return reaches


def _of_means(se: np.ndarray) -> np.ndarray | None:
    """Return a variance for each mean so that each pair's se² is the sum of two, or None.

    In units of the largest se².
    """
    k = len(se)
    most = se[~np.eye(k, dtype=bool)].max()
    if k < 3 or not most > 0:
        return None
    square = (se / most) ** 2
    np.fill_diagonal(square, 0)
    row = square.sum(axis=1)
    variance = (row - row.sum() / (2 * (k - 1))) / (k - 2)
    away = np.abs(square - variance[:, None] - variance)
    np.fill_diagonal(away, 0)
    fits = away.max() <= SAME and variance.min() >= -SAME
    return np.maximum(variance, 0.0) if fits else None
