"""Cells such as ``85.3 ± 0.4`` and ``0.853 (0.004)`` → means and spreads.

They are what was printed of runs, and no runs: a claim cannot be tested on them without their
number, and not as a pair of seeds at all.
"""

import re

import pandas as pd

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_SUMMARY = re.compile(
    rf"\s*\$?\s*({_NUMBER})\s*%?\s*(?:(?:±|\+/-|\+-|\\pm)\s*({_NUMBER})|\(\s*({_NUMBER})\s*\))"
    r"\s*%?\s*\$?\s*"
)


def summaries(column: pd.Series) -> pd.DataFrame | None:
    """Return the columns ``mean`` and ``spread`` of a column of such cells, None where it is none.

    It is one where every cell that holds anything is a mean with its spread.
    """
    if pd.api.types.is_numeric_dtype(column):
        return None
    given = column.dropna()
    # Numbers and truth values, and whatever else is no text, are no such cells.
    if given.empty or not all(isinstance(cell, str) for cell in given.iloc[:3]):
        return None
    matches = [_SUMMARY.fullmatch(cell) if isinstance(cell, str) else None for cell in given]
    if not all(matches):
        return None
    parts = [(float(m[1]), float(m[2] or m[3])) for m in matches if m]
    found = pd.DataFrame(parts, index=given.index, columns=["mean", "spread"])
    return found.reindex(column.index)
