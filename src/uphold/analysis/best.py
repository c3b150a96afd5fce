"""How far each configuration falls short of the best one, and which cannot be told from it.

In: scores and a metric. Out: `uphold.statistics.best` of the configurations' means over units.
Promised: pair by pair, within the units that two share, and each pair with an error of its own;
configurations that are one by several names are compared once, and have what that one has.
"""

import numpy as np

from uphold.claims.metric import Metric
from uphold.statistics.best import Best, best
from uphold.statistics.block_anova import BlockAnova
from uphold.statistics.equivalence import pairs
from uphold.statistics.level_means import CONFIGURATION, LevelMeans, prepare_levels
from uphold.statistics.moderation import moderated
from uphold.statistics.scores import Scores

MOST_MODERATED = 40
"""Configurations, up to which the variances of their pairs are moderated together."""
MOST_COMPARED = 2_000
"""Configurations: their pairs are gone through, which more of them would make long."""


def short_of_best(
    scores: Scores, name: str, metric: Metric, one: np.ndarray | None = None
) -> tuple[np.ndarray, Best] | None:
    """Return the cells that are compared, shape (k,), and each beside the best of the others.

    Parameters
    ----------
    scores : Scores
    name : str
    metric : Metric
    one : ndarray of int, shape (runs,), optional
        The cell of each run, where several are one that of the first of them.

    Returns
    -------
    tuple of (ndarray of int, Best) or None
        None where there are fewer than two with a score, or more than 2,000.
    """
    own = scores.cells()
    if one is None or (one == own).all():
        return _compared(scores, own, name, metric)
    first = own == one
    scored = np.unique(own[~np.isnan(scores.values(name))])
    if scored.size > 1 and np.unique(one[np.isin(own, scored)]).size == 1:
        nothing = np.zeros(scored.size)
        return scored, Best(nothing, nothing, nothing, nothing == 0)
    found = _compared(scores.only(first), own[first], name, metric)
    if found is None:
        return None
    place = {cell: at for at, cell in enumerate(found[0].tolist())}
    names = zip(own.tolist(), one.tolist(), strict=True)
    compared = {cell: place[of] for cell, of in names if of in place}
    back = list(compared.values())
    best = found[1]
    both = Best(best.lead[back], best.low[back], best.high[back], best.candidate[back])
    return np.array(list(compared)), both


def _compared(
    scores: Scores, own: np.ndarray, name: str, metric: Metric
) -> tuple[np.ndarray, Best] | None:
    runs = prepare_levels(scores, name, CONFIGURATION)
    means = runs.means()
    if not 2 <= means.levels <= MOST_COMPARED or means.units < 2:
        return None
    sign = 1.0 if metric.better == "higher" else -1.0
    cells = own[runs.first_of_levels()]
    found = pairs(means)
    if found is None:
        return None
    mean = _adjusted(means)
    known = found.df >= 1
    variance, df = np.where(known, found.variance, np.nan), np.where(known, found.df, 1.0)
    if means.levels <= MOST_MODERATED:
        variance, df = _moderated(variance, df)
    return cells, best(sign * mean, np.sqrt(variance), df)


def _adjusted(m: LevelMeans) -> np.ndarray:
    """Return each level's mean, adjusted for its units where these are shared."""
    if not m.within_units:
        return np.asarray(np.bincount(m.level, m.value) / np.bincount(m.level))
    fit = BlockAnova(m.level, m.unit, m.levels, m.units)
    total = np.bincount(m.level, m.value), np.bincount(m.unit, m.value)
    return np.asarray(fit.effects(fit.adjusted(*total)) + m.value.mean())


def _moderated(variance: np.ndarray, df: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the pairs' variances moderated together; two pairs share a configuration or none."""
    one, other = np.triu_indices(len(variance), 1)
    sides = np.zeros((one.size, len(variance)))
    sides[np.arange(one.size), one], sides[np.arange(one.size), other] = 1.0, -1.0
    found = moderated(variance[one, other], df[one, other], sides @ sides.T / 2)
    variance, df = variance.copy(), df.copy()
    for a, b in ((one, other), (other, one)):
        variance[a, b], df[a, b] = found.s2, found.df
    return variance, df
