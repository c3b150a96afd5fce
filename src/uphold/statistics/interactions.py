"""Interactions: how much the effect of one factor depends on another.

In: scores, a metric and two steps, each of a factor from one level to another. Out: the difference
of matched differences with its interval and p.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from uphold.statistics.estimate import Estimate
from uphold.statistics.matching import Matching, match
from uphold.statistics.scores import Scores

DIFFERENCE_OF_DIFFERENCES = (1.0, -1.0, -1.0, 1.0)


class Step(NamedTuple):
    """One factor going from one level to another."""

    factor: str
    from_level: Any
    to_level: Any


def interaction(
    scores: Scores,
    metric: str,
    of: Step,
    by: Step,
    where: Mapping[str, Any] | None = None,
) -> Estimate:
    """Return (effect of ``of`` at ``by.to_level``) - (effect of ``of`` at ``by.from_level``).

    The four arms are matched on every other factor, and compared within replicates where these are
    shared. A run in which one of the two factors has no effect stands for both of its levels.
    """
    return match_steps(scores, metric, of, by, where).estimate(DIFFERENCE_OF_DIFFERENCES)


def match_steps(
    scores: Scores, metric: str, of: Step, by: Step, where: Mapping[str, Any] | None = None
) -> Matching:
    """Match the four arms (from, from), (from, to), (to, from), (to, to) of ``of`` and ``by``."""
    for step in (of, by):
        scores.column(step.factor)
    chosen = scores.selects(where)
    present = scores.column(of.factor).notna() & scores.column(by.factor).notna()
    arms = [
        chosen & scores.selects({of.factor: a, by.factor: b})
        for a in (of.from_level, of.to_level)
        for b in (by.from_level, by.to_level)
    ]
    keys = [name for name in scores.factors if name not in (of.factor, by.factor)]
    matching = _telling(match(scores, metric, arms, keys), present.to_numpy())
    if (matching.context >= 0).any():
        return matching
    return match(scores, metric, [arm & present.to_numpy() for arm in arms], keys)


def _telling(matching: Matching, present: np.ndarray) -> Matching:
    """Leave out the contexts that are 0 by construction.

    Where one of the factors has no effect at either level of the other, the same runs stand on
    both sides: nothing was measured. ``present``, shape (runs,): where both factors have a level.
    """
    there = np.bincount(matching.cell, present[matching.row], minlength=matching.arm.size) > 0
    has = np.zeros((matching.context.max(initial=-1) + 2, matching.arms), dtype=bool)
    # Cells without a context have the number -1 and fall into the last row.
    np.logical_or.at(has, (matching.context, matching.arm), there)
    sides = ((0, 1), (2, 3), (0, 2), (1, 3))
    telling = np.any([has[:, a] & has[:, b] for a, b in sides], axis=0)
    context = np.where(telling[matching.context], matching.context, -1)
    return replace(matching, context=context)
