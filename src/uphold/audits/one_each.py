"""The check of units that differ in two things at once, such as data sets with a seed each.

A data set that was run with one seed, which no other one was run with, is a fine unit: yet nobody
can say whether effects differ by data set or by seed.
"""

from collections.abc import Mapping

import numpy as np

from uphold.audits.flag import AuditFlag, affected_claims, every_metric
from uphold.claims.claim import Claim
from uphold.claims.log import Log
from uphold.format import a, counted, name, several
from uphold.statistics.scores import Scores


def one_each(log: Log, claims: Mapping[str, Claim]) -> AuditFlag | None:
    """Units of which each has one level of a factor, or one inner replicate, of its own."""
    scores = log.scores
    with_it = [
        column
        for column in (*scores.factors, *scores.within)
        if one_to_one(scores, scores.replicate, column)
    ]
    if not with_it:
        return None
    unit, other = name(scores.replicate), name(with_it[0])
    within = with_it[0] in scores.within
    outer, inner = (unit, other) if within else (other, unit)
    less = f", or leave {with_it[0]} out of `replicate`" if within else ""
    units = scores.table[scores.replicate].nunique()
    rows = scores.table[[scores.replicate, *with_it]].drop_duplicates()
    return AuditFlag(
        "one-each",
        "info" if within else "warning",
        units,
        "units",
        f"Each {outer} was run with {a(inner)} of its own, so that what differs from {outer} to"
        f" {outer} cannot be told from what differs from {inner} to {inner}. n counts"
        f" {counted(units, unit)}. Run several {several(inner)} with each {outer}, the same"
        f" ones{less}.",
        tuple(
            ", ".join(f"{name(str(column))} {value}" for column, value in row.items())
            for row in rows.to_dict("records")
        ),
        affected_claims(scores, claims, every_metric(log, np.ones(len(scores.table), dtype=bool))),
    )


def one_to_one(scores: Scores, one: str, other: str) -> bool:
    """Return whether each of one's values goes with one of the other's, and there are several."""
    pairs = scores.table[[one, other]].drop_duplicates()
    alone = pairs[one].is_unique and pairs[other].is_unique and pairs.notna().all(axis=None)
    return bool(alone and len(pairs) > 1)
