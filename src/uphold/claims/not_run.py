"""Arms that a claim compares and that were not run, or that are one and the same, or no units.

In: a claim and the runs that it is about. Out: the factors of one level and the levels that no run
has, in words, and the reason why there is no test; and the arms without any score. Promised: of
scores nothing is looked at but whether they are there.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from uphold.claims.claim import Claim
from uphold.claims.parts import taken_for_unit, way_out
from uphold.claims.untestable import Untestable, never_run, no_units, one_level, same_arms
from uphold.format import name, settings
from uphold.statistics.scores import Scores, at_level, codes, distinct, level_text, records

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
    if (of := taken_for_unit(scores)) is not None:
        return no_units(name(scores.replicate), name(of.unit), way_out(scores, of))
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


def without_score(
    claim: Claim, scores: Scores, factors: Sequence[str], chosen: np.ndarray
) -> tuple[str, ...]:
    """Return the combinations of factors of which runs were made, and none has a score, in words.

    Parameters
    ----------
    claim : Claim
    scores : Scores
    factors : sequence of str
    chosen : ndarray of bool, shape (runs,)
        The runs that the claim is about.
    """
    known = ~np.isnan(scores.values(claim.metric)[chosen])
    if known.all():
        return ()
    table = scores.table[chosen]
    cell = codes(table, list(factors))
    scored = np.bincount(cell, known)
    first = table.iloc[np.unique(cell, return_index=True)[1][scored == 0]]
    return tuple(
        settings({k: v for k, v in row.items() if not pd.isna(v)})
        for row in records(first, list(factors))
    )
