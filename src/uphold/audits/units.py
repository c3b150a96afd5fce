"""Checks of replicates: whether one is a part of another, and whether nested ones are apart."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

import numpy as np

from uphold.audits.flag import AuditFlag, affected_claims, every_metric
from uphold.audits.one_each import one_to_one
from uphold.claims.claim import Claim
from uphold.claims.log import Log
from uphold.format import counted, name
from uphold.statistics.scores import EPOCHS, ITEMS, Scores, codes, distinct

PARTS = (
    EPOCHS
    | ITEMS
    | {"episode", "rollout", "timestep", "game", "eval", "evaluation", "question", "prompt"}
    | {"iteration", "iter", "draw", "pass"}
)
"""What a trained run has several of."""
UNITS = frozenset({"seed", "rng", "run", "trial", "random"})
UNITS_ONCE_MORE = frozenset({"repeat", "repetition", "rep", "run", "trial", "try", "attempt"})
"""What numbers the runs of one seed."""
_NUMBERED = frozenset({"id", "index", "idx", "no", "nr"})
_NUMBERS_OF = frozenset({"num", "number", "n", "count", "total", "max"})


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
    listed = ", ".join([unit, part, *(within for within in scores.within if within != unit)])
    shown, each = name(unit), name(part)
    leave = f", and {shown} is no factor then" if unit in scores.factors else ""
    every = np.ones(len(scores.table), dtype=bool)
    return AuditFlag(
        "not-a-unit",
        "error",
        len(scores.table),
        "rows",
        f"The replicate is {each}, of which each {shown} has several ({counted(seeds, shown)},"
        f" {counted(found.runs, 'run')}, {counted(found.parts, each)} in them). All that one"
        f" {shown} gave shares its training, and is one unit however often it is measured: n is far"
        f" too large, and p far too small. Set `replicate: [{listed}]` in the spec{leave}: the mean"
        f" of each {shown} then counts once.",
        claims=affected_claims(scores, claims, every_metric(log, every)),
    )


class TakenForUnit(NamedTuple):
    """The column that the replicate lies within, and how many runs and parts of runs there are."""

    unit: str
    runs: int
    parts: int


def taken_for_unit(scores: Scores) -> TakenForUnit | None:
    """Return what the replicate is a part of, None where it is a unit."""
    part = scores.replicate
    if not _said(part) & PARTS:
        return None
    for unit in _units(scores):
        arm = codes(scores.table, [factor for factor in scores.factors if factor != unit])
        run = codes(scores.table.assign(**{_ARM: arm}), [_ARM, unit])
        pair = codes(scores.table.assign(**{_ARM: run}), [_ARM, part])
        runs, parts = distinct(run), distinct(pair)
        if parts >= 2 * runs:
            return TakenForUnit(unit, runs, parts)
    return None


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


_ARM = "\0arm"


def _units(scores: Scores) -> Iterator[str]:
    """Yield the columns besides the replicate that look like seeds or runs and take two values."""
    for column in scores.table.columns:
        words = _said(str(column))
        if column in scores.replicates or not words & UNITS or words & (_NUMBERS_OF | PARTS):
            continue
        if scores.table[column].nunique() > 1:
            yield column


def _said(column: str) -> set[str]:
    """Return the words of a column's name, as they stand and each as one of its kind."""
    words = _words(column)
    return words | {word.removesuffix("s") for word in words}


def _words(column: str) -> set[str]:
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column)
    return set(re.split(r"[^a-z]+", apart.lower())) - {""}


def counts_within(column: str) -> bool:
    """Return whether a column's name says that it numbers repeats of a run, or parts of one."""
    return bool(_said(column) & (PARTS | UNITS_ONCE_MORE | _NUMBERED))


def _numbers_parts(column: str) -> bool:
    """Return whether a column's name says that it numbers parts of runs, and nothing else."""
    words = _words(column) - _NUMBERED
    return bool(words) and all({word, word.removesuffix("s")} & PARTS for word in words)
