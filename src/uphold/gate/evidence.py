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


@dataclass
class _Arm:
    """What is kept of the runs of an arm.

    Attributes
    ----------
    number : int
        Its place among the arms.
    counts : ndarray
        Its runs by seed.
    sum : float
        Of their scores.
    part : int
        What its runs connect: arms and seeds of one part have one number.
    """

    number: int
    counts: np.ndarray
    part: int
    sum: float = 0.0


class Arms:
    """The runs of some arms, taken up one by one.

    Parameters
    ----------
    seeds : int
        How many seeds there are whose effect arms share; 1 where runs share nothing.

    Notes
    -----
    Of arms and seeds those that are more are swept out of the normal equations, so that a run costs
    the cube of the number of the others. Their solution is any one: only differences within what is
    connected by runs are asked for (Searle 1987, "Linear models for unbalanced data", chapter 5).
    """

    def __init__(self, seeds: int = 1) -> None:
        self._arms: dict[str, _Arm] = {}
        self._by_seed = np.zeros(seeds)
        self._part_of_seed = np.arange(seeds)
        self._squares = 0.0
        self._zero: float | None = None
        self._fitted: _Fit | None = None

    def add(self, arm: str, score: float, seed: int = 0) -> None:
        """Take up a run; ``score`` is higher where it is better."""
        if self._zero is None:
            self._zero = score
        score -= self._zero  # so that squares of what all runs have in common cancel nothing
        if arm not in self._arms:
            counts, part = np.zeros(self._by_seed.size), int(self._part_of_seed[seed])
            self._arms[arm] = _Arm(len(self._arms), counts, part)
        it = self._arms[arm]
        it.counts[seed] += 1
        it.sum += score
        self._by_seed[seed] += score
        self._squares += score * score
        self._connect(it, seed)
        self._fitted = None

    def _connect(self, arm: _Arm, seed: int) -> None:
        theirs = self._part_of_seed[seed]
        if arm.part == theirs:
            return
        for other in self._arms.values():
            if other.part == theirs:
                other.part = arm.part
        self._part_of_seed[self._part_of_seed == theirs] = arm.part

    def runs(self, arm: str) -> int:
        """Return how many runs an arm has."""
        return int(self._arms[arm].counts.sum()) if arm in self._arms else 0

    def spread(self) -> tuple[float, int]:
        """Return the SD of a run and its degrees of freedom, 0 and 0 where no run was repeated."""
        return (self._fit.sd, self._fit.df) if self._arms else (0.0, 0)

    def gain(self, candidate: str, baseline: str) -> Gain | None:
        """Return what the runs say of one arm against another, None where they cannot yet."""
        if candidate not in self._arms or baseline not in self._arms or not self._fit.df:
            return None
        one, other = self._arms[candidate], self._arms[baseline]
        # of seeds that one of the two has alone, nothing is known
        if one.part != other.part:
            return None
        gain, variance = self._fit.apart(one.number, other.number)
        return Gain(gain, self._fit.sd, self._fit.df, sqrt(variance))

    @property
    def _fit(self) -> "_Fit":
        if self._fitted is None:
            arms = self._arms.values()
            counts = np.array([arm.counts for arm in arms])
            parts = (np.array([arm.part for arm in arms]), self._part_of_seed)
            sums = (np.array([arm.sum for arm in arms]), self._by_seed)
            self._fitted = _Fit(counts, sums, parts, self._squares)
        return self._fitted


class _Fit:
    """The additive model, by least squares.

    Parameters
    ----------
    counts : ndarray
        Runs by arm and seed.
    sums, parts : tuple of ndarray
        Of arms and of seeds: the sum of their scores, and which of them runs connect.
    squares : float
        The sum of squares of all scores.
    """

    def __init__(
        self,
        counts: np.ndarray,
        sums: tuple[np.ndarray, np.ndarray],
        parts: tuple[np.ndarray, np.ndarray],
        squares: float,
    ) -> None:
        self._arms_swept = counts.shape[0] > counts.shape[1]
        if self._arms_swept:
            counts, sums, parts = counts.T, sums[::-1], parts[::-1]
        of_left, of_swept = counts.sum(axis=1), counts.sum(axis=0)
        self._shares = counts / np.maximum(of_swept, 1)
        self._means = sums[1] / np.maximum(of_swept, 1)
        self._of_swept = of_swept
        # what no run tells, the level of a part, is set by the sum of its effects being 0
        connected = parts[0][:, None] == parts[0]
        self._normal = np.diag(of_left) - self._shares @ counts.T + connected
        left = sums[0] - counts @ self._means
        self._effects = np.linalg.solve(self._normal, left)
        rest = squares - float(self._means @ sums[1]) - float(left @ self._effects)
        known = int((of_left > 0).sum() + (of_swept > 0).sum())
        separate = len(np.unique(parts[0][of_left > 0]))
        self.df = max(int(counts.sum()) - known + separate, 0)
        self.sd = sqrt(max(rest, 0.0) / self.df) if self.df else 0.0

    def apart(self, one: int, other: int) -> tuple[float, float]:
        """Return the difference of two arms, and its variance in squares of an SD."""
        if self._arms_swept:
            apart = self._shares[:, one] - self._shares[:, other]
            own = 1 / self._of_swept[one] + 1 / self._of_swept[other]
            gain = self._means[one] - self._means[other] - apart @ self._effects
        else:
            apart, own = np.zeros(len(self._effects)), 0.0
            apart[one], apart[other] = 1, -1
            gain = apart @ self._effects
        return float(gain), float(own + apart @ np.linalg.solve(self._normal, apart))


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
