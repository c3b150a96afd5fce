"""Runs of several arms → the evidence that one gains over another, which may be read at any time.

The model is additive: a score is its arm's mean, plus what its seed does in every arm where arms
share seeds, plus noise of one spread. All runs so far tell that spread. The evidence is a
likelihood ratio of the t statistic, of a gain of so many SD against none::

    LR = f(t; df, δ / f) / f(t; df, 0)

with ``f`` the standard error of the gain in SD. For a fixed δ, or a mean over fixed ones, it is an
e-process: whatever the means, the seeds' effects and the spread are, a candidate that gains nothing
brings it to 1/α at any time, however often one looks, with a probability of at most α (Lai 1976;
Pérez-Ortiz, Lardy, de Heide and Grünwald 2024, "E-statistics, group invariance and anytime-valid
testing"). By the same ratio, upside down, a gain of δ SD is rejected. δ is the margin in SD of the
noise as it was known when the candidate came; that it was estimated leaves the promise approximate
where few runs were repeated, which simulations hold to account.
"""

from dataclasses import dataclass
from math import exp, inf, isfinite, log, sqrt

import numpy as np

MIXTURE = {1: 0.5, 2: 0.25, 4: 0.125, 8: 0.0625, 16: 0.0625}
"""How much of the evidence is for which multiple of the gain."""
POINTS = 401
"""Of the integral over the spread, for five figures and more."""
AROUND = 9.0
"""So many SD around its mode."""


@dataclass(frozen=True)
class Gain:
    """What the runs say of one arm against another.

    Attributes
    ----------
    gain : float
        The difference of their means, in the metric's unit, positive where the first one is better.
    sd : float
        Of a run.
    df : int
        Its degrees of freedom.
    per_sd : float
        The standard error of the gain, in SD of a run.
    """

    gain: float
    sd: float
    df: int
    per_sd: float

    @property
    def se(self) -> float:
        """The standard error of the gain, in the metric's unit."""
        return self.sd * self.per_sd

    def for_gain(self, effect: float) -> float:
        """Return the logarithm of the evidence for a gain of ``effect`` SD, or more, against none.

        It is a mean of likelihood ratios, so that a gain of many times as much is seen at once.
        """
        each = [self._log_ratio(effect * times) + log(part) for times, part in MIXTURE.items()]
        top = max(each)
        return top + log(sum(exp(one - top) for one in each)) if isfinite(top) else top

    def against_gain(self, effect: float) -> float:
        """Return the logarithm of the evidence for no gain against one of ``effect`` SD."""
        return -self._log_ratio(effect)

    def _log_ratio(self, effect: float) -> float:
        return log_ratio(self.gain / self.se, self.df, effect / self.per_sd)


class Arms:
    """The runs of some arms, taken up one by one.

    Parameters
    ----------
    seeds : int
        How many seeds there are whose effect arms share, 0 where runs share nothing.

    Notes
    -----
    Arms are swept out of the normal equations, so that a run costs the square of the number of
    seeds and a gain its cube, however many arms there are.
    """

    def __init__(self, seeds: int = 0) -> None:
        self._runs: dict[str, int] = {}
        self._sums: dict[str, float] = {}
        self._seeds: dict[str, np.ndarray] = {}
        self._of_seeds = np.zeros(seeds)
        self._by_seed = np.zeros(seeds)
        self._swept = np.zeros((seeds, seeds))  # sums over arms, each taken out and put in anew
        self._swept_by_seed = np.zeros(seeds)
        self._squares = self._swept_squares = 0.0
        self._zero: float | None = None

    def add(self, arm: str, score: float, seed: int = 0) -> None:
        """Take up a run; ``score`` is higher where it is better."""
        if self._zero is None:
            self._zero = score
        score -= self._zero  # so that squares of what all runs have in common cancel nothing
        self._sweep(arm, -1.0)
        x = self._seeds.setdefault(arm, np.zeros(len(self._of_seeds)))
        if len(x):
            x[seed] += 1
            self._of_seeds[seed] += 1
            self._by_seed[seed] += score
        self._runs[arm] = self._runs.get(arm, 0) + 1
        self._sums[arm] = self._sums.get(arm, 0.0) + score
        self._squares += score * score
        self._sweep(arm, 1.0)

    def _sweep(self, arm: str, sign: float) -> None:
        """Put what an arm's mean explains into the sums, or take it out."""
        if not (n := self._runs.get(arm, 0)):
            return
        total, x = self._sums[arm], self._seeds[arm]
        self._swept_squares += sign * total * total / n
        if len(x):
            self._swept += sign * np.outer(x, x) / n
            self._swept_by_seed += sign * x * total / n

    def runs(self, arm: str) -> int:
        """Return how many runs an arm has."""
        return self._runs.get(arm, 0)

    def spread(self) -> tuple[float, int]:
        """Return the SD of a run and its degrees of freedom, 0 and 0 where no run was repeated."""
        sd, df, _, _ = self._solved()
        return sd, df

    def gain(self, candidate: str, baseline: str) -> Gain | None:
        """Return what the runs say of one arm against another, None where they cannot yet."""
        if not (self.runs(candidate) and self.runs(baseline)):
            return None
        sd, df, inverse, effects = self._solved()
        if not df:
            return None
        n, m = self._runs[candidate], self._runs[baseline]
        apart = self._seeds[candidate] / n - self._seeds[baseline] / m
        # of seeds that one of the two has alone, nothing is known
        if len(apart) and not np.allclose(self._normal() @ inverse @ apart, apart, atol=1e-9):
            return None
        gain = self._sums[candidate] / n - self._sums[baseline] / m - float(apart @ effects)
        variance = 1 / n + 1 / m + float(apart @ inverse @ apart)
        return Gain(gain, sd, df, sqrt(variance))

    def _normal(self) -> np.ndarray:
        found: np.ndarray = np.diag(self._of_seeds) - self._swept
        return found

    def _solved(self) -> tuple[float, int, np.ndarray, np.ndarray]:
        """Return the SD of a run, its df, the inverse of the normal equations and the effects."""
        squares = self._squares - self._swept_squares
        df = sum(self._runs.values()) - len(self._runs)
        inverse, effects = np.zeros((0, 0)), np.zeros(0)
        if len(self._of_seeds):
            normal, left = self._normal(), self._by_seed - self._swept_by_seed
            inverse = np.linalg.pinv(normal, rcond=1e-10, hermitian=True)
            effects = inverse @ left
            squares -= float(left @ effects)
            df -= int(np.linalg.matrix_rank(normal, tol=1e-8, hermitian=True))
        return (sqrt(max(squares, 0.0) / df) if df > 0 else 0.0), max(df, 0), inverse, effects


def log_ratio(t: float, df: float, ncp: float) -> float:
    """Return the logarithm of the density of a noncentral t by that of the central one.

    Parameters
    ----------
    t : float
        The statistic.
    df : float
        Its degrees of freedom.
    ncp : float
        The noncentrality.

    Notes
    -----
    Both densities are integrals over the spread, of ``x^df exp(-(x - a)² / 2)`` with
    ``a = ncp t / √(df + t²)`` and 0 (Johnson, Kotz and Balakrishnan 1995, "Continuous univariate
    distributions", volume 2, chapter 31).
    """
    if not np.isfinite(t):
        return inf if (t > 0) == (ncp > 0) else -inf
    share = t / sqrt(df + t * t)
    down = 0.5 * ncp * ncp * (1 - share * share)
    return _log_integral(ncp * share, df) - _log_integral(0.0, df) - down


def _log_integral(a: float, df: float) -> float:
    mode = (a + sqrt(a * a + 4 * df)) / 2
    low = max(mode - AROUND, 1e-12)
    x = np.linspace(low, mode + AROUND, POINTS)
    heights = df * np.log(x) - 0.5 * (x - a) ** 2
    top = float(heights.max())
    step = (mode + AROUND - low) / (POINTS - 1)
    return top + log(float(np.exp(heights - top).sum()) * step)
