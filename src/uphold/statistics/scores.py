"""A table of scores that knows which of its columns are factors and which is the replicate.

In: one row a run. Out: the rows that a condition selects, the levels of a factor, the names of
configurations and runs. Promised: the run is the replication unit. A replicate column that counts
epochs or items is refused, because its rows are not independent runs.

A missing value in a factor's column means that the factor has no effect in that run (the
upsampling mode at ratio 0), so the run stands for every level: it matches any condition on it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from uphold.errors import InputError, nearest

EPOCHS = frozenset({"epoch", "step", "iteration", "iter", "batch", "checkpoint"})
ITEMS = frozenset(
    {"clip", "frame", "item", "sample", "example", "window", "segment", "utterance", "file"}
    | {"filename", "image", "recording", "observation"}
)
REPETITIONS = frozenset({"iteration", "iter"})
"""Words for a step of training and for the repetition of an experiment: the rows tell which."""
LARGEST = 1e100  # the square of what a run diverged to would overflow
DENSE = 8
"""Up to so many times their number codes are counted in place of sorted."""
WORDS = {True: ("true", "yes", "on"), False: ("false", "no", "off")}


@dataclass(frozen=True)
class Scores:
    """The scores of a sweep, one row a run.

    Attributes
    ----------
    table : pandas.DataFrame
        Factor columns, the replicate column, metric columns, and any others.
    factors : tuple of str
        The factors of the design. Equal values in all of them are one configuration.
    replicate : str
        The column (such as ``seed``) in which the runs of one configuration differ, and whose
        values are the units of inference.
    run : str, optional
        The column that names a run; without it a run is named by its factors and replicates.
    within : tuple of str
        Columns of replicates within a unit, such as seeds within data sets, outermost first.

    Raises
    ------
    InputError
        A column that is not there, or a replicate that is not a run.
    """

    table: pd.DataFrame
    factors: tuple[str, ...]
    replicate: str
    run: str | None = None
    within: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in (*self.factors, *self.replicates, *filter(None, [self.run])):
            self.column(name)
        for name in self.replicates:
            if name in self.factors:
                raise InputError(f"{name!r} is a replicate and cannot be a factor as well.")
        refuse_pseudoreplicates(self.replicate)

    @property
    def replicates(self) -> tuple[str, ...]:
        """The columns of the replicates, the unit first."""
        return (self.replicate, *self.within)

    def column(self, name: str) -> pd.Series:
        """Return a column, or raise `InputError` with the nearest name."""
        if name not in self.table.columns:
            raise InputError(f"There is no column {name!r}.{nearest(name, self.table.columns)}")
        return self.table[name]

    def values(self, metric: str) -> np.ndarray:
        """Return a metric, shape (runs,); what is not finite, or beyond 1e100, is NaN."""
        values = self.column(metric).to_numpy(dtype=float, na_value=np.nan)
        return np.where(np.abs(values) < LARGEST, values, np.nan)

    def selects(self, where: Mapping[str, Any] | None) -> np.ndarray:
        """Return which rows meet every condition, shape (runs,).

        A condition is a level or a list of levels; a missing factor meets any condition.
        """
        chosen = np.ones(len(self.table), dtype=bool)
        for name, wanted in (where or {}).items():
            column = self.column(name)
            levels = wanted if isinstance(wanted, list | tuple | set) else [wanted]
            met = column.isna().to_numpy() if name in self.factors else np.zeros_like(chosen)
            for level in levels:
                met = met | at_level(column, level)
            chosen &= met
        return chosen

    def where(self, conditions: Mapping[str, Any] | None) -> "Scores":
        """Return the scores of the rows that `selects` chooses."""
        return self.only(self.selects(conditions))

    def only(self, rows: np.ndarray) -> "Scores":
        """Return the scores of these rows, shape (runs,) of bool."""
        return replace(self, table=self.table[rows])

    def levels(self, factor: str) -> list[Any]:
        """Return a factor's levels, sorted (numbers before text), without the missing one."""
        found = {plain(value) for value in self.column(factor).dropna().unique()}
        return sorted(found, key=lambda v: (isinstance(v, str), v))

    def cells(self, factors: tuple[str, ...] | None = None) -> np.ndarray:
        """Return the number of each row's cell, shape (runs,), counted by first appearance.

        A cell is one combination of the factors (all of them unless given), missing values kept
        as a level of their own.
        """
        names = list(self.factors if factors is None else factors)
        return codes(self.table, names)

    def run_names(self, rows: np.ndarray) -> list[str]:
        """Return the names of the runs at these positions."""
        if not len(rows):
            return []  # mostly, and pandas takes its time for nothing too
        chosen = self.table.iloc[rows]
        if self.run is not None:
            return list(chosen[self.run].astype(str))
        return [name_cell(row) for row in records(chosen, [*self.factors, *self.replicates])]


def refuse_pseudoreplicates(replicate: str) -> None:
    """Raise `InputError` where a replicate column counts epochs or items, not runs."""
    words = {w.removesuffix("s") for w in re.split(r"[^a-z]+", replicate.lower())}
    for kind, names in (("epochs", EPOCHS), ("items", ITEMS)):
        if words & (names - REPETITIONS):
            raise InputError(
                f"The replicate {replicate!r} counts {kind}, not runs. The {kind} of one run share"
                " its training and are no replicates of it. Name the column in which repeated"
                f" trainings differ, such as `replicate: seed`, or `replicate: [seed, {replicate}]`"
                f" where a run has a row for each of its {kind}: their mean counts once."
            )


def differs_within(table: pd.DataFrame, column: str, within: list[str]) -> bool:
    """Return whether a column takes several values in most combinations of others."""
    values = pd.Series(codes(table, [column])).groupby(codes(table, within)).nunique()
    return bool((values > 1).mean() > 0.5)


def codes(table: pd.DataFrame, columns: list[str]) -> np.ndarray:
    """Return the number of each row's combination of columns, counted by first appearance."""
    code = np.zeros(len(table), dtype=np.intp)
    for i, name in enumerate(columns):
        here, levels = pd.factorize(table[name], use_na_sentinel=False)
        code = here if i == 0 else pd.factorize(code * len(levels) + here)[0]
    return np.asarray(code)


def renumbered(code: np.ndarray) -> np.ndarray:
    """Return codes without gaps, in the same order."""
    return np.asarray((np.cumsum(np.bincount(code) > 0) - 1)[code])


def numbered(code: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the distinct codes, sorted, and the place of each code among them.

    Codes that lie close together are counted, which is many times faster than sorting them.
    """
    if code.size == 0 or int(code.max()) > DENSE * code.size:
        return np.unique(code, return_inverse=True)
    there = np.bincount(code) > 0
    return np.flatnonzero(there), np.asarray((np.cumsum(there) - 1)[code])


def among(code: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Return which codes are among some of them, shape (n,); as `numbered`, without sorting."""
    if code.size == 0 or int(code.max()) > DENSE * code.size:
        return np.isin(code, chosen)
    there = np.zeros(int(code.max()) + 1, dtype=bool)
    there[chosen] = True
    return np.asarray(there[code])


def first_of_each(back: np.ndarray, count: int) -> np.ndarray:
    """Return where each of so many numbers stands first, shape (count,)."""
    first = np.empty(count, dtype=np.intp)
    first[back[::-1]] = np.arange(back.size)[::-1]
    return first


def distinct(code: np.ndarray) -> int:
    """Return how many different codes there are."""
    return int(np.count_nonzero(np.bincount(code)))


def at_level(column: pd.Series, level: Any) -> np.ndarray:
    """Return where a column holds a level, shape (runs,).

    YAML reads ``on``, ``off``, ``yes`` and ``no`` as truth values; in a column of text these words
    are found by them.
    """
    if isinstance(level, bool) and not pd.api.types.is_numeric_dtype(column):
        text = column.astype(str).str.lower()
        return np.asarray(text.isin(WORDS[level]))
    if isinstance(level, int | float) and not pd.api.types.is_numeric_dtype(column):
        return np.asarray(pd.to_numeric(column, errors="coerce") == level)
    if isinstance(level, str) and not pd.api.types.is_string_dtype(column):
        # A quoted level is found by how it is written: "true" among truth values.
        found = [v for v in column.dropna().unique() if level in (level_text(v), str(v))]
        return np.asarray(column.isin(found))
    return np.asarray((column == level).fillna(False), dtype=bool)


def plain(value: Any) -> Any:
    """Return a level as a plain bool, int, float or str: 512.0 is 512."""
    value = value.item() if isinstance(value, np.generic) else value
    return int(value) if isinstance(value, float) and value.is_integer() else value


def level_text(value: Any) -> str:
    """Return a level as it is written in a spec: ``true``, ``512``, ``0.0005``, ``linear``."""
    value = plain(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def name_cell(levels: Mapping[str, Any]) -> str:
    """Return ``"factor=value, …"``; factors without effect (missing ones) are left out."""
    return ", ".join(f"{k}={level_text(v)}" for k, v in levels.items() if not pd.isna(v))


def records(table: pd.DataFrame, columns: list[str]) -> list[dict[str, Any]]:
    """Return the rows of some columns as dicts."""
    return [dict(row) for row in table[columns].to_dict("records")]
