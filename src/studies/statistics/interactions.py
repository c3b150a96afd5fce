"""Interactions: how much the effect of one factor depends on another.

In: scores, a metric and two steps, each of a factor from one level to another. Out: the difference
of matched differences with its interval and p.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from studies.statistics.estimate import Estimate
from studies.statistics.matching import Matching, match
from studies.statistics.scores import Scores

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

    The four arms are matched on every other factor and the replicate: paired t over the matched
    differences of differences. Where fewer than two matches exist: Welch over the four arms.
    A run in which one of the two factors has no effect stands for both of its levels.
    """
    return match_steps(scores, metric, of, by, where).estimate(DIFFERENCE_OF_DIFFERENCES)


def match_steps(
    scores: Scores, metric: str, of: Step, by: Step, where: Mapping[str, Any] | None = None
) -> Matching:
    """Match the four arms (from, from), (from, to), (to, from), (to, to) of ``of`` and ``by``."""
    for step in (of, by):
        scores.column(step.factor)
    chosen = scores.selects(where)
    arms = [
        chosen & scores.selects({of.factor: a, by.factor: b})
        for a in (of.from_level, of.to_level)
        for b in (by.from_level, by.to_level)
    ]
    keys = [name for name in scores.factors if name not in (of.factor, by.factor)]
    return match(scores, metric, arms, [*keys, scores.replicate])
