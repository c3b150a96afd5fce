"""What a check found: how bad, how often, in which rows, and what it means for the claims."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from studies.claims.log import Log
from studies.claims.spec import Claim

Severity = Literal["error", "warning", "info"]
Unit = Literal["runs", "pairs", "cells", "arms"]
MOST_ROWS = 1_000


@dataclass(frozen=True)
class Remark:
    """One remark of an audit.

    Attributes
    ----------
    check : str
        Such as ``"threshold-at-edge"``.
    severity : {"error", "warning", "info"}
        An error makes claims wrong as they stand; a warning weakens them.
    count : int
        How many units it is about.
    unit : {"runs", "pairs", "cells", "arms"}
        A cell is a configuration × replicate, or a printed number; an arm is a configuration.
    message : str
        What was found, and what it means for the claims.
    rows : tuple of str
        Names of the runs, pairs, cells or arms; at most 1,000 of them.
    claims : tuple of str
        The claims that cannot be believed because of it, where it is about certain ones.
    """

    check: str
    severity: Severity
    count: int
    unit: Unit
    message: str
    rows: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()


Check = Callable[[Log, Mapping[str, Claim]], Remark | None]


def runs_remark(
    check: str, severity: Severity, log: Log, affected: np.ndarray, message: str
) -> Remark | None:
    """Return a remark on the affected runs, shape (runs,) of bool, or None where there are none."""
    rows = np.flatnonzero(affected)
    if rows.size == 0:
        return None
    names = tuple(log.scores.run_names(rows[:MOST_ROWS]))
    return Remark(check, severity, int(rows.size), "runs", message, names)


def printed_places(values: np.ndarray) -> int:
    """Return how many decimals a column was printed with: 6 for whatever has more."""
    known = values[np.isfinite(values)]
    for places in range(6):
        if np.allclose(known, np.round(known, places), rtol=0, atol=1e-9):
            return places
    return 6


def printed_tolerance(values: np.ndarray) -> float:
    """Return how far a value may lie from the exact one by rounding alone.

    Half a unit of the last decimal that any of the values shows; never less than 1e-6, which is
    what single precision leaves.
    """
    places = printed_places(values)
    return 0.5 * 10.0**-places + 1e-9 if places < 6 else 1e-6
