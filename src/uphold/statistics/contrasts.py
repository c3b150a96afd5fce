"""Contrasts: what changes when one factor goes from one level to another, all else matched.

In: scores, a metric, a factor and two levels. Out: the mean difference ``to - from`` with its
interval, p and standardised size, and the runs that found no partner.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from uphold.statistics.estimate import Estimate
from uphold.statistics.matching import Matching, match
from uphold.statistics.scores import Scores, at_level

DIFFERENCE = (-1.0, 1.0)


@dataclass(frozen=True, kw_only=True)
class Contrast(Estimate):
    """The mean of ``to - from``.

    Attributes
    ----------
    from_mean, to_mean : float
        The mean of the runs of the one side that count, and what it comes to with the difference.
    hedges_g : float
        The difference in units of the pooled SD of the two sides, corrected for small samples.
    unmatched : tuple of str
        Names of the runs of either side that have no part in the difference.
    """

    from_mean: float
    to_mean: float
    hedges_g: float
    unmatched: tuple[str, ...]


def contrast(
    scores: Scores,
    metric: str,
    factor: str,
    from_level: Any,
    to_level: Any,
    where: Mapping[str, Any] | None = None,
) -> Contrast:
    """Return the effect of taking one factor from one level to another.

    Runs are compared that agree in every other factor, within replicates where these are shared,
    with one value a replicate: see `uphold.statistics.matching` and `uphold.statistics.clustered`.

    Parameters
    ----------
    scores : Scores
    metric, factor : str
    from_level, to_level : level of the factor
    where : mapping, optional
        Levels of other factors that narrow the runs.
    """
    matching = match_levels(scores, metric, factor, from_level, to_level, where)
    estimate = matching.estimate(DIFFERENCE)
    before, after = matching.sides(DIFFERENCE)
    from_mean = float(before.mean()) if before.size else np.nan
    return Contrast(
        **vars(estimate),
        from_mean=from_mean,
        to_mean=from_mean + estimate.value,
        hedges_g=hedges_g(before, after),
        unmatched=tuple(scores.run_names(matching.unmatched(DIFFERENCE))),
    )


def match_levels(
    scores: Scores,
    metric: str,
    factor: str,
    from_level: Any,
    to_level: Any,
    where: Mapping[str, Any] | None = None,
) -> Matching:
    """Match the runs at two levels of a factor on every other factor."""
    column = scores.column(factor)
    chosen = scores.selects(where)
    arms = [chosen & at_level(column, level) for level in (from_level, to_level)]
    keys = [name for name in scores.factors if name != factor]
    return match(scores, metric, arms, keys)


def hedges_g(from_values: np.ndarray, to_values: np.ndarray) -> float:
    """Return the standardised mean difference ``to - from``.

    Mean difference over the pooled SD of both sides, times ``1 - 3 / (4 df - 1)`` with
    df = n1 + n2 - 2. Source: Hedges (1981), J. Educ. Stat. 6, 107-128. NaN without spread.
    """
    n = from_values.size, to_values.size
    df = sum(n) - 2
    if min(n) < 2:
        return np.nan
    squares = sum(((side - side.mean()) ** 2).sum() for side in (from_values, to_values))
    if squares <= 0:
        return np.nan
    d = (to_values.mean() - from_values.mean()) / np.sqrt(squares / df)
    return float(d * (1 - 3 / (4 * df - 1)))
