"""Checks of the seeds that configurations share: which lack some, and which share none.

Configurations are linked where they were run with one seed in common. A seed is lacking where it
belongs to configurations that are linked, and is a gap; those that are not linked were run on seeds
of their own, which is a design like another. Where looks are declared, the seeds after the last one
of a configuration are to come, and no gaps.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from uphold.audits.flag import (
    MOST_ROWS,
    AuditFlag,
    Severity,
    affected_claims,
    cell_text,
    every_metric,
    replicates_text,
)
from uphold.claims.claim import Claim
from uphold.claims.log import Log
from uphold.claims.looks import places
from uphold.format import count, counted, name, several
from uphold.statistics.scores import Scores, codes, distinct, records, renumbered


def own_seeds(log: Log, claims: Mapping[str, Claim]) -> AuditFlag | None:
    """Configurations that share no seed with others."""
    scored = log.scored()
    scores = log.scores.only(scored)
    if scores.table.empty:
        return None
    cell = scores.cells()
    group = _linked(cell, codes(scores.table, [scores.replicate]))[cell]
    groups, seed = distinct(group), name(scores.replicate)
    if groups < 2:
        return None
    seeds = several(seed)
    if groups == distinct(cell):
        found = (
            f"Each of {counted(groups, 'configuration')} has {seeds} of its own: effects compare"
            f" means over different {seeds}, and nothing is matched."
        )
    else:
        found = (
            f"{groups} groups of configurations share no {seed}: within a group effects are matched"
            f" by {seed}, from group to group they compare means over different {seeds}."
        )
    return AuditFlag(
        "own-seeds",
        "info",
        distinct(cell),
        "arms",
        f"{found} That is sound where {seeds} were drawn apart (`sharing: none`). If runs of"
        " different configurations share something else, such as a data set or a fold, name its"
        " column as `replicate`.",
        claims=tuple(
            claim
            for claim, c in claims.items()
            if distinct(group[c.rests_on(log.scores)[scored]]) > 1
        ),
    )


def unpaired_seeds(log: Log, claims: Mapping[str, Claim]) -> AuditFlag | None:
    """Configurations without a seed that configurations linked to them have.

    An ensemble has the seeds of its members, and no run of its own is missing.
    """
    log = log.only(log.together() == 1)
    scores = log.scores.only(log.scored())
    if scores.table.empty:
        return None
    seed = name(scores.replicate)
    seeds = several(seed)
    if scores.table[scores.replicate].nunique() < 2:
        return AuditFlag(
            "unpaired-seeds",
            "error",
            distinct(scores.cells()),
            "arms",
            f"All runs share one {seed}. How much a retrained run would differ is unknown, so that"
            " no claim about a difference can be tested. Run each configuration with further"
            f" {seeds}.",
            claims=tuple(claims),
        )
    found = _seeds(log)
    lacking = int((found.due - found.has).sum())
    if not lacking:
        return None
    if found.blocks:
        severity: Severity = "info"
        message = (
            f"Each of {counted(found.has.size, 'configuration')} was run with {found.has[0]} of"
            f" {_counted(int(found.due[0]), scores)}, not all with the same ones, as in blocks"
            f" (`sharing: blocks`): effects are taken within {seeds} as far as these are shared,"
            f" and means of configurations are over different {seeds}."
        )
    else:
        severity = "warning"
        early = f" before the last {seed} of its configuration" * bool(log.looks)
        message = (
            f"{_extent(lacking, found, scores)} {'has' if lacking == 1 else 'have'} no run with a"
            f" score{early}. Effects are taken within {seeds} that both sides share, where there"
            f" are such, and a run whose {seed} the other side lacks counts for little or nothing;"
            f" means over different {seeds} are not comparable where {seeds} matter. Run what is"
            " missing, or say why it is."
        )
    short = found.has < found.due
    first = scores.table.iloc[np.unique(scores.cells(), return_index=True)[1]]
    at = np.flatnonzero(short)[:MOST_ROWS]
    names = [
        f"{cell_text(row)} ({found.has[c]} of {found.due[c]})"
        for c, row in zip(at, records(first.iloc[at], list(scores.factors)), strict=True)
    ]
    touched = affected_claims(scores, claims, every_metric(log, short[scores.cells()]))
    return AuditFlag("unpaired-seeds", severity, lacking, "cells", message, tuple(names), touched)


class _Seeds(NamedTuple):
    """How many seeds each configuration with a score has.

    Attributes
    ----------
    has, due : ndarray of int, shape (configurations,)
        With a score, and in all.
    groups : int
        How many groups of configurations there are that share no seed.
    blocks : bool
        Whether all runs have a score, and all configurations equally many.
    """

    has: np.ndarray
    due: np.ndarray
    groups: int
    blocks: bool


def _seeds(log: Log) -> _Seeds:
    scored = log.scored()
    every = log.scores.cells()
    cell = renumbered(every[scored])
    seed = renumbered(codes(log.scores.table, list(log.scores.replicates))[scored])
    group = _linked(cell, seed)
    has = np.bincount(np.unique(np.stack([cell, seed]), axis=1)[0])
    place, last = np.zeros(seed.size, dtype=np.intp), np.zeros(has.size, dtype=np.intp)
    if log.looks:
        in_plan = places(log)
        ends = np.zeros(every.max() + 1, dtype=np.intp)
        np.maximum.at(ends, every, in_plan)
        place, last = in_plan[scored], ends[np.unique(every[scored])]
    # Those of one group up to a place, by their order in all groups.
    first = np.unique(seed, return_index=True)[1]
    span = max(place.max(), last.max()) + 1
    order = np.sort(group[cell[first]] * span + place[first])
    due = np.searchsorted(order, group * span + last, "right")
    due -= np.searchsorted(order, group * span)
    same = bool(scored.all() and (has == has[0]).all() and not log.looks)
    return _Seeds(has, due, distinct(group), same and distinct(group) == 1)


def _linked(cell: np.ndarray, seed: np.ndarray) -> np.ndarray:
    """Return the group of each configuration, by the seeds that they share.

    Parameters
    ----------
    cell, seed : ndarray of int, shape (runs,)
        Numbered without gaps.
    """
    cells = int(cell.max()) + 1
    size = cells + int(seed.max()) + 1
    edges = coo_array((np.ones(cell.size), (cell, cells + seed)), shape=(size, size))
    return renumbered(connected_components(edges, directed=False)[1][:cells])


def _extent(lacking: int, found: _Seeds, scores: Scores) -> str:
    """Return such as ``"2 cells of 4 configurations × 3 seeds"``."""
    if found.groups == 1 and (found.due == found.due[0]).all():
        configurations = counted(found.due.size, "configuration")
        of = _counted(int(found.due[0]), scores)
        return f"{counted(lacking, 'cell')} of {configurations} × {of}"
    cells = count(int(found.due.sum()))
    return f"{count(lacking)} of {cells} cells (configuration × {replicates_text(scores)})"


def _counted(many: int, scores: Scores) -> str:
    """Return such as ``"3 seeds"``, or ``"12 of dataset × seed"`` where replicates are nested."""
    if scores.within:
        return f"{count(many)} of {replicates_text(scores)}"
    return counted(many, replicates_text(scores))
