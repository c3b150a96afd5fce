"""Two printed rows compared, as far as their SDs and runs allow.

In: printed means and SDs over known numbers of runs. Out: differences with p values, and what
could have been detected. Promised: without SDs, or from single runs, p is NaN.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import fdtrc, stdtr, stdtrit

from uphold.archive.printed import Printed, p_shown
from uphold.error_rates import LEVEL
from uphold.format import number
from uphold.statistics.power import minimum_detectable_effect


@dataclass(frozen=True)
class Comparison:
    """Two printed means, by Welch's t test from their SDs and the runs behind each.

    Attributes
    ----------
    difference : float
        Second minus first.
    half : float
        How far rounding may shift it.
    p : float
        Two-sided; NaN without SDs or with a single run, like `detectable`.
    detectable : float
        The least true difference found with 80 % power.
    reach : float
        How far a one-sided 95 % bound lies from the difference; infinite where p is NaN.
    """

    difference: float
    half: float
    p: float = np.nan
    detectable: float = np.nan
    reach: float = np.inf

    @property
    def surely(self) -> str:
        """How sure the difference is, in words."""
        if np.isnan(self.p):
            return "one value each, so that the noise is unknown"
        return f"Welch {p_shown(self.p)}, detectable {number(self.detectable, 2)}"


def welch(before: Printed, after: Printed, runs: int | None) -> Comparison:
    """Return the comparison of two printed means over `runs` runs each."""
    difference, half = after.value - before.value, before.half + after.half
    if runs is None or runs < 2 or before.sd is None or after.sd is None:
        return Comparison(difference, half)
    a, b = before.sd.value**2 / runs, after.sd.value**2 / runs
    if a + b == 0:
        return Comparison(difference, half)
    se, df = np.sqrt(a + b), (a + b) ** 2 * (runs - 1) / (a**2 + b**2)
    p = float(2 * stdtr(df, -abs(difference) / se))
    reach = float(stdtrit(df, LEVEL) * se)
    return Comparison(difference, half, p, minimum_detectable_effect(se, df), reach)


def sd_ratio_p(before: float, after: float, runs: int | None) -> float:
    """Return the two-sided p of the F test that two SDs, over `runs` runs each, are equal."""
    if runs is None or runs < 2 or min(before, after) <= 0:
        return np.nan
    ratio = (max(before, after) / min(before, after)) ** 2
    return float(min(1.0, 2 * fdtrc(runs - 1, runs - 1, ratio)))
