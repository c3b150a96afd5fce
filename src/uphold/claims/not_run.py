"""Arms that a claim compares and that were not run, or that are one and the same.

In: a claim and the runs that it is about. Out: the factors of one level and the levels that no run
has, in words, and the reason why there is no test. Promised: no score is looked at.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from uphold.claims.claim import Claim
from uphold.claims.untestable import Untestable, never_run, one_level, same_arms
from uphold.format import name
from uphold.statistics import Scores
from uphold.statistics.scores import at_level, distinct, level_text

MOST_LEVELS = 8


def barred(claim: Claim, scores: Scores, alike: np.ndarray, same: bool) -> Untestable | None:
    """Return what is wrong with what a claim compares, whichever runs are kept.

    Parameters
    ----------
    claim : Claim
    scores : Scores
    alike : ndarray of int, shape (runs,)
        Equal where two runs were trained alike.
    same : bool
        Whether it compares an arm with itself.
    """
    found = without_arms(claim, scores)
    if found is None and same:
        # Runs that are like themselves alone are on both sides.
        found = same_arms(distinct(alike) < alike.size, scores.replicate)
    return found


def without_arms(claim: Claim, scores: Scores) -> Untestable | None:
    """Return why what a claim compares was not run, None where it was."""
    for factor in constant_factors(claim, scores):
        return one_level(constant_text(scores, factor), scores.replicate)
    for _, factor, level in missing_levels(claim, scores):
        return never_run(missing_text(scores, factor, level), scores.replicate)
    return None


def constant_factors(claim: Claim, scores: Scores) -> list[str]:
    """Return the factors of which a claim compares levels, and that have fewer than two."""
    return [name for name in claim.compared() if len(scores.levels(name)) < 2]


def constant_text(scores: Scores, factor: str) -> str:
    """Return such as ``"mixup has only true"``."""
    levels = scores.levels(factor)
    return f"{name(factor)} has {f'only {level_text(levels[0])}' if levels else 'no level at all'}"


def missing_levels(claim: Claim, scores: Scores) -> Iterator[tuple[str, str, Any]]:
    """Yield each level that a claim names and no run has, as (place in it, factor, level).

    A factor without effect in all runs lacks none: such runs stand for every level.
    """
    for place, factor, level in claim.levels():
        column = scores.column(factor)
        if column.notna().any() and not at_level(column, level).any():
            yield place, factor, level


def missing_text(scores: Scores, factor: str, level: Any) -> str:
    """Return such as ``"no run has mixup = ture (levels: false, true)"``."""
    levels = list(map(level_text, scores.levels(factor)))
    more = f" and {len(levels) - MOST_LEVELS} more" if len(levels) > MOST_LEVELS else ""
    return (
        f"no run has {name(factor)} = {level_text(level)}"
        f" (levels: {', '.join(levels[:MOST_LEVELS])}{more})"
    )
