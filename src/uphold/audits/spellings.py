"""The check of levels that differ in how they are spelled alone: ``Adam`` and ``adam``."""

import re
from collections import defaultdict
from collections.abc import Mapping

import pandas as pd

from uphold.audits.flag import AuditFlag, affected_claims, every_metric
from uphold.claims.claim import Claim
from uphold.claims.log import Log
from uphold.format import name


def spellings(column: pd.Series) -> list[list[str]]:
    """Return the levels of text that are equal but for capitals, spaces and marks between words."""
    same: dict[str, list[str]] = defaultdict(list)
    for level in column.dropna().unique():
        if isinstance(level, str) and (word := re.sub(r"[\s_-]+", "", level.casefold())):
            same[word].append(level)
    return [levels for levels in same.values() if len(levels) > 1]


def one_level_twice(log: Log, claims: Mapping[str, Claim]) -> AuditFlag | None:
    """Levels of a factor, or units, that are most likely one: spelled in two ways."""
    scores = log.scores
    found = {
        column: same
        for column in (*scores.factors, *scores.replicates)
        if (same := spellings(scores.column(column)))
    }
    if not found:
        return None
    told = [
        f"{name(column)} {' and '.join(repr(level) for level in levels)}"
        for column, same in found.items()
        for levels in same
    ]
    rows = pd.concat(
        [
            scores.column(column).isin([level for levels in same for level in levels])
            for column, same in found.items()
        ],
        axis=1,
    ).any(axis=1)
    return AuditFlag(
        "one-level-twice",
        "warning",
        int(rows.sum()),
        "runs",
        f"Levels differ in their spelling alone: {'; '.join(told)}. They are taken for levels of"
        " their own, so that runs of one configuration count as two. Write each in one way in the"
        " log, if they are one.",
        tuple(told),
        affected_claims(scores, claims, every_metric(log, rows.to_numpy())),
    )
