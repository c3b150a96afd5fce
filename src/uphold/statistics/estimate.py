"""An estimate: one number, how sure it is, from how many runs, and how it was found.

Everything that rests on a t distribution keeps its standard error and degrees of freedom, from
which intervals, one-sided bounds and equivalence follow without going back to the data.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from scipy.special import stdtr, stdtrit

from uphold.error_rates import LEVEL

ROUNDING = 64 * np.finfo(float).eps


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A value with its unadjusted 95 % interval. What could not be computed is NaN.

    Attributes
    ----------
    value, ci_low, ci_high : float
        In the metric's unit.
    n : int
        Independent units behind it: runs, matched pairs or matched quadruples.
    runs, seeds : int
        Runs behind it, and distinct replicates among them: of the poorest arm where arms are not
        matched.
    method : str
        Such as ``"paired t"``, ``"Welch t"``, ``"t"`` or ``"none"``.
    p : float
        Two-sided, for the null hypothesis that the value is 0.
    se, df : float
        Standard error and degrees of freedom of the t distribution that it rests on.
    """

    value: float
    ci_low: float
    ci_high: float
    n: int
    runs: int
    seeds: int
    method: str
    p: float
    se: float
    df: float

    @classmethod
    def from_t(cls, value: float, se: float, df: float, **more: Any) -> Self:
        """Return the estimate whose error is t distributed with ``df`` degrees of freedom.

        Where the standard error is 0, there is no noise to judge against: a value of exactly 0 (arm
        and control agree in every run) has p = 1, any other has neither p nor interval.
        """
        half = interval_half_width(se, df)
        p = 2 * stdtr(df, -abs(value / se)) if se > 0 else (1.0 if value == 0 == se else np.nan)
        if se == 0 and value != 0:
            half = se = np.nan
        return cls(
            value=float(value),
            ci_low=float(value - half),
            ci_high=float(value + half),
            p=float(p),
            se=float(se),
            df=float(df),
            **more,
        )

    def lower(self, level: float = LEVEL) -> float:
        """Return the one-sided lower bound of a confidence level."""
        return float(self.value - self._reach(level))

    def upper(self, level: float = LEVEL) -> float:
        """Return the one-sided upper bound of a confidence level."""
        return float(self.value + self._reach(level))

    def _reach(self, level: float) -> float:
        return 0.0 if self.se == 0 else stdtrit(self.df, level) * self.se

    def equivalence_p(self, margin: float) -> float:
        """Return the p of two one-sided tests (TOST) for a true value inside ± margin.

        Source: Schuirmann (1987), J. Pharmacokinet. Biopharm. 15, 657-680. The larger of the two
        one-sided p; below .05 exactly where the 90 % interval lies inside ± margin.
        """
        if self.se == 0:
            return 0.0 if abs(self.value) < margin else 1.0
        return float(stdtr(self.df, (abs(self.value) - margin) / self.se))

    def inside(self, margin: float, alpha: float = 1 - LEVEL) -> bool:
        """Return whether TOST finds the true value inside ± margin. False where it cannot say."""
        return self.equivalence_p(margin) < alpha


def interval_half_width(se: float, df: float, level: float = LEVEL) -> float:
    """Return half the width of the two-sided t interval: 0 where the standard error is."""
    return 0.0 if se == 0 else stdtrit(df, (1 + level) / 2) * se


def mean_and_error(values: np.ndarray) -> tuple[float, float]:
    """Return mean and variance of the mean, shape (n,) to scalars.

    A spread within rounding of the values themselves counts as none, so that equal differences of
    rounded scores do not pass for a tiny standard error. The variance of one value is NaN.
    """
    n = values.size
    if n == 0:
        return np.nan, np.nan
    mean = float(values.mean())
    if n == 1:
        return mean, np.nan
    spread = np.abs(values - mean).max()
    if spread <= ROUNDING * max(np.abs(values).max(), 1.0):
        return (0.0 if abs(mean) <= ROUNDING else mean), 0.0
    return mean, float(values.var(ddof=1) / n)
