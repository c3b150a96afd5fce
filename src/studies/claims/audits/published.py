"""The check of a printed table against the runs that it was made from."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from studies.claims.audits.remark import MOST_ROWS, Remark, printed_tolerance
from studies.claims.log import Log
from studies.claims.spec import Claim
from studies.claims.wording import condition_text


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
        NaN where there is nothing to recompute from.
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


def compare_published(log: Log) -> list[Comparison]:
    """Return every number of the published table beside the one that the runs give."""
    tolerance = {}
    for quantity in ("mean", "sd"):
        for metric in log.metrics:
            cells = [getattr(r.values.get(metric), quantity, None) for r in log.published]
            printed = np.array([np.nan if c is None else c for c in cells], dtype=float)
            tolerance[metric, quantity] = printed_tolerance(printed)
    found = []
    for number, row in enumerate(log.published, start=1):
        runs = log.scores.where(row.where)
        name = condition_text(row.where)
        for metric, cell in row.values.items():
            values = runs.values(metric)
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
                        Comparison(number, name, metric, quantity, printed, value, by, seeds)
                    )
        if row.n is not None:
            seeds = runs.table[runs.replicate].nunique()
            n = len(runs.table)
            found.append(Comparison(number, name, "", "n", row.n, n, 0.0, seeds))
    return found


def published_mismatch(log: Log, claims: Mapping[str, Claim]) -> Remark | None:
    """Printed means, SDs and n that the runs do not give."""
    compared = compare_published(log)
    off = [c for c in compared if not c.agrees]
    if not off:
        return None
    numbers = [c for c in off if c.quantity != "n"]
    parts = []
    if numbers:
        parts.append(f"{len(numbers)} of the printed means and SDs do not come from these runs.")
    if len(off) > len(numbers):
        parts.append(
            f"{len(off) - len(numbers)} rows were printed with another n: their runs outnumber (or"
            " fall short of) the seeds that the table speaks of."
        )
    rows = [
        f"row {c.row}, {' '.join(filter(None, [c.metric, c.quantity]))}: {c.printed:g} printed,"
        f" {_text(c)} recomputed ({c.configuration})"
        for c in off
    ]
    return Remark(
        "published-mismatch",
        "error" if numbers else "warning",
        len(off),
        "cells",
        " ".join(parts),
        tuple(rows[:MOST_ROWS]),
    )


def _text(c: Comparison) -> str:
    if np.isnan(c.recomputed):
        return "nothing"
    if c.quantity == "n":
        return f"{c.recomputed:.0f} runs from {c.seeds} seeds"
    return f"{c.recomputed:.3f}"
