"""The check of a printed table against the runs that it was made from."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from uphold.audits.flag import MOST_ROWS, AuditFlag, affected_claims, cell_text, printed_tolerance
from uphold.claims.claim import Claim
from uphold.claims.log import Log
from uphold.claims.published import Published
from uphold.claims.wording import condition_text, counted
from uphold.format import exact, number
from uphold.statistics.scale import scale
from uphold.statistics.scores import records

SHOWN = 3
"""So many decimals of a recomputed value at least; one more than the printed one has."""


@dataclass(frozen=True)
class Comparison:
    """One printed number beside the recomputed one.

    Attributes
    ----------
    row : int
        The row of the printed table, from 1.
    configuration : str
    metric : str
        Empty for n.
    quantity : {"mean", "sd", "n"}
    printed, recomputed : float
        As printed, in percent where the table is; NaN where there is nothing to recompute from.
    tolerance : float
        By rounding alone.
    seeds : int
        Distinct replicates behind the recomputed number.
    """

    row: int
    configuration: str
    metric: str
    quantity: str
    printed: float
    recomputed: float
    tolerance: float
    seeds: int

    @property
    def agrees(self) -> bool:
        """Whether they differ by rounding alone."""
        return abs(self.printed - self.recomputed) <= self.tolerance

    @property
    def places(self) -> int:
        """How many decimals it was printed with: the tolerance is half a unit of the last one."""
        return max(0, round(-math.log10(2 * self.tolerance))) if self.tolerance > 0 else 0


def compare_published(log: Log) -> list[Comparison]:
    """Return every number of the published table beside the one that the runs give.

    A table may be printed in percent of scores that are logged as fractions, and the reverse.
    """
    tolerance, unit = {}, {}
    for metric, described in log.metrics.items():
        means = _printed(log, metric, "mean")
        largest = scale(means, described.kind)
        unit[metric] = largest / scale(log.scores.values(metric), described.kind)
        tolerance[metric, "mean"] = printed_tolerance(means, largest)
        tolerance[metric, "sd"] = printed_tolerance(_printed(log, metric, "sd"), largest)
    found = []
    for place, row in enumerate(log.published, start=1):
        runs = log.scores.where(row.where)
        name = condition_text(row.where)
        for metric, cell in row.values.items():
            values = runs.values(metric) * unit[metric]
            known = ~np.isnan(values)
            seeds = runs.only(known).table[runs.replicate].nunique()
            again = {
                "mean": values[known].mean() if known.any() else np.nan,
                "sd": values[known].std(ddof=1) if known.sum() > 1 else np.nan,
            }
            for quantity, value in again.items():
                printed = getattr(cell, quantity)
                if printed is not None:
                    by = tolerance[metric, quantity]
                    found.append(
                        Comparison(place, name, metric, quantity, printed, value, by, seeds)
                    )
        if row.n is not None:
            seeds = runs.table[runs.replicate].nunique()
            n = len(runs.table)
            found.append(Comparison(place, name, "", "n", row.n, n, 0.0, seeds))
    return found


def _printed(log: Log, metric: str, quantity: str) -> np.ndarray:
    cells = [getattr(row.values.get(metric), quantity, None) for row in log.published]
    return np.array([np.nan if cell is None else cell for cell in cells], dtype=float)


def published_mismatch(log: Log, claims: Mapping[str, Claim]) -> AuditFlag | None:
    """Printed means, SDs and n that the runs do not give."""
    compared = compare_published(log)
    off = [c for c in compared if not c.agrees]
    if not off:
        return None
    numbers = [c for c in off if c.quantity != "n"]
    absent = {
        i: f"no run of the log has this configuration, the nearest is {nearest}"
        for i, row in enumerate(log.published, start=1)
        if (nearest := _nearest(log, row)) is not None
    }
    parts = []
    if absent:
        parts.append(
            f"{counted(len(absent), 'row is', 'rows are')} of configurations that no run of the log"
            " has."
        )
    if numbers:
        are = "is not that" if len(numbers) == 1 else "are not those"
        parts.append(f"{len(numbers)} of the printed means and SDs {are} of these runs.")
    if sizes := [c for c in off if c.quantity == "n" and c.row not in absent]:
        parts.append(
            f"{counted(len(sizes), 'row was', 'rows were')} printed with another n: the runs"
            " outnumber (or fall short of) the seeds that the table speaks of."
        )
    rows = [
        f"row {c.row}, {_quantity(log, c)}: {exact(c.printed)} printed,"
        f" {absent.get(c.row) or _text(c)} ({c.configuration})"
        for c in off
    ]
    return AuditFlag(
        "published-mismatch",
        "error" if numbers else "warning",
        len(off),
        "cells",
        " ".join(parts),
        tuple(rows[:MOST_ROWS]),
        affected_claims(log.scores, claims, _runs_of(log, off)),
    )


def _runs_of(log: Log, off: Iterable[Comparison]) -> dict[str, np.ndarray]:
    """Return the runs behind numbers, by metric; an n is one of every metric."""
    found = {name: np.zeros(len(log.scores.table), dtype=bool) for name in log.metrics}
    for c in off:
        runs = log.scores.selects(log.published[c.row - 1].where)
        for name in [c.metric] if c.metric else log.metrics:
            found[name] |= runs
    return found


def _nearest(log: Log, row: Published) -> str | None:
    """Return the configuration that agrees with a printed row in most, None if one does in all."""
    scores = log.scores
    if scores.selects(row.where).any():
        return None
    agrees = np.sum([scores.selects({name: level}) for name, level in row.where.items()], axis=0)
    names = [name for name in scores.factors if name in row.where]
    return cell_text(records(scores.table.iloc[[np.argmax(agrees)]], names)[0])


def _quantity(log: Log, c: Comparison) -> str:
    return f"{log.label(c.metric)} {c.quantity}" if c.metric else c.quantity


def _text(c: Comparison) -> str:
    if np.isnan(c.recomputed):
        return "none of its runs has enough scores to recompute it"
    if c.quantity == "n":
        return f"{counted(int(c.recomputed), 'run')} from {counted(c.seeds, 'seed')} recomputed"
    return f"{number(c.recomputed, max(SHOWN, c.places + 1))} recomputed"
