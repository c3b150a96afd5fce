"""A table as it was read → its rows that are runs, and the part of a spec that says so.

Scores are numbers from here on, however they are written, and columns of lists are left out. What
is proposed here is done with the table at once, so that the rest of a proposal is about the runs
that a spec with these lines reads.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from pydantic import TypeAdapter

from uphold.claims.row_rules import Rows, Rule
from uphold.claims.shaping import Melt
from uphold.format import count, counted
from uphold.run_states import FINISHED, UNFINISHED, called_states, holds_states, state_words
from uphold.runlog.chosen_rows import chosen_rows
from uphold.runlog.columns import Columns, holds_lists, is_set, replicate_by_name
from uphold.runlog.histories import history_of, kept
from uphold.runlog.melt import melted, places, wide_columns
from uphold.runlog.naming import read_name
from uphold.runlog.proposed_metrics import chosen_metrics
from uphold.runlog.scales import scales_of
from uphold.runlog.score_cells import with_scores
from uphold.statistics.scores import EPOCHS, ITEMS, codes, differs_within, plain


@dataclass
class Proposed:
    """A table of runs, with what a spec says so that it is read.

    Attributes
    ----------
    table : DataFrame
    spec : dict
        The keys ``melt``, ``rows``, ``history``, ``aside`` of a spec, where they are needed.
    better : mapping of str to {"higher", "lower"}
        Which way a result is better, by column, where something tells.
    whole : DataFrame, optional
        The table before unfinished runs were left out, where some were.
    notes : list of str
        Why, a sentence each.
    given : DataFrame
        The table as it was read, with every row, column and cell.
    read : list of str
        What is to be said of how scores are written, a sentence each.
    lists : list of str
        The columns of lists, which are no settings and no results.
    """

    table: pd.DataFrame
    spec: dict[str, Any] = field(default_factory=dict)
    better: dict[str, str] = field(default_factory=dict)
    whole: pd.DataFrame | None = None
    notes: list[str] = field(default_factory=list)
    given: pd.DataFrame = field(default_factory=pd.DataFrame)
    read: list[str] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)

    def choose(self, column: str, rule: dict[str, Any], why: str) -> None:
        """Leave rows out by a rule, unless it would leave none."""
        parsed = Rule.model_validate(rule)
        chosen = chosen_rows(self.table, {column: parsed})
        if not chosen.any():
            return
        left, rows = int((~chosen).sum()), len(self.table)
        self.table = self.table[chosen]
        self.spec.setdefault("rows", {})[column] = parsed.written()
        are = "is" if left == 1 else "are"
        self.notes.append(f"{count(left)} of {counted(rows, 'row')} {are} left out (rows): {why}")


def proposed_rows(given: pd.DataFrame, better: Mapping[str, str]) -> Proposed:
    """Return the runs of a table, and how a spec would say so.

    ``better`` says which way a result is better, by column, where a tracker tells.
    """
    lists = [str(name) for name, column in given.items() if holds_lists(column)]
    table, read = with_scores(given.drop(columns=lists), better)
    it = Proposed(table, better=dict(better), given=given, read=read, lists=lists)
    melt = wide_columns(table)
    wide = [name for p in melt.columns.values() for name, _ in places(table, p)] if melt else []
    names = [read_name(column) for column in table if column not in wide]
    if melt and replicate_by_name(table, names) is None:
        it.table = melted(table, melt, "The table").reset_index(drop=True)
        it.spec["melt"] = melt.model_dump()
        shown = ", ".join(melt.columns.values())
        it.notes.append(f"The columns {shown} look like a run each, and are read as rows (melt).")
    for column in it.table.columns:
        if holds_states(it.table[column]):
            _finished(it, column)
    _one_metric(it)
    if found := history_of(it.table):
        history, of_run = found
        it.table = kept(it.table, codes(it.table, of_run), history)
        it.spec["history"] = history.model_dump(exclude_none=True)
        by = "the last of them is" if history.keep == "last" else "the best on validation data is"
        it.notes.append(
            f"Rows of one run ({', '.join(of_run)}) differ in {history.along}: {by} kept (history)."
        )
    return it


def one_set(it: Proposed, columns: Columns) -> bool:
    """Keep the rows of one data set where the first metric's scale is another in each.

    A mean over data sets in raw units is that of the one with the largest numbers, and so are its
    claims. Return whether rows were left out.
    """
    primary = chosen_metrics(columns.metrics)[0]
    column = next((c for c in (*columns.replicates, *columns.factors) if is_set(c)), None)
    alone = not [c for c in (*columns.replicates, *columns.factors) if c != column]
    if column is None or alone:
        return False
    scales = scales_of(it.table[primary.column], it.table[column])
    if scales is None:
        return False
    sets = it.table[primary.column].groupby(it.table[column], sort=False).count()
    kept_one = sets.idxmax()
    others = ", ".join(str(level) for level in sets.index if level != kept_one)
    before = len(it.table)
    it.choose(
        column,
        {"in": [plain(kept_one)]},
        f"{primary.column} is {scales.said()}, so that a mean over every {column} would be that of"
        f" the largest. One is claimed at a time, here {kept_one}; write in its place one of"
        f" {others}.",
    )
    return len(it.table) < before


def all_runs(it: Proposed, named: Collection[str | None]) -> tuple[pd.DataFrame, list[str]]:
    """Return the runs of a table as proposed, with those that did not finish, and what was done.

    A history is not read. Columns that are asked for by their names stay what they are, and so do
    all cells: what names an arm may be written as a score is.
    """
    table, notes = it.given, []
    if shape := it.spec.get("melt"):
        melt = Melt.model_validate(shape)
        wide = [name for p in melt.columns.values() for name, _ in places(table, p)]
        if not set(wide) & set(named):
            table = melted(table, melt, "The table").reset_index(drop=True)
            notes.append(f"{', '.join(melt.columns.values())} are read as rows, a run each")
    for column, rule in TypeAdapter(Rows).validate_python(it.spec.get("rows", {})).items():
        if called_states(column) or column in named:
            continue
        chosen = chosen_rows(table, {column: rule})
        notes.append(
            f"{counted(int((~chosen).sum()), 'row')} of another {column} left out: what is read is"
            f" {', '.join(map(str, table.loc[chosen, column].unique()))}"
        )
        table = table[chosen].reset_index(drop=True)
    return table, notes


def parts_aside(table: pd.DataFrame, known: list[str], arms: list[str]) -> list[str]:
    """Return columns called as a part of a run that differ within runs and are none of ``known``.

    Where they were no history, they tell where training stopped.
    """
    found = []
    for column in table.columns:
        if column in known or str(column).lower().removesuffix("s") not in EPOCHS | ITEMS:
            continue
        if differs_within(table, column, arms):
            found.append(str(column))
    return found


def _finished(it: Proposed, column: str) -> None:
    """Leave out runs that did not finish, where some did."""
    state = state_words(it.table[column])
    given = it.table[column].astype(str)
    done = list(dict.fromkeys(given[np.isin(state, list(FINISHED))]))
    if not done:
        it.notes.append(f"No run finished, according to {column}: nothing can be shown with them.")
        return
    kinds = given[np.isin(state, list(UNFINISHED))].value_counts()
    how = ", ".join(f"{count(int(n))} {kind}" for kind, n in kinds.items())
    it.whole = it.table
    it.choose(
        column,
        {"in": done},
        f"they did not finish ({how}). If they stopped because of their configuration, that is a"
        " result: say so beside the claims.",
    )


def _one_metric(it: Proposed) -> None:
    """Keep the rows of one metric where a column says which it is: scores of others differ."""
    for column in it.table.columns:
        if " ".join(read_name(column).words) not in ("metric", "metric name", "measure", "unit"):
            continue
        levels = it.table[column].dropna()
        if pd.api.types.is_numeric_dtype(levels) or levels.empty:
            continue
        most, *others = levels.value_counts().index
        if others:
            it.choose(
                column,
                {"in": [plain(most)]},
                f"their {column} is another one than {most}. Scores of different metrics or in"
                " different units are never averaged.",
            )
        meant = read_name(str(most))
        if meant.tells_direction:
            direction = "lower" if meant.lower_is_better else "higher"
            plainly = [n for n in map(read_name, it.table.columns) if n.role == "metric"]
            it.better |= {n.column: direction for n in plainly if not n.tells_direction}
