"""Checks of replicates: whether one is a part of another, and whether nested ones are apart."""

from collections.abc import Collection, Mapping

import numpy as np

from uphold.audits.flag import AuditFlag, affected_claims, every_metric
from uphold.audits.one_each import one_to_one
from uphold.claims.claim import Claim
from uphold.claims.log import Log
from uphold.claims.parts import PARTS, said, taken_for_unit, way_out, words_of
from uphold.format import counted, name
from uphold.statistics.scores import Scores, codes, distinct

UNITS_ONCE_MORE = frozenset({"repeat", "repetition", "rep", "run", "trial", "try", "attempt"})
"""What numbers the runs of one seed."""
_NUMBERED = frozenset({"id", "index", "idx", "no", "nr"})


def not_a_unit(log: Log, claims: Mapping[str, Claim]) -> AuditFlag | None:
    """Episodes, epochs, clips and the like that are taken for the unit beside seeds or runs.

    By the name of the replicate, and by the rows: within one configuration and seed there is more
    than one of them.
    """
    scores, found = log.scores, taken_for_unit(log.scores)
    if found is None:
        return None
    unit, part = found.unit, scores.replicate
    seeds = scores.table[unit].nunique()
    shown, each = name(unit), name(part)
    every = np.ones(len(scores.table), dtype=bool)
    return AuditFlag(
        "not-a-unit",
        "error",
        len(scores.table),
        "rows",
        f"The replicate is {each}, of which each {shown} has several ({counted(seeds, shown)},"
        f" {counted(found.runs, 'run')}, {counted(found.parts, each)} in them). All that one"
        f" {shown} gave shares its training, and is one unit however often it is measured: n is far"
        " too large, and p far too small. No claim gets a verdict from it."
        f" {way_out(scores, found)}: the mean of each {shown} then counts once.",
        claims=affected_claims(scores, claims, every_metric(log, every)),
    )


def part_of_runs(scores: Scores, metrics: Collection[str]) -> str | None:
    """Return the column that numbers the parts of runs, such as the episodes of a seed.

    By its name, which says nothing else, and by its rows: none of a run's parts stands twice, and
    some run has several.
    """
    columns = [*scores.factors, *scores.replicates]
    run = codes(scores.table, columns)
    if distinct(run) == run.size:
        return None
    for column in scores.table.columns:
        if column in columns or column in metrics or not _numbers_parts(str(column)):
            continue
        if scores.table[column].map(lambda value: isinstance(value, list | dict)).any():
            continue
        if distinct(codes(scores.table, [*columns, column])) == run.size:
            return str(column)
    return None


def nothing_within(log: Log, claims: Mapping[str, Claim]) -> AuditFlag | None:
    """Nested replicates of which each unit has one inner one alone, in every configuration.

    Where that is one of its own, the check of those tells.
    """
    scores = log.scores
    if not scores.within or one_to_one(scores, scores.replicate, scores.within[0]):
        return None
    unit, inner = scores.replicate, scores.within[0]
    of_unit = codes(scores.table, [*scores.factors, unit])
    if distinct(codes(scores.table, [*scores.factors, unit, inner])) > distinct(of_unit):
        return None
    shown, each = name(unit), name(inner)
    every = np.ones(len(scores.table), dtype=bool)
    return AuditFlag(
        "nothing-within",
        "info",
        distinct(of_unit),
        "cells",
        f"Each {shown} has one {each} in every configuration: what the {each} does cannot be told"
        f" from what the {shown} does, and counts as a part of it. Run several {each}s in each"
        f" {shown} to tell them apart, or leave {each} out of `replicate`.",
        claims=affected_claims(scores, claims, every_metric(log, every)),
    )


def counts_within(column: str) -> bool:
    """Return whether a column's name says that it numbers repeats of a run, or parts of one."""
    return bool(said(column) & (PARTS | UNITS_ONCE_MORE | _NUMBERED))


def _numbers_parts(column: str) -> bool:
    """Return whether a column's name says that it numbers parts of runs, and nothing else."""
    words = words_of(column) - _NUMBERED
    return bool(words) and all({word, word.removesuffix("s")} & PARTS for word in words)
