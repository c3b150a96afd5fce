"""One-way analysis of variance, with the replicate as a block where the design allows it.

In: scores, a metric, and what makes the levels (configuration, one factor or several). Out: the
classic F, df, p, partial eta squared and omega squared; beside them Shapiro-Wilk on the residuals,
Kruskal-Wallis, the p of F* (which lets the levels spread unequally), and a permutation p where the
residuals are not normal.

Promised: the unit is the replicate, the outermost where replicates are nested: each level has one
mean a unit, over the contexts in which it was run. Units are blocks where levels share them, with
gaps or without.

Which p a verdict uses, and why. The classic F takes all levels to spread alike, and runs do not:
with three times the spread in some of 4 to 32 levels of 3 to 10 runs it finds what is not there in
6 to 12 % of sweeps in place of 5. F* does so in 1 to 6 % (where one level alone is wild, in up to
7), on average in 3 to 5, with and without blocks. So the verdict's p is that of F*, and where
Shapiro-Wilk rejects normal residuals the larger one of that and the permutation p, which alone
would again take spreads to be equal. The price is power where spreads are equal: .60 in place of
.80 at 3 runs a level, .70 to .77 at 5, .75 to .79 at 10. A test of equal spread first would not
save it: at 3 runs that test sees next to nothing. There is no Welch ANOVA: at 32 cells of 3 runs
its error rate is about .38.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.special import fdtrc

from uphold.statistics.block_anova import BlockAnova
from uphold.statistics.level_means import CONFIGURATION, LevelMeans, prepare_levels
from uphold.statistics.permutation import DRAWS, permuted_within
from uphold.statistics.scores import Scores

NORMALITY_LEVEL = 0.01
SHAPIRO_LIMIT = 5000


@dataclass(frozen=True, kw_only=True)
class Anova:
    """One F test. What could not be computed is NaN.

    Attributes
    ----------
    term : tuple of str
        What was tested, such as ``("configuration",)`` or ``("mixup", "label_smoothing")``.
    F, p : float
    df, df_resid : int
    eta_sq_partial, omega_sq_partial : float
        SS / (SS + RSS), and (SS - df MSE) / (SS + (n - df) MSE), which may be negative.
        Source: Olejnik & Algina (2003), Psychol. Methods 8, 434-447.
    mean_square_error : float
        The residual variance.
    n, levels : int
        Means that it is over, one a level and unit, and levels of the term.
    blocked : bool
        Whether units are blocks.
    p_unequal : float
        Of F*, whose levels may spread unequally; one-way only.
    shapiro_p : float
        Of normal residuals; not computed beyond 5,000 runs, where the F test needs no normality.
    p_permutation : float
        Computed where ``shapiro_p`` is below .01.
    kruskal_p : float
        Kruskal-Wallis over the levels, which knows no blocks.
    """

    term: tuple[str, ...]
    F: float
    df: int
    df_resid: int
    p: float
    eta_sq_partial: float
    omega_sq_partial: float
    mean_square_error: float
    n: int
    levels: int
    blocked: bool
    p_unequal: float = np.nan
    shapiro_p: float = np.nan
    p_permutation: float = np.nan
    kruskal_p: float = np.nan

    @property
    def verdict_p(self) -> float:
        """The p that a verdict uses: see the module's docstring."""
        return float(np.fmax(self._spread_p, self.p_permutation))

    @property
    def verdict_test(self) -> str:
        """Which test gave `verdict_p`: ``"F*"``, ``"permutation"`` or ``"F"``."""
        if self.p_permutation >= 0 and not self._spread_p > self.p_permutation:
            return "permutation"
        return "F" if np.isnan(self.p_unequal) else "F*"

    @property
    def _spread_p(self) -> float:
        return self.p if np.isnan(self.p_unequal) else self.p_unequal


def f_test(
    term: tuple[str, ...],
    ss: float,
    df: int,
    rss: float,
    df_resid: int,
    n: int,
    levels: int,
    blocked: bool,
) -> Anova:
    """Return the test of a sum of squares against the residual one."""
    mse = rss / df_resid if df_resid > 0 else np.nan
    possible = df > 0 and mse > 0
    f = ss / df / mse if possible else np.nan
    return Anova(
        term=term,
        F=float(f),
        df=int(df),
        df_resid=int(df_resid),
        p=float(fdtrc(df, df_resid, f)) if possible else np.nan,
        eta_sq_partial=float(ss / (ss + rss)) if possible else np.nan,
        omega_sq_partial=float((ss - df * mse) / (ss + (n - df) * mse)) if possible else np.nan,
        mean_square_error=float(mse),
        n=int(n),
        levels=int(levels),
        blocked=blocked,
    )


def one_way(
    means: LevelMeans, term: tuple[str, ...], draws: int = DRAWS, futile_from: float = np.inf
) -> Anova:
    """Return the test of several levels' means, one a unit.

    Parameters
    ----------
    means : LevelMeans
    term : tuple of str
        What makes the levels.
    draws : int
        Permutations, where they are needed. Without any, normality is not tested either.
    futile_from : float
        From this p of F* on the same holds: the verdict's p, the larger of both, is known to
        be as large.
    """
    blocked, level, levels = means.within_units, means.level, means.levels
    block = means.unit if blocked else np.zeros_like(level)
    blocks = means.units if blocked else min(1, level.size)
    y = means.value
    df_resid = y.size - levels - blocks + 1
    if levels < 2 or df_resid < 1:
        return f_test(term, np.nan, levels - 1, np.nan, 0, y.size, levels, blocked)
    y = y - y.mean()
    fit = BlockAnova(level, block, levels, blocks)
    block_sum = np.bincount(block, y, minlength=blocks)
    rss_of_blocks = (y**2).sum() - (block_sum**2 / fit.block_size).sum()
    q = fit.adjusted(np.bincount(level, y, minlength=levels), block_sum)
    effect = fit.effects(q)
    ss = float(q @ effect)
    residual = y - effect[level]
    residual -= (np.bincount(block, residual, minlength=blocks) / fit.block_size)[block]
    # A residual within rounding of nothing is nothing: no F can be had from it.
    rss = max(rss_of_blocks - ss, 0.0)
    rss = rss if rss > 1e-12 * (y**2).sum() else 0.0
    result = f_test(term, ss, levels - 1, rss, df_resid, y.size, levels, blocked)
    if rss == 0:
        return result
    p_unequal = fit.unequal_p(ss, np.bincount(level, residual**2, minlength=levels))
    result = replace(result, p_unequal=p_unequal)
    if not draws or p_unequal >= futile_from:
        return result
    shapiro_p = normality(residual)
    result = replace(result, shapiro_p=shapiro_p)
    if not shapiro_p < NORMALITY_LEVEL:
        return result
    order = np.argsort(level, kind="stable")
    starts = np.searchsorted(level[order], np.arange(levels))
    least = ss * (1 - 1e-9)
    as_large = 0
    for values in permuted_within(y[order], block[order], draws):
        q = fit.adjusted(np.add.reduceat(values, starts, axis=1), block_sum)
        as_large += int(((q * fit.effects(q)).sum(axis=1) >= least).sum())
    return replace(result, p_permutation=(1 + as_large) / (1 + draws))


def kruskal_p(means: LevelMeans) -> float:
    """Return the p of Kruskal-Wallis over the levels, NaN where it is not defined."""
    if means.value.size < 3 or np.ptp(means.value) == 0 or np.ptp(means.level) == 0:
        return np.nan
    from scipy.stats import kruskal

    order = np.argsort(means.level, kind="stable")
    ends = np.flatnonzero(np.diff(means.level[order])) + 1
    return float(kruskal(*np.split(means.value[order], ends)).pvalue)


def anova_oneway(
    scores: Scores,
    metric: str,
    over: str | tuple[str, ...] = CONFIGURATION,
    where: Mapping[str, Any] | None = None,
    draws: int = DRAWS,
) -> Anova:
    """Test whether a metric's mean differs between levels.

    Parameters
    ----------
    scores : Scores
    metric : str
    over : str or tuple of str
        ``"configuration"``, one factor, or several whose combinations are the levels. Runs in
        which a single factor has no effect take no part.
    where : mapping, optional
        Narrows the runs.
    draws : int
        Permutations, where they are needed.
    """
    means = prepare_levels(scores, metric, over, where).means()
    term = (over,) if isinstance(over, str) else over
    return replace(one_way(means, term, draws), kruskal_p=kruskal_p(means))


def normality(residuals: np.ndarray) -> float:
    """Return the p of Shapiro-Wilk, NaN where it is not defined."""
    if not 3 <= residuals.size <= SHAPIRO_LIMIT or np.ptp(residuals) == 0:
        return np.nan
    from scipy.stats import shapiro

    return float(shapiro(residuals).pvalue)
