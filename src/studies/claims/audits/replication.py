"""Checks of what was run: failures, repeats, gaps, seeds."""

import itertools
import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from studies.claims.audits.remark import MOST_ROWS, Remark, printed_tolerance, runs_remark
from studies.claims.log import Log
from studies.claims.spec import Claim
from studies.statistics.scores import codes, name_cell, records

MOST_COMBINATIONS = 1_000_000


def nonfinite(log: Log, claims: Mapping[str, Claim]) -> Remark | None:
    """Runs without a finite score."""
    missing = {name: np.isnan(log.scores.values(name)) for name in log.metrics}
    parts = [f"{name} in {m.sum()}" for name, m in missing.items() if m.any()]
    without_any = any(m.all() for m in missing.values())
    return runs_remark(
        "nonfinite",
        "error" if without_any else "warning",
        log,
        np.any(list(missing.values()), axis=0),
        f"No finite score: {'; '.join(parts)} of {len(log.scores.table)} runs. They are left out"
        " of every mean and test; if they failed because of their configuration, the rest of it"
        " looks better than it is.",
    )


def same_seed_disagrees(log: Log, claims: Mapping[str, Claim]) -> Remark | None:
    """Pairs of runs with one configuration and one seed, and different results."""
    pairs = _repeated_pairs(log)
    if not len(pairs):
        return None
    differs = np.zeros(len(pairs), dtype=bool)
    parts, large = [], False
    for name, metric in log.metrics.items():
        values = log.scores.values(name)
        apart = np.abs(values[pairs[:, 0]] - values[pairs[:, 1]])
        here = apart > 2 * printed_tolerance(values)
        differs |= here
        if here.any():
            parts.append(f"{name} by {np.nanmean(apart):.2g} on average")
            large |= bool(np.nanmean(apart) >= metric.margin)
    if not differs.any():
        return None
    names = [" / ".join(log.scores.run_names(pair)) for pair in pairs[differs][:MOST_ROWS]]
    seed = log.scores.replicate
    return Remark(
        "same-seed-disagrees",
        "error" if large else "warning",
        int(differs.sum()),
        "pairs",
        f"Of {len(pairs)} pairs of runs with the same configuration and {seed}, {differs.sum()}"
        f" disagree: {'; '.join(parts)}. The {seed} did not control training, so that runs are"
        f" not matched by it and a rerun gives other numbers.",
        tuple(names),
    )


def repeated_replicates(log: Log, claims: Mapping[str, Claim]) -> Remark | None:
    """Configurations in which one seed occurs more than once."""
    scores = log.scores
    identity = [*scores.factors, scores.replicate]
    again = scores.table.duplicated(identity).to_numpy()
    if not again.any():
        return None
    cells = scores.table[again].drop_duplicates(identity)
    names = [name_cell(row) for row in records(cells[:MOST_ROWS], identity)]
    arms = len(cells.drop_duplicates(list(scores.factors)))
    return Remark(
        "repeated-replicates",
        "warning",
        len(cells),
        "cells",
        f"In {arms} configurations a {scores.replicate} was run more than once ({len(cells)} times"
        f" in all). Their n counts runs, not distinct {scores.replicate}s; in matched tests the"
        " repeats are averaged first.",
        tuple(names),
    )


def missing_cells(log: Log, claims: Mapping[str, Claim]) -> Remark | None:
    """Combinations of levels that were not run, or have no run with a score."""
    scores = log.scores
    levels = {name: scores.levels(name) for name in scores.factors}
    levels = {name: found for name, found in levels.items() if found}
    possible = math.prod(map(len, levels.values()))
    scored = scores.only(_scored(log))
    arms = scored.table[list(levels)].drop_duplicates()
    if not levels or possible > MOST_COMBINATIONS or possible <= len(arms):
        return None
    # A factor without effect in an arm stands for all of its levels there.
    options = [
        [levels[n] if pd.isna(v) else [v] for n, v in row.items()]
        for row in records(arms, list(levels))
    ]
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
    named = [name_cell(dict(zip(levels, c, strict=True))) for c in missing[:MOST_ROWS]]
    return Remark(
        "missing-cells",
        "warning" if crossed else "info",
        len(missing),
        "cells",
        f"Of {possible} combinations of levels {len(missing)} have no run with a score. {meaning}",
        tuple(named),
    )


def unpaired_seeds(log: Log, claims: Mapping[str, Claim]) -> Remark | None:
    """Configurations without a seed that other configurations have."""
    scores = log.scores.only(_scored(log))
    if scores.table.empty:
        return None
    cell, seed = scores.cells(), codes(scores.table, [scores.replicate])
    shape = cell.max() + 1, seed.max() + 1
    present = np.unique(cell.astype(np.int64) * shape[1] + seed)
    count = shape[0] * shape[1] - present.size
    seeds = scores.table[scores.replicate].nunique()
    if seeds < 2:
        return Remark(
            "unpaired-seeds",
            "error",
            int(shape[0]),
            "arms",
            f"All runs share one {scores.replicate}. How much a retrained run would differ is"
            " unknown, so that no claim about a difference can be tested.",
        )
    if count == 0:
        return None
    has = np.bincount(present // shape[1], minlength=shape[0])
    short = np.flatnonzero(has < shape[1])[:MOST_ROWS]
    first = scores.table.iloc[np.unique(cell, return_index=True)[1][short]]
    names = [
        f"{name_cell(row)} ({has[c]} of {shape[1]})"
        for c, row in zip(short, records(first, list(scores.factors)), strict=True)
    ]
    return Remark(
        "unpaired-seeds",
        "warning",
        int(count),
        "cells",
        f"{count} of {shape[0]} configurations × {shape[1]} {scores.replicate}s have no run with a"
        " score. Contrasts use matched runs only; means over different seeds are not comparable"
        " where seeds matter.",
        tuple(names),
    )


def _scored(log: Log) -> np.ndarray:
    """Return which runs have any score, shape (runs,)."""
    return np.any([~np.isnan(log.scores.values(name)) for name in log.metrics], axis=0)


def _repeated_pairs(log: Log) -> np.ndarray:
    """Return the positions of all pairs of runs of one cell, shape (pairs, 2)."""
    scores = log.scores
    identity = [*scores.factors, scores.replicate]
    rows = np.flatnonzero(scores.table.duplicated(identity, keep=False).to_numpy())
    code = codes(scores.table.iloc[rows], identity)
    order = np.argsort(code, kind="stable")
    groups = np.split(rows[order], np.flatnonzero(np.diff(code[order])) + 1)
    pairs = [pair for group in groups for pair in itertools.combinations(group, 2)]
    return np.array(pairs, dtype=int).reshape(-1, 2)
