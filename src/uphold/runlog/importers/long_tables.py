"""A long table, one row a run and name, as databases keep settings → a column a name."""

import re
from collections.abc import Callable

import numpy as np
import pandas as pd

from uphold.errors import InputError
from uphold.format import count
from uphold.runlog.cells import typed
from uphold.runlog.importers.imported import NONE, refuse_width

MOST_CELLS = 50_000_000
"""What a table of runs may hold: 100,000 runs of 500 names, and half a gigabyte."""

_WRITTEN_APART = re.compile(r"[+-]?(0\d.*|\d+\.\d+0|\d{16,})")
"""Numbers in text that would not be written so again: 1.10, 007, one of too many digits."""


def spread(
    long: pd.DataFrame,
    runs: pd.Index,
    kind: str,
    source: str,
    cells: Callable[[pd.Series], pd.Series] = pd.Series.infer_objects,
) -> pd.DataFrame:
    """Return a column for each name, a row for each run.

    Parameters
    ----------
    long : DataFrame
        With ``run``, ``name`` and ``value``; of a run's values of one name, the last one counts.
    runs : Index
        The runs of the table, in its order; those of others are left out.
    kind : str
        What is put before each name.
    source : str
        For messages.
    cells : callable
        Makes the values of one name what they are: see `from_text`.

    Raises
    ------
    InputError
        Names are more than a table has columns, or runs times names than fit into memory.
    """
    row = runs.get_indexer(pd.Index(long["run"]))
    long, row = long[row >= 0], row[row >= 0]
    code, names = pd.factorize(long["name"].astype(str).to_numpy(dtype=object), sort=True)
    refuse_width(names, source)
    if len(names) * len(runs) > MOST_CELLS:
        raise InputError(
            f"{source} notes {count(len(names))} names beginning with {kind!r} over"
            f" {count(len(runs))} runs, which is more than {count(MOST_CELLS)} cells: export the"
            " columns and the runs that are meant as CSV or parquet."
        )
    order = np.argsort(code, kind="stable")
    ends = np.searchsorted(code[order], np.arange(len(names) + 1))
    values = long["value"].to_numpy(dtype=object)
    made = {
        f"{kind}{name}": _placed(cells(pd.Series(values[at], dtype=object)), row[at], len(runs))
        for name, at in (
            (name, order[ends[i] : ends[i + 1]]) for i, name in enumerate(names.tolist())
        )
    }
    return pd.DataFrame(made, index=runs)


def _placed(values: pd.Series, rows: np.ndarray, runs: int) -> np.ndarray:
    """Return a column with each value in its row, what is not given missing."""
    found = values.to_numpy()
    if len(np.unique(rows)) == runs:
        column = np.empty(runs, dtype=found.dtype)
    elif found.dtype.kind in "iuf":
        column = np.full(runs, np.nan)
    else:
        column = np.full(runs, np.nan, dtype=object)
    column[rows] = found
    return column


def from_text(texts: pd.Series) -> pd.Series:
    """Return the values of one name, which a tracker keeps as text, as what they are.

    Numbers and truth values are taken as of a CSV's column, beside the level "None" too; where
    a number would not be written so again, as 1.10, all of them stay text.
    """
    words = texts.astype(str)
    none = words == NONE
    given = words[~none]
    different = given.str.strip().unique().tolist()
    if any(map(_WRITTEN_APART.fullmatch, different)):
        return words
    values = typed(given.tolist()) if len(given) else pd.Series(dtype=object)
    if not none.any():
        return values
    column = np.full(len(words), NONE, dtype=object)
    column[~none.to_numpy()] = values.astype(object).to_numpy()
    return pd.Series(column, dtype=object)
