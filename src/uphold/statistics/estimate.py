"""An estimate: one number, how sure it is, from how many runs, and how it was found.

Everything that rests on a t distribution keeps its standard error and degrees of freedom, from
which intervals, one-sided bounds and equivalence follow without going back to the data.
"""

from dataclasses import dataclass, fields
from typing import Any, NamedTuple, Self

import numpy as np
from scipy.special import stdtr, stdtrit

from uphold.error_rates import LEVEL

ROUNDING = 64 * np.finfo(float).eps


class Loading(NamedTuple):
    """How much each run counts in an estimate.

    Attributes
    ----------
    run : ndarray of int, shape (runs,)
        The run's number in the log, each once.
    weight : ndarray, shape (runs,)
    """

    run: np.ndarray
    weight: np.ndarray


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A value with its unadjusted 95 % interval. What could not be computed is NaN.

    Attributes
    ----------
    value, ci_low, ci_high : float
        In the metric's unit.
    n : int
        Independent units behind it: distinct replicates.
    runs, seeds : int
        Runs behind it, and distinct replicates among them: of the poorest arm where arms are not
        compared within replicates.
    method : str
        Such as ``"paired t"``, ``"incomplete blocks t"``, ``"Welch t"``, ``"t"`` or ``"none"``.
    p : float
        Two-sided, for the null hypothesis that the value is 0.
    se, df : float
        Standard error and degrees of freedom of the t distribution that it rests on.
    scale : float
        The square of the standard error in units of the variance of one value: what variances of
        several estimates are compared by. NaN where that is not known.
    loading : Loading, optional
        How much each run counts: what several estimates share of their noise.
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
    scale: float = np.nan
    loading: Loading | None = None

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

    def beyond_p(self, margin: float) -> float:
        """Return the p for a true value beyond ± margin; see the function of that name."""
        return float(beyond_p(self.value, self.se, self.df, margin)) if self.se > 0 else np.nan

    def above_p(self, limit: float) -> float:
        """Return the one-sided p for a true value above a limit: 1 less that is the p for below."""
        return float(stdtr(self.df, (limit - self.value) / self.se)) if self.se > 0 else np.nan

    def with_error(self, se: float, df: float) -> Self:
        """Return the same value with another standard error: its interval and p follow."""
        parts = {f.name: getattr(self, f.name) for f in fields(self)}
        for name in ("value", "se", "df", "ci_low", "ci_high", "p"):
            parts.pop(name)
        return type(self).from_t(self.value, se, df, **parts)


def beyond_p(value: Any, se: Any, df: Any, margin: float) -> Any:
    """Return the p for a true value beyond ± margin, of any shape.

    The chance of an estimate at least so far beyond, on either side, where the true value is just
    one margin: at most the level wherever it lies within.
    """
    far, near = (np.abs(value) + margin) / se, (np.abs(value) - margin) / se
    return stdtr(df, -near) + stdtr(df, -far)


def interval_half_width(se: float, df: float, level: float = LEVEL) -> float:
    """Return half the width of the two-sided t interval: 0 where the standard error is."""
    return 0.0 if se == 0 else stdtrit(df, (1 + level) / 2) * se
