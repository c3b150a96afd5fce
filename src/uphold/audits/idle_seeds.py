"""The checks of what a seed does: nothing at all, or less than everything."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from uphold.audits.flag import (
    AuditFlag,
    affected_claims,
    cell_text,
    every_metric,
    identity,
    replicates_text,
)
from uphold.claims.claim import Claim
from uphold.claims.log import Log
from uphold.format import counted, named, rough, several
from uphold.statistics.scores import codes, records

FEWEST = 3
"""So many runs must repeat another one exactly: with fewer, coarse scores may agree by chance."""


def idle_seed(log: Log, claims: Mapping[str, Claim]) -> AuditFlag | None:
    """Seeds without effect: all runs of each configuration have the same scores, to the last digit.

    Where all configurations score alike too, such as 1.0 everywhere, nothing is known of the seed.
    """
    scores = log.scores
    if "seed" not in scores.replicate.lower():
        return None
    scored = log.scored() & (log.together() == 1)
    table = pd.DataFrame({name: scores.values(name)[scored] for name in log.metrics})
    results = codes(table.astype(str), list(table))
    cell = codes(scores.table[scored], list(scores.factors)) if scores.factors else 0 * results
    seeds = codes(scores.table[scored], [scores.replicate])
    distinct = len(np.unique(np.stack([cell, seeds]), axis=1).T)
    repeats = distinct - len(np.unique(cell))
    of_cells = len(np.unique(np.stack([cell, results]), axis=1).T)
    if repeats < FEWEST or of_cells > len(np.unique(cell)) or len(np.unique(results)) < 2:
        return None
    seed = replicates_text(scores)
    cells = counted(len(np.unique(cell)), "configuration")
    return AuditFlag(
        "idle-seed",
        "error",
        int(scored.sum()),
        "runs",
        f"The {seed} has no effect: in each of {cells} all runs have the same scores, to the last"
        f" digit. They are one run copied, so that no spread between {several(seed)} is known and"
        f" every interval is too narrow. Make the program use its {seed}, and run it again.",
        (),
        affected_claims(scores, claims, every_metric(log, scored)),
    )


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
