"""A table of three columns, run, name and value → one row a run, a column a name.

In: a table as it was read. Out: the runs, and a sentence that says so. Promised: a table is spread
only where it has these columns and no others, where each run has a name once at most and where runs
share names, so that no row is lost; with other columns beside them rows are what they were.
"""

from collections.abc import Collection
from typing import Any

import pandas as pd

from uphold.format import count
from uphold.runlog.cells import holds_several
from uphold.runlog.columns import RUNS
from uphold.runlog.importers.long_tables import spread
from uphold.runlog.naming import read_name

NAMES = frozenset(
    {"key", "name", "metric", "metric name", "field", "attribute", "attribute path", "path"}
    | {"parameter", "param", "variable", "measure", "quantity"}
)
VALUES = frozenset({"value", "values"})


def by_run(
    table: pd.DataFrame, levels: Collection[str], source: str
) -> tuple[pd.DataFrame, str] | None:
    """Return the runs of a long table and what to say of it, None where it is none.

    Parameters
    ----------
    table : DataFrame
    levels : collection of str
        Columns of which a spec names levels: where those are names, its rows are what is meant.
    source : str
        For messages.
    """
    if len(table.columns) != 3:
        return None
    words = {str(column): " ".join(read_name(str(column)).words) for column in table}
    value = next((c for c, said in words.items() if said in VALUES), None)
    run = next((c for c, said in words.items() if said in RUNS or said == "sys id"), None)
    name = next((c for c, said in words.items() if c not in (run, value) and said in NAMES), None)
    if run is None or name is None or value is None or name in levels:
        return None
    cells = [table[column] for column in (run, name)]
    if any(column.isna().any() or column.map(holds_several).any() for column in cells):
        return None
    names, runs = table[name].astype(str), pd.Index(table[run].unique())
    shared = table.groupby(names)[run].nunique().gt(1)
    twice = table[[run, name]].duplicated().any()
    if twice or not 1 < len(shared) < len(table) or not shared.all() or run in set(names):
        return None
    long = table.rename(columns={run: "run", name: "name", value: "value"})
    wide: pd.DataFrame = spread(long, runs, "", source).rename_axis(run).reset_index()
    said: Any = f"Its rows are a value each, of {count(len(shared))} names by {name}: a row is made"
    return wide, f"{said} of each of {count(len(runs))} runs, told apart by {run}."
