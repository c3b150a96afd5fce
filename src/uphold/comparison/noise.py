"""Two independent estimates → their difference, its interval and its p, and p of many by Holm.

Two t tests, and the more careful one counts: Welch's, since a change may change the spread as well,
and Student's, which is exact where nothing but the seeds is another one. With as many seeds on both
sides it is always Welch's. With 3 against 30 Welch's alone errs far too often where many scores are
tested: the few seeds may lie together by chance, and then neither error nor degrees of freedom show
it. Intervals that are no symmetric ones, such as those of a ratio of spreads, count with the half
that faces the other estimate (Zou & Donner 2008, "Construction of confidence limits about effect
measures").
Runs of both sides that share seeds make the test careful, never bold.
"""

from collections.abc import Sequence
from math import hypot, inf, isfinite, sqrt
from typing import NamedTuple

from scipy.special import stdtr, stdtrit

from uphold.error_rates import LEVEL


class Side(NamedTuple):
    """An estimate of one side.

    Attributes
    ----------
    value, se, df : float
        The estimate, its standard error and the degrees of freedom of that.
    """

    value: float
    se: float
    df: float


class Difference(NamedTuple):
    """The second estimate less the first, with its interval, and the p of no difference."""

    value: float
    ci_low: float
    ci_high: float
    p: float


def difference(a: Side, b: Side) -> Difference:
    """Return the second less the first; with no noise at all any difference is one."""
    value = b.value - a.value
    if not a.se and not b.se:
        return Difference(value, value, value, 0.0 if value else 1.0)
    return max(_by_t(value, *_welch(a, b)), _by_t(value, *_student(a, b)), key=lambda d: d.p)


def _welch(a: Side, b: Side) -> tuple[float, float]:
    """Return standard error and degrees of freedom for spreads of their own."""
    se = hypot(a.se, b.se)
    return se, 1 / ((a.se / se) ** 4 / a.df + (b.se / se) ** 4 / b.df)


def _student(a: Side, b: Side) -> tuple[float, float]:
    """Return standard error and degrees of freedom for one spread."""
    df = a.df + b.df
    units = a.df + 1, b.df + 1
    variance = (a.df * units[0] * a.se**2 + b.df * units[1] * b.se**2) / df
    return sqrt(variance * (1 / units[0] + 1 / units[1])), df


def _by_t(value: float, se: float, df: float) -> Difference:
    half = quantile(df) * se
    return Difference(value, value - half, value + half, 2 * float(stdtr(df, -abs(value) / se)))


def facing(value: float, low: float, high: float, other: float, units: int) -> Side | None:
    """Return an estimate with its interval as a side that is held against another estimate.

    None where the interval does not reach to that side, or one unit alone is behind it.
    """
    half = high - value if other > value else value - low
    if units < 2 or not isfinite(half) or half <= 0:
        return None
    return Side(value, half / quantile(units - 1), units - 1)


def quantile(df: float) -> float:
    """Return how many standard errors an interval reaches to each side."""
    return float(stdtrit(df, (1 + LEVEL) / 2)) if df > 0 else inf


def holm(ps: Sequence[float], families: int = 1) -> list[float]:
    """Return p adjusted by Holm, and for so many families that share one level."""
    adjusted, least = [1.0] * len(ps), 0.0
    for rank, place in enumerate(sorted(range(len(ps)), key=ps.__getitem__)):
        least = max(least, min(1.0, families * (len(ps) - rank) * ps[place]))
        adjusted[place] = least
    return adjusted
