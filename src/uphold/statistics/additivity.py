"""Additivity: whether steps taken together give the sum of what each gives alone.

In: scores, a metric and several steps. Out: what each step gives alone and in company of all the
others, the joint gain, the sum of the single gains and their difference, each with its interval.
For two steps the difference is the difference of differences.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from uphold.statistics.estimate import Estimate
from uphold.statistics.interactions import Step
from uphold.statistics.matching import match
from uphold.statistics.scores import Scores, at_level


@dataclass(frozen=True, kw_only=True)
class Additivity:
    """What steps give together and one by one, over runs matched in all else, replicate included.

    Attributes
    ----------
    alone : dict of str to Estimate
        By factor: that step taken, less none taken.
    in_company : dict of str to Estimate
        By factor: all steps taken, less all but that one.
    joint : Estimate
        All steps taken, less none taken.
    total : Estimate
        The sum of what the steps give alone.
    excess : Estimate
        ``joint - total``: 0 where gains are additive, negative where they overlap.
    """

    alone: dict[str, Estimate]
    in_company: dict[str, Estimate]
    joint: Estimate
    total: Estimate
    excess: Estimate


def additivity(scores: Scores, metric: str, steps: Sequence[Step]) -> Additivity:
    """Return whether the gains of steps add up.

    With b the score at no step, s_k at step k alone and j at all of them, of one replicate,
    ``excess = (j - b) - sum_k (s_k - b)``. Every number is a mean over replicates (and over the
    levels of other factors), with a paired t interval.

    Parameters
    ----------
    scores : Scores
    metric : str
    steps : sequence of Step
        Two or more, of different factors.
    """
    count = len(steps)
    none, every, single = np.zeros(count, bool), np.ones(count, bool), np.eye(count, dtype=bool)

    def gain(weights: list[float], arms: list[np.ndarray]) -> Estimate:
        rows = [_arm(scores, steps, taken) for taken in arms]
        return match(scores, metric, rows, others).estimate(weights)

    others = [name for name in scores.factors if name not in {step.factor for step in steps}]
    return Additivity(
        alone={s.factor: gain([-1, 1], [none, single[k]]) for k, s in enumerate(steps)},
        in_company={s.factor: gain([-1, 1], [~single[k], every]) for k, s in enumerate(steps)},
        joint=gain([-1, 1], [none, every]),
        total=gain([-count, *[1] * count], [none, *single]),
        excess=gain([count - 1, *[-1] * count, 1], [none, *single, every]),
    )


def _arm(scores: Scores, steps: Sequence[Step], taken: np.ndarray) -> np.ndarray:
    """Return the rows at which just these steps are taken."""
    rows = np.ones(len(scores.table), dtype=bool)
    for step, yes in zip(steps, taken, strict=True):
        rows &= at_level(scores.column(step.factor), step.to_level if yes else step.from_level)
    return rows
