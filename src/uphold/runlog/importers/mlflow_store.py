"""MLflow's runs, from whichever of its stores → the table of runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from uphold.errors import InputError
from uphold.format import counted
from uphold.runlog.importers.imported import (
    RESULT,
    SETTING,
    TAG,
    Imported,
    State,
    arranged,
)
from uphold.runlog.importers.long_tables import from_text, spread

STATES: Mapping[str, State] = {
    "FINISHED": "finished",
    "FAILED": "failed",
    "KILLED": "killed",
    "RUNNING": "running",
    "SCHEDULED": "running",
}
_PARENT, _NAME = "mlflow.parentRunId", "mlflow.runName"
_TELLING = {"mlflow.source.git.commit": "commit", "mlflow.source.name": "source"}
"""MLflow's own tags that can tell runs apart; its others say nothing of what was run."""

OWN_TAGS = (_PARENT, _NAME, *_TELLING)
"""Those of MLflow's own tags that are asked for; a store need bring no others."""


@dataclass
class Store:
    """All that a store holds.

    Attributes
    ----------
    runs : DataFrame
        ``run``, ``name``, ``group`` (the experiment), ``status`` by MLflow's names, ``deleted``.
    parameters, metrics, tags : DataFrame
        ``run``, ``name`` and ``value``; parameters and tags as text, of a metric the last value.
    notes : list of str
    damaged : int
        How many runs cannot be read.
    """

    runs: pd.DataFrame
    parameters: pd.DataFrame
    metrics: pd.DataFrame
    tags: pd.DataFrame
    notes: list[str] = field(default_factory=list)
    damaged: int = 0


def table_of_store(store: Store, source: str, form: str) -> Imported:
    """Return the table of all experiments' runs.

    Runs that were deleted are left out, and so are those that only hold others: parents without
    a metric of their own. Who a child's parent is becomes a tag.

    Raises
    ------
    InputError
        There are none, or two have one id.
    """
    notes = [*store.notes]
    runs = store.runs
    twice = runs["run"][runs["run"].duplicated()]
    if len(twice):
        raise InputError(
            f"{source} holds two runs with the id {twice.iloc[0]!r}: remove one of them from a"
            " copy of the store."
        )
    deleted = runs["deleted"].astype(bool)
    if deleted.any():
        notes.append(f"{_runs(deleted.sum())} deleted in MLflow: left out.")
    runs = runs[~deleted]
    own = store.tags["name"].astype(str).str.startswith("mlflow.")
    parent_of = _by_run(store.tags, _PARENT)
    holding = runs["run"].isin(parent_of[parent_of.index.isin(runs["run"])])
    empty = holding & ~runs["run"].isin(store.metrics["run"])
    if empty.any():
        notes.append(f"{_runs(empty.sum())} only there to hold others, without a metric: left out.")
    if (holding & ~empty).any():
        notes.append(
            f"{_runs((holding & ~empty).sum())} the parent of others and kept, with metrics of its"
            " own: leave such out by `rows:` where they repeat a child's."
        )
    names = runs.set_index("run")["name"]
    runs = runs[~empty]
    if runs.empty:
        left = " that are left after these" if notes else ""
        raise InputError(
            f"{source} holds no runs{left}: give the store that the experiments were logged to."
        )
    unknown = sorted(set(runs["status"].map(str)) - set(STATES))
    if unknown:
        raise InputError(
            f"{source} holds a run in the state {unknown[0]!r}; MLflow 2 and 3 know"
            f" {', '.join(STATES)}: export the runs with `mlflow.search_runs().to_csv(…)`."
        )
    index = pd.Index(runs["run"])
    given = runs["name"].where(runs["name"].map(bool), _by_run(store.tags, _NAME).reindex(index))
    leading = pd.DataFrame(
        {
            "run": index,
            "name": given.to_numpy(),
            "group": runs["group"].to_numpy(),
            "state": runs["status"].map(STATES).to_numpy(),
        },
        index=index,
    )
    parts = [
        leading,
        spread(store.parameters, index, SETTING, source, from_text),
        spread(store.metrics, index, RESULT, source, pd.to_numeric),
        spread(store.tags[~own], index, TAG, source, from_text),
    ]
    told = _told(store.tags, index, _called(parent_of, names))
    parts.append(told.drop(columns=[name for name in told if name in parts[-1]]))
    table = pd.concat(parts, axis=1).reset_index(drop=True)
    return Imported(arranged(table, source), form, notes=tuple(notes), damaged=store.damaged)


def _runs(many: int) -> str:
    return counted(many, "run")


def _by_run(tags: pd.DataFrame, name: str) -> pd.Series:
    """Return the values of one tag by run."""
    found = tags[tags["name"] == name].drop_duplicates("run", keep="last")
    return found.set_index("run")["value"]


def _called(parent_of: pd.Series, names: pd.Series) -> pd.Series:
    """Return each run's parent by its name, or by its id where two parents have one name."""
    called = names.reindex(parent_of.unique())
    plain = called.map(bool).all() and called.notna().all() and called.is_unique
    return parent_of.map(called) if plain else parent_of


def _told(tags: pd.DataFrame, runs: pd.Index, parent_of: pd.Series) -> pd.DataFrame:
    """Return what MLflow's own tags tell runs apart by: parents, and code that is not one code."""
    columns = {f"{TAG}parent": parent_of.reindex(runs)} if len(parent_of) else {}
    for tag, name in _TELLING.items():
        column = _by_run(tags, tag).reindex(runs)
        if len(column.dropna().unique()) > 1:
            columns[f"{TAG}{name}"] = column
    return pd.DataFrame(columns, index=runs)
