"""Checks of what was run: failures and gaps."""

import itertools
import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from uphold import format
from uphold.audits.flag import (
    MOST_ROWS,
    AuditFlag,
    Severity,
    affected_claims,
    cell_text,
    every_metric,
    flag_runs,
    identity,
)
from uphold.claims.claim import Claim
from uphold.claims.log import Log
from uphold.format import counted
from uphold.statistics.scores import Scores, codes, records

MOST_COMBINATIONS = 1_000_000


def nonfinite(log: Log, claims: Mapping[str, Claim]) -> AuditFlag | None:
    """Runs without a finite score.

    A metric that no run of a configuration has, while all of them have others, is taken for one
    that does not exist there. One that is known not to exist is no fault of any run, and what
    ensembles alone have is not missing of single runs.
    """
    missing = {name: _missing(log, name) for name in log.metrics if name not in log.absent}
    parts = [f"{log.label(name)} in {m.sum()}" for name, m in missing.items() if m.any()]
    severity: Severity = "warning"
    meaning = (
        "They are left out of every mean and test; if they failed because of their configuration,"
        " the rest of it looks better than it is."
    )
    if all(m.all() for m in missing.values()):
        severity = "error"
        meaning = "Nothing can be compared: are these the columns of the scores?"
    elif any(m.all() for m in missing.values()):
        severity = "error"
    elif _by_configuration(log, missing):
        severity = "info"
        meaning = (
            "No run of these configurations has one, and all have other scores: what is measured"
            " does not exist there, or never succeeds. Means and tests are over the others."
        )
    return flag_runs(
        "nonfinite",
        severity,
        log,
        claims,
        missing,
        f"No finite score: {'; '.join(parts)} of {counted(len(log.scores.table), 'run')}."
        f" {meaning}",
    )


def _missing(log: Log, metric: str) -> np.ndarray:
    """Return which runs lack a metric, shape (runs,): none do that only ensembles have."""
    missing = np.isnan(log.scores.values(metric))
    single = log.together() == 1
    of_ensembles = missing[single].all() and not missing[~single].all()
    return np.asarray(missing & ~single if of_ensembles else missing)


def _by_configuration(log: Log, missing: Mapping[str, np.ndarray]) -> bool:
    """Return whether configurations lack a metric as a whole, none of their runs lacking all."""
    cell = log.scores.cells()
    runs = np.bincount(cell)
    lacking = (np.bincount(cell, weights=m, minlength=runs.size) for m in missing.values())
    # Of a single run it cannot be said whether it failed.
    whole = all(((n == 0) | ((n == runs) & (runs > 1))).all() for n in lacking)
    return whole and not np.all(list(missing.values()), axis=0).any()


def missing_cells(log: Log, claims: Mapping[str, Claim]) -> AuditFlag | None:
    """Combinations of levels that were not run, or have no run with a score."""
    scores = log.scores
    levels = {name: scores.levels(name) for name in scores.factors}
    levels = {name: found for name, found in levels.items() if found}
    possible = math.prod(map(len, levels.values()))
    scored = scores.only(log.scored())
    if scored.table.empty:
        return None
    arms = scored.table[list(levels)].drop_duplicates()
    if not levels or possible > MOST_COMBINATIONS or possible <= len(arms):
        return None
    # A factor without effect in an arm stands for all of its levels there.
    options = [
        [levels[n] if pd.isna(v) else [v] for n, v in row.items()]
        for row in records(arms, list(levels))
    ]
    if sum(math.prod(map(len, row)) for row in options) > MOST_COMBINATIONS:
        return None
    present = {combo for row in options for combo in itertools.product(*row)}
    missing = [c for c in itertools.product(*levels.values()) if c not in present]
    if not missing:
        return None
    crossed = len(missing) < possible / 2
    meaning = (
        "Main effects and interactions rest on the cells that were run; adjusted for what is"
        " missing, they are less sure."
        if crossed
        else "The design is not a grid: effects hold at the settings that they were run with."
    )
    named = [cell_text(dict(zip(levels, c, strict=True))) for c in missing[:MOST_ROWS]]
    gaps = _cells(log, pd.DataFrame(missing, columns=list(levels)))
    return AuditFlag(
        "missing-cells",
        "warning" if crossed else "info",
        len(missing),
        "cells",
        f"Of {counted(possible, 'combination')} of levels {len(missing)}"
        f" {'has' if len(missing) == 1 else 'have'} no run with a score. {meaning}",
        tuple(named),
        affected_claims(gaps, claims, every_metric(log, np.ones(len(missing), dtype=bool))),
    )


def factor_left_empty(log: Log, claims: Mapping[str, Claim]) -> AuditFlag | None:
    """Runs without a level in a factor, where nothing says that the factor has no effect.

    An empty cell means that a factor has no effect in a run, and the run then stands for every
    level: the mode of upsampling where nothing is upsampled. It follows from the other factors
    whether that is so. Where of runs that agree in all of them some have a level and some have
    none, it does not, and the cell was left empty.
    """
    scores = log.scores
    unknown = np.zeros(len(scores.table), dtype=bool)
    parts = []
    for factor in scores.factors:
        empty = scores.column(factor).isna().to_numpy()
        if not empty.any() or empty.all():
            continue
        place = codes(scores.table, [f for f in scores.factors if f != factor])
        without = np.bincount(place, empty)
        here = empty & (without < np.bincount(place))[place]
        unknown |= here
        if here.any():
            parts.append(f"{format.name(factor)} in {here.sum()}")
    return flag_runs(
        "factor-left-empty",
        "error",
        log,
        claims,
        every_metric(log, unknown),
        f"No level is given: {'; '.join(parts)} of {counted(len(scores.table), 'run')}, while runs"
        " that agree in every other factor have one. An empty cell says that a factor has no effect"
        " in a run, which then counts for each of its levels. Fill in the level, or leave the run"
        " out.",
    )


def _cells(log: Log, table: pd.DataFrame) -> Scores:
    """Return combinations of levels as the scores of a log hold them."""
    every = table.reindex(columns=identity(log.scores))
    return replace(log.scores, table=every, run=None)
