"""Checks of runs that share configuration and seed, or a name: they are no new seeds."""

from collections.abc import Iterator, Mapping
from itertools import combinations, islice

import numpy as np
import pandas as pd

from uphold import format
from uphold.audits.flag import (
    MOST_ROWS,
    AuditFlag,
    affected_claims,
    cell_text,
    every_metric,
    identity,
    printed_places,
    replicates_text,
    run_texts,
)
from uphold.audits.units import part_of_runs
from uphold.audits.unnamed import crossed_unnamed
from uphold.claims.claim import Claim
from uphold.claims.log import Log
from uphold.claims.parts import taken_for_unit
from uphold.format import counted, rough
from uphold.statistics.scores import codes, records


def repeated_replicates(log: Log, claims: Mapping[str, Claim]) -> AuditFlag | None:
    """Configurations in which one seed occurs more than once."""
    scores, columns = log.scores, _as_run(log)
    again = scores.table.duplicated(columns).to_numpy()
    if not again.any() or taken_for_unit(scores):
        return None
    cell = codes(scores.table, columns)
    repeated = every_metric(log, np.bincount(cell)[cell] > 1)
    cells = scores.table[again].drop_duplicates(columns)
    names = [cell_text(row) for row in records(cells[:MOST_ROWS], columns)]
    arms = len(cells.drop_duplicates(list(scores.factors)))
    seed, unit = replicates_text(scores), format.name(scores.replicate)
    if part := part_of_runs(scores, log.metrics):
        parts = format.several(format.name(part))
        return AuditFlag(
            "repeated-replicates",
            "info",
            len(cells),
            "cells",
            f"In {counted(arms, 'configuration')} {format.a(seed)} has several {parts}. They are"
            f" averaged before anything is tested: n counts each {unit} once. Set `replicate:"
            f" [{', '.join([*scores.replicates, part])}]` to say that the {parts} lie within it.",
            tuple(names),
            affected_claims(scores, claims, repeated),
        )
    return AuditFlag(
        "repeated-replicates",
        "warning",
        len(cells),
        "cells",
        f"In {counted(arms, 'configuration')} {format.a(seed)} was run more than once"
        f" ({counted(len(cells), 'time')} in all). Repeats are averaged before anything is tested:"
        f" n counts each {unit} once.",
        tuple(names),
        affected_claims(scores, claims, repeated),
    )


def duplicate_names(log: Log, claims: Mapping[str, Claim]) -> AuditFlag | None:
    """Run names that several rows have: copies of one run, or runs that cannot be told apart."""
    scores = log.scores
    if scores.run is None:
        return None
    name = codes(scores.table, [scores.run])
    given = scores.column(scores.run).notna().to_numpy()
    shared = given & (np.bincount(name, given)[name] > 1)
    if not shared.any():
        return None
    several = scores.table[shared]
    rows = several[scores.run].astype(str).value_counts(sort=False)
    copies = int(several.duplicated(_identifying(log)).sum())
    same = (
        f" {copies} of these rows {'repeats' if copies == 1 else 'repeat'} another one in the name,"
        " every factor and every score: a run that was counted twice makes n too large and"
        " intervals too narrow."
        if copies
        else " Their settings or scores differ, so that they are several runs under one name."
    )
    return AuditFlag(
        "duplicate-names",
        "warning",
        int(shared.sum()),
        "runs",
        f"{counted(len(rows), 'name of a run', 'names of runs')}"
        f" {'stands' if len(rows) == 1 else 'stand'} in more than one row.{same} Flags that"
        " name a run may mean any of its rows.",
        tuple(f"{run} ({count} rows)" for run, count in rows[:MOST_ROWS].items()),
        affected_claims(scores, claims, every_metric(log, shared)),
    )


def _identifying(log: Log) -> list[str]:
    """Return the columns in which two rows agree that are one run."""
    scores = log.scores
    return [*filter(None, [scores.run]), *identity(scores), *log.metrics]


def same_seed_disagrees(log: Log, claims: Mapping[str, Claim]) -> AuditFlag | None:
    """Pairs of runs with one configuration and one seed, and different results.

    Episodes and other parts of a run are no runs: they may differ as they like.

    Results agree where every metric is the same as printed. Pairs are counted, not listed: a log
    may repeat a seed a thousand times.
    """
    scores = log.scores
    cell = codes(scores.table, _as_run(log))
    values = {name: scores.values(name) for name in log.metrics}
    printed = {name: np.round(v, printed_places(v)) for name, v in values.items()}
    pairs = _pairs(np.bincount(cell))
    results = codes(scores.table.assign(**printed, **{_CELL: cell}), [_CELL, *printed])
    differ = pairs - _pairs(np.bincount(results))
    if differ == 0 or taken_for_unit(scores) or part_of_runs(scores, log.metrics):
        return None
    parts, found, large = [], {}, False
    for name, metric in log.metrics.items():
        apart = _mean_distance(values[name], cell)
        if apart > 0:
            parts.append(f"{log.label(name)} by {rough(apart)} on average")
            large |= apart >= metric.margin
        found[name] = _in_unequal_cells(printed[name], cell)
    if not parts:
        parts = ["one has a score and the other has none"]
    seed = replicates_text(scores)
    return AuditFlag(
        "same-seed-disagrees",
        "error" if large else "warning",
        differ,
        "pairs",
        f"Of {counted(pairs, 'pair')} of runs with the same configuration and {seed}, {differ}"
        f" {'disagrees' if differ == 1 else 'disagree'}:"
        f" {'; '.join(parts)}. The {seed} did not control training, so that runs are not matched by"
        " it and a rerun gives other numbers.",
        tuple(islice(_named(log, cell, results), MOST_ROWS)),
        affected_claims(scores, claims, found),
    )


def _as_run(log: Log) -> list[str]:
    """Return the columns in which two runs agree that are one run repeated, named or not."""
    return [*identity(log.scores), *crossed_unnamed(log)]


_CELL = "\0cell"


def _pairs(sizes: np.ndarray) -> int:
    return int((sizes * (sizes - 1) // 2).sum())


def _mean_distance(values: np.ndarray, cell: np.ndarray) -> float:
    """Return the mean |difference| over all pairs of runs of one cell, 0 without pairs.

    Of k sorted values x the pairs' distances add up to the sum of (2 i - k + 1) x[i], i from 0.
    """
    known = ~np.isnan(values)
    values, cell = values[known], cell[known]
    order = np.lexsort((values, cell))
    values, cell = values[order], cell[order]
    size = np.bincount(cell)
    rank = np.arange(cell.size) - (np.cumsum(size) - size)[cell]
    pairs = _pairs(size)
    return float(((2 * rank - size[cell] + 1) * values).sum() / pairs) if pairs else 0.0


def _in_unequal_cells(values: np.ndarray, cell: np.ndarray) -> np.ndarray:
    """Return the runs of cells in which two values differ, or one is missing, shape (runs,)."""
    several = pd.Series(values).groupby(cell).transform("nunique", dropna=False) > 1
    return np.asarray(several)


def _named(log: Log, cell: np.ndarray, results: np.ndarray) -> Iterator[str]:
    """Yield the names of the pairs that disagree, cell by cell."""
    order = np.argsort(cell, kind="stable")
    for group in np.split(order, np.flatnonzero(np.diff(cell[order])) + 1):
        for i, j in combinations(group, 2):
            if results[i] != results[j]:
                yield " / ".join(run_texts(log.scores, np.array([i, j])))
