"""A table as it was read and a spec → its rows that are runs.

What a spec says is done in one order: columns are set aside, wide columns become rows (``melt``),
rows are chosen (``rows``), of each run's history one row is kept (``history``), and an empty cell
becomes a level where that is said (``missing``). Rows keep the index of the row that they come of.
"""

from collections.abc import Iterator

import pandas as pd

from uphold.claims.spec import Spec
from uphold.errors import InputError, nearest
from uphold.runlog.chosen_rows import chosen_rows
from uphold.runlog.histories import last_or_best
from uphold.runlog.melt import melted

NONE = "None"


def as_runs(table: pd.DataFrame, spec: Spec, source: str) -> pd.DataFrame:
    """Return the rows of a table that are the runs of a spec.

    Raises
    ------
    InputError
        A column that the spec names is not there, or no row is left.
    """
    for name in spec.aside:
        _require(table, "aside", name, source)
    table = table.drop(columns=spec.aside)
    if spec.melt:
        table = melted(table, spec.melt, source)
    for place, name in _named(spec):
        _require(table, place, name, source)
    if spec.rows:
        table = table[chosen_rows(table, spec.rows, spec.factors)]
        if table.empty:
            said = {name: rule.written() for name, rule in spec.rows.items()}
            raise InputError(f"{source}: no row meets the spec's rows: {said}.")
    if spec.history:
        table = last_or_best(table, spec, spec.history, source)
    if spec.missing == "level":
        table = table.assign(**{n: with_none(table[n]) for n in spec.factors if n in table})
    return table


def with_none(column: pd.Series) -> pd.Series:
    """Return a column in which what is missing is the level "None"."""
    missing = column.isna()
    return column.astype(object).where(~missing, NONE) if missing.any() else column


def _named(spec: Spec) -> Iterator[tuple[str, str]]:
    yield from (("rows", name) for name in spec.rows)
    if spec.history:
        yield "history.along", spec.history.along
        if spec.history.keep != "last":
            yield "history.keep", spec.history.keep.column
        yield from (("replicate", name) for name in spec.replicate)
        yield from (("factors", name) for name in spec.factors)
        if spec.run:
            yield "run", spec.run


def _require(table: pd.DataFrame, place: str, name: str, source: str) -> None:
    if name not in table.columns:
        raise InputError(
            f"{source} has no column {name!r} ({place}).{nearest(name, table.columns)}"
        )
