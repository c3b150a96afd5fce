"""Moderated variances: each contrast's variance drawn towards what its metric's contrasts share.

In: the variances of the contrasts of one metric and their degrees of freedom. Out: both moderated
by empirical Bayes (Smyth 2004, Stat. Appl. Genet. Mol. Biol. 3, art. 3): true variances are taken
for draws from a scaled inverse chi-squared, whose scale and degrees of freedom are estimated.

Three things differ from the moment estimator of that paper, since with few contrasts of few seeds
it sees an infinite prior df by luck. ``bench/moderation.py`` simulates what they buy.

- The prior comes from the likelihood of the scaled F distribution, which at 2 degrees of freedom
  tells equal from unequal spread far better than moments of log variances.
- Not the best prior df is used but a lower confidence limit, the stricter the fewer contrasts.
- Hypervariable contrasts do not feed the prior and are hardly moderated (the aim of Phipson et al.
  2016, Ann. Appl. Stat. 10, 946-963, by simpler means).

What is promised holds over the contrasts: their family-wise error under Holm, and the rate at which
tests of single contrasts go wrong, taken over all of them. It does not hold for the single,
unadjusted p of a contrast known to be noisier than its company, for which borrowing helps too much:
at 3 seeds the noisiest of ten or more is "found" in 7 to 17 of 100. Where one such p decides, ask
its own variance too.
"""

from dataclasses import dataclass
from math import prod

import numpy as np
from scipy.special import betaln, fdtrc

# 2 / prior df, about the squared coefficient of variation of the true variances: from all but equal
# to all but unrelated.
SPREADS = np.geomspace(0.004, 20, 36)
# The confidence limit lies where the root of twice the drop in log likelihood is CAUTION for ENOUGH
# contrasts and more (73 % one-sided), and CAUTION * ENOUGH / m for fewer.
CAUTION, ENOUGH = 0.62, 30
# A contrast is left out of the prior where one as large were seen in 1 of 100 families.
LEFT_OUT = 0.01
# A contrast in the upper third of what the prior predicts begins to lose prior df.
DOUBTED = 1 / 3


@dataclass(frozen=True)
class Moderated:
    """Moderated variances. Leading axes, where there are any, are families of their own.

    Attributes
    ----------
    s2, df : ndarray, shape (..., m)
        Where a variance was unknown, as they came.
    prior_s2, prior_df : ndarray, shape (...)
        What the contrasts share; a hypervariable contrast gets fewer df. A prior df of 0 (and NaN
        variance) says that nothing was moderated.
    """

    s2: np.ndarray
    df: np.ndarray
    prior_s2: np.ndarray
    prior_df: np.ndarray


def moderated(s2: np.ndarray, df: np.ndarray, correlation: np.ndarray | None = None) -> Moderated:
    """Moderate the variances of the contrasts of one metric.

    Parameters
    ----------
    s2 : ndarray, shape (..., m)
        In one unit, such as that of the difference of two runs. NaN or 0 is unknown: it takes no
        part and comes back as it is.
    df : ndarray, shape (..., m)
        Need be neither whole nor equal. NaN or 0 makes its variance unknown.
    correlation : ndarray, shape (m, m), optional
        Of the estimates of the contrasts, where runs are equally noisy. Contrasts that share runs
        say less of the prior than as many independent ones. Left out: they share nothing.

    Returns
    -------
    Moderated
        With prior s0² and d0, ``s2 = (df s2 + d0 s0²) / (df + d0)`` on ``df + d0`` degrees.
    """
    s2, df = np.broadcast_arrays(np.asarray(s2, dtype=float), np.asarray(df, dtype=float))
    shape, m = s2.shape[:-1], s2.shape[-1]
    s2, df = s2.reshape(prod(shape), m), df.reshape(prod(shape), m)
    known = np.isfinite(s2) & (s2 > 0) & np.isfinite(df) & (df > 0)
    x, v = np.where(known, s2, 1.0), np.where(known, df, 1.0)
    prior_s2, prior_df = _robust_prior(x, v, known, _independent(known, correlation))

    doubt = np.where(known, _tail(x, v, prior_s2, prior_df) / DOUBTED, 0.0)
    own = prior_df[:, None] * np.minimum(doubt, 1.0)
    at = np.where(prior_df > 0, prior_s2, 0.0)[:, None]
    return Moderated(
        np.where(own > 0, (v * x + own * at) / (v + own), s2).reshape(*shape, m),
        np.where(own > 0, v + own, df).reshape(*shape, m),
        np.where(prior_df > 0, prior_s2, np.nan).reshape(shape),
        prior_df.reshape(shape),
    )


def _independent(known: np.ndarray, correlation: np.ndarray | None) -> np.ndarray:
    """Return how many independent contrasts would say as much of the mean variance.

    m² / Σ r²: estimates that correlate with r have variances that correlate with r² (normal runs).
    """
    if correlation is None:
        return np.asarray(known.sum(axis=1), dtype=float)
    shared = np.einsum("ri,ij,rj->r", known, np.asarray(correlation) ** 2, known)
    return np.asarray(known.sum(axis=1) ** 2 / np.maximum(shared, 1.0))


def _robust_prior(
    x: np.ndarray, v: np.ndarray, known: np.ndarray, independent: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the prior without those contrasts that it makes implausibly variable.

    The most outlying is judged by the prior of the others, so that it cannot hide itself; then the
    next, up to a tenth of the contrasts.
    """
    prior_s2, prior_df = _prior(x, v, known, independent)
    kept = known.copy()
    rows = np.flatnonzero(prior_df > 0)
    for _ in range(max(x.shape[1] // 10, 1)):
        if rows.size == 0:
            break
        tail = _tail(x[rows], v[rows], prior_s2[rows], prior_df[rows])
        last = np.where(kept[rows], tail, np.inf).argmin(axis=1)
        others = kept[rows]
        others[np.arange(rows.size), last] = False
        s0, d0 = _prior(x[rows], v[rows], others, independent[rows])
        there = np.take_along_axis(_tail(x[rows], v[rows], s0, d0), last[:, None], axis=1)[:, 0]
        out = (d0 > 0) & (there * known[rows].sum(axis=1) < LEFT_OUT)
        rows = rows[out]
        kept[rows], prior_s2[rows], prior_df[rows] = others[out], s0[out], d0[out]
    return prior_s2, prior_df


def _prior(
    x: np.ndarray, v: np.ndarray, kept: np.ndarray, independent: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the prior's variance and the lower confidence limit of its df, shape (rows,) each."""
    loglik, log_s0 = profile(x, v, kept)
    count = np.maximum(kept.sum(axis=1), 1)
    fall = 2 * (loglik.max(axis=1, keepdims=True) - loglik)
    allowed = (CAUTION * np.maximum(1.0, ENOUGH / np.maximum(independent, 1.0))) ** 2
    # The widest spread of all that the likelihood allows, between two points of the grid.
    rows, last = np.arange(len(x)), len(SPREADS) - 1
    low = last - (fall <= allowed[:, None])[:, ::-1].argmax(axis=1)
    high = np.minimum(low + 1, last)
    rise = fall[rows, high] - fall[rows, low]
    part = np.clip((allowed - fall[rows, low]) / np.where(rise > 0, rise, 1.0), 0.0, 1.0)
    spread = SPREADS[low] + part * (SPREADS[high] - SPREADS[low])
    log_s0 = log_s0[rows, low] + part * (log_s0[rows, high] - log_s0[rows, low])
    # Variances that agree by luck tell no more than the runs behind them.
    most = (kept * v).sum(axis=1) * independent / count
    return np.exp(log_s0), np.where(low < last, np.minimum(2 / spread, most), 0.0)


def profile(x: np.ndarray, v: np.ndarray, kept: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the log likelihood of each of `SPREADS` at its best prior variance, and its logarithm.

    Parameters
    ----------
    x, v : ndarray, shape (rows, m)
        Variances and degrees of freedom, all above 0.
    kept : ndarray of bool, shape (rows, m)
        Which ones count.

    Returns
    -------
    loglik, log_s0 : ndarray, shape (rows, spreads)
        ``x / s0²`` follows F(v, d0); what depends on neither is left out of the likelihood.
    """
    d0 = 2 / SPREADS
    count = np.maximum(kept.sum(axis=1), 1)[:, None]
    middle = (kept * np.log(x)).sum(axis=1, keepdims=True) / count
    # Shape (rows, spreads, m) from here on.
    half, keep = v[:, None, :] / 2, kept[:, None, :].astype(float)
    both = half + d0[:, None] / 2
    log_ratio = (np.log(v * x) - middle)[:, None, :] - np.log(d0)[:, None]
    least = (keep * half * d0[:, None] / (both + 1)).sum(axis=2) / 4
    log_s0 = np.zeros((len(x), d0.size))
    for _ in range(100):
        # Newton's method on a concave function, held back where it is flat.
        share = 1 / (1 + np.exp(log_s0[:, :, None] - log_ratio))
        slope = (keep * (both * share - half)).sum(axis=2)
        bend = (keep * both * share * (1 - share)).sum(axis=2)
        step = np.clip(slope / np.maximum(np.maximum(bend, least), 1e-300), -2.0, 2.0)
        log_s0 += step
        if np.abs(step).max(initial=0.0) < 1e-9:
            break
    log_u = log_ratio - log_s0[:, :, None]
    each = half * log_u - both * np.logaddexp(0.0, log_u) - betaln(half, d0[:, None] / 2)
    return (keep * each).sum(axis=2), log_s0 + middle


def _tail(x: np.ndarray, v: np.ndarray, s0: np.ndarray, d0: np.ndarray) -> np.ndarray:
    """Return how probable a variance as large is under the prior, shape (rows, m)."""
    return np.asarray(fdtrc(v, np.maximum(d0, SPREADS[0])[:, None], x / s0[:, None]))
