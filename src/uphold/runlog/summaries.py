"""Cells such as ``85.3 ± 0.4`` and ``0.853 (0.004)`` → means and spreads.

They are what was printed of runs, and no runs: a claim cannot be tested on them without their
number, and not as a pair of seeds at all.
"""

import re

import pandas as pd

from uphold.runlog.cells import NUMBER

_SUMMARY = re.compile(
    rf"\s*\$?\s*({NUMBER})\s*%?\s*(?:(?:±|\+/-|\+-|\\pm)\s*({NUMBER})|\(\s*({NUMBER})\s*\))"
    r"\s*%?\s*\$?\s*"
)


def summaries(column: pd.Series) -> pd.DataFrame | None:
    """Return the columns ``mean`` and ``spread`` of a column of such cells, None where it is none.

    It is one where every cell that holds anything is a mean with its spread.
    """
    if pd.api.types.is_numeric_dtype(column):
        return None
    given = column.dropna()
    parts = []
    for cell in given:
        match = _SUMMARY.fullmatch(cell) if isinstance(cell, str) else None
        if match is None:
            return None
        parts.append((float(match[1]), float(match[2] or match[3])))
    if not parts:
        return None
    found = pd.DataFrame(parts, index=given.index, columns=["mean", "spread"])
    return found.reindex(column.index)
