"""What a check found: how bad, how often, in which rows, and which claims rest on them.

Promised: `affected_claims` is the one rule by which a flag names claims; what the flag means for
them is said by its severity.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from uphold import format
from uphold.claims.claim import Claim
from uphold.claims.log import Log
from uphold.statistics.scores import Scores, plain, records

Severity = Literal["error", "warning", "info"]
Unit = Literal["runs", "pairs", "cells", "arms", "tests", "claims", "rows", "units"]
MOST_ROWS = 1_000


@dataclass(frozen=True)
class AuditFlag:
    """One flag of an audit.

    Attributes
    ----------
    check : str
        Such as ``"threshold-at-edge"``.
    severity : {"error", "warning", "info"}
        An error makes claims wrong as they stand; a warning weakens them.
    count : int
        How many units it is about.
    unit : {"runs", "pairs", "cells", "arms", "tests", "claims", "rows", "units"}
        A cell is a configuration × replicate, or a printed number; an arm is a configuration; rows
        are those of the log where these are no runs; a unit is what n counts.
    message : str
        What was found, and what it means for the claims.
    rows : tuple of str
        Names of what it is about; at most 1,000 of them.
    claims : tuple of str
        The claims that rest on what it is about; see `affected_claims`.
    """

    check: str
    severity: Severity
    count: int
    unit: Unit
    message: str
    rows: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()


Check = Callable[[Log, Mapping[str, Claim]], AuditFlag | None]


def flag_runs(
    check: str,
    severity: Severity,
    log: Log,
    claims: Mapping[str, Claim],
    found: Mapping[str, np.ndarray],
    message: str,
) -> AuditFlag | None:
    """Return a flag on runs, or None where there are none.

    Parameters
    ----------
    check, severity, message : str
    log : Log
    claims : mapping of str to Claim
    found : mapping of str to ndarray of bool, shape (runs,)
        By metric, the runs that it is about.
    """
    rows = np.flatnonzero(np.any(list(found.values()), axis=0)) if found else np.array([], int)
    if rows.size == 0:
        return None
    names = tuple(run_texts(log.scores, rows[:MOST_ROWS]))
    about = affected_claims(log.scores, claims, found)
    return AuditFlag(check, severity, int(rows.size), "runs", message, names, about)


def cell_text(levels: Mapping[str, Any]) -> str:
    """Return a cell as sentences spell it: ``mixup off, seed 3``, without what has no effect."""
    return format.settings({name: plain(v) for name, v in levels.items() if not pd.isna(v)})


def run_texts(scores: Scores, rows: np.ndarray) -> list[str]:
    """Return the names of the runs at these positions, by their cells where they have none."""
    if scores.run is not None:
        return scores.run_names(rows)
    return list(map(cell_text, records(scores.table.iloc[rows], identity(scores))))


def identity(scores: Scores) -> list[str]:
    """Return the columns in which two runs agree that are one run repeated."""
    return [*scores.factors, *scores.replicates]


def replicates_text(scores: Scores) -> str:
    """Return what tells the runs of one configuration apart: ``seed``, ``dataset × seed``."""
    return format.crossed(scores.replicates)


def affected_claims(
    scores: Scores, claims: Mapping[str, Claim], found: Mapping[str, np.ndarray]
) -> tuple[str, ...]:
    """Return the claims that rest on certain runs.

    Parameters
    ----------
    scores : Scores
        The runs, or the cells that were not run.
    claims : mapping of str to Claim
    found : mapping of str to ndarray of bool, shape (runs,)
        By metric, the runs that are flagged.
    """
    return tuple(
        name
        for name, claim in claims.items()
        if claim.metric in found and (claim.rests_on(scores) & found[claim.metric]).any()
    )


def every_metric(log: Log, rows: np.ndarray) -> dict[str, np.ndarray]:
    """Return runs, shape (runs,) of bool, that are flagged whatever is measured."""
    return dict.fromkeys(log.metrics, rows)


def printed_places(values: np.ndarray) -> int:
    """Return how many decimals a column was printed with: 6 for whatever has more."""
    known = values[np.isfinite(values)]
    for places in range(6):
        if np.allclose(known, np.round(known, places), rtol=0, atol=1e-9):
            return places
    return 6


def printed_tolerance(values: np.ndarray, largest: float = 1.0) -> float:
    """Return how far a value may lie from the exact one by rounding alone.

    Half a unit of the last decimal that any of the values shows; never less than a millionth of the
    ``largest`` value that they may have, which is what single precision leaves.
    """
    places = printed_places(values)
    shown = 0.5 * 10.0**-places + 1e-9 if places < 6 else 0.0
    return max(shown, 1e-6 * largest)
