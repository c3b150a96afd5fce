"""The checks of what a seed does: nothing at all, or less than everything."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from uphold.audits.flag import (
    MOST_ROWS,
    AuditFlag,
    affected_claims,
    cell_text,
    every_metric,
    identity,
    replicates_text,
    run_texts,
)
from uphold.claims.claim import Claim
from uphold.claims.log import Log
from uphold.format import counted, named, rough, several
from uphold.statistics.scores import codes, records

FEWEST = 3
"""So many runs must repeat another one exactly: with fewer, coarse scores may agree by chance."""
DIGITS = 5
"""A score with more digits behind the point is no coarse one."""


def idle_seed(log: Log, claims: Mapping[str, Claim]) -> AuditFlag | None:
    """Seeds without effect: all runs of a configuration have the same scores, to the last digit.

    An error where that is so in each configuration, unless all of them score alike too, such as 1.0
    everywhere, by which nothing is known of the seed. Where it is so in some, it is a warning, and
    none where scores are so coarse that it may be chance.
    """
    scores = log.scores
    if "seed" not in scores.replicate.lower():
        return None
    rows = np.flatnonzero(log.scored() & (log.together() == 1))
    table = scores.table.iloc[rows]
    values = pd.DataFrame({name: scores.values(name)[rows] for name in log.metrics})
    results = codes(values.astype(str), list(values))
    cell = codes(table, list(scores.factors)) if scores.factors else np.zeros(len(rows), int)
    seeds = _distinct(cell, codes(table, [scores.replicate]))
    idle = (seeds > 1) & (_distinct(cell, results) == 1)
    if (seeds[idle] - 1).sum() < FEWEST or len(np.unique(results)) < 2:
        return None
    whole = bool(idle[seeds > 1].all())
    if not whole and not _is_fine(values[idle[cell]].to_numpy()):
        return None
    seed, found = replicates_text(scores), np.zeros(len(scores.table), dtype=bool)
    found[rows[idle[cell]]] = True
    where = f"in each of {counted(int(idle.sum()), 'configuration')}"
    if not whole:
        where = f"in {idle.sum()} of {counted(int((seeds > 1).sum()), 'configuration')}"
    return AuditFlag(
        "idle-seed",
        "error" if whole else "warning",
        int(found.sum()),
        "runs",
        f"The {seed} has no effect: {where} all runs have the same scores, to the last digit. They"
        f" are one run copied, so that no spread between {several(seed)} is known there and"
        f" intervals are too narrow. Make the program use its {seed}, and run it again.",
        tuple(run_texts(scores, np.flatnonzero(found)[:MOST_ROWS])),
        affected_claims(scores, claims, every_metric(log, found)),
    )


def _distinct(cell: np.ndarray, of: np.ndarray) -> np.ndarray:
    """Return how many different values each cell has, shape (cells,)."""
    pairs = np.unique(np.stack([cell, of]), axis=1)
    return np.bincount(pairs[0])


def _is_fine(values: np.ndarray) -> bool:
    """Whether a score, shape (runs, metrics), has digits by which no two runs agree by chance."""
    known = values[:, ~np.isnan(values).any(axis=0)]
    return bool((np.abs(known - np.round(known, DIGITS)) > 0).any())


def seed_leaves_open(run: str, apart: Mapping[str, float], log: Log) -> AuditFlag:
    """Tell how far two runs on one seed are apart, of a program that was asked for it.

    Parameters
    ----------
    run : str
        The run that was run twice.
    apart : mapping of str to float
        By metric, how far; those that differ.
    log : Log
    """
    sizes = [f"{log.label(name)} by {rough(size)}" for name, size in apart.items()]
    large = any(size >= log.metrics[name].margin for name, size in apart.items())
    seed = replicates_text(log.scores)
    (row,) = records(log.scores.table[log.scores.column("run") == run], identity(log.scores))
    named_run = cell_text(row)
    return AuditFlag(
        "seed-leaves-open",
        "warning" if large else "info",
        1,
        "pairs",
        f"{named_run} was run twice on the same {seed}, and differs in {named(sizes)}. The {seed}"
        " does not fix a run: a rerun gives other numbers, so that matching runs by it gains less.",
        (named_run,),
        (),
    )
