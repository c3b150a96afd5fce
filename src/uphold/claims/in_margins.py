"""Where an outcome lies on one scale for all claims of a write-up: in margins.

In: an outcome and the smallest effect that matters. Out: value and interval so that 0 is no effect,
or the limit of a bound, and ±1 the smallest effect that matters, whatever the metric is.
"""

from math import inf, log
from typing import NamedTuple

from uphold.format import Bounded


class InMargins(NamedTuple):
    """A value and its 95 % interval in margins; ends may be infinite.

    Attributes
    ----------
    value, ci_low, ci_high : float
    claimed : float
        What the claim says that it is at least: 0, but for a gain.
    """

    value: float
    ci_low: float
    ci_high: float
    claimed: float = 0.0


def of_difference(
    value: float, ends: Bounded, margin: float, *, zero: float = 0.0, claimed: float = 0.0
) -> InMargins:
    """Return a difference from ``zero``, such as a bound's limit."""
    low, high = _end(ends.ci_low), _end(ends.ci_high)
    at, low, high = ((x - zero) / margin for x in (value, low, high))
    return InMargins(at, low, high, claimed / margin)


def of_ratio(value: float, ends: Bounded, margin: float) -> InMargins:
    """Return a ratio, of which 1 is no effect and ``margin``, or one over it, the smallest."""
    low, high = _end(ends.ci_low), _end(ends.ci_high)
    at, low, high = (log(x) / log(margin) if x > 0 else -inf for x in (value, low, high))
    return InMargins(at, low, high)


def _end(end: float | None) -> float:
    return float("nan") if end is None else end
