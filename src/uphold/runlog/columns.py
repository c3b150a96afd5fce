"""The columns of a table of runs → what each of them may be.

In: a table. Out: its replicate, the name of its runs, its factors and its metrics, with the reason
for each column that varies and is none of them. Promised: what a name suggests is held against the
cells, so that a result is no factor and a setting of few levels no metric.
"""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from uphold.runlog.naming import COUNTS, Name, read_name
from uphold.statistics.scores import codes, distinct

MOST_LEVELS = 20
REPLICATES = (
    *("seed", "random state", "rng", "replicate", "rep", "repeat", "repetition", "fold"),
    *("run no", "run nr", "run number", "run idx", "run index"),
)
NUMBERS_OF = frozenset({"num", "number", "n", "count", "total", "max"})
"""Words at the head of a name that make of seeds a number of them."""
RUNS = ("run name", "run", "name", "run id", "trial name", "trial", "trial id", "id", "experiment")
# What may be a factor where nothing better is.
INSTEAD = ("experiment", "experiment name", "group", "run group", "name", "configuration", "config")

# What a log that was summed up before calls its results.
SUMMARIES = frozenset({"n", "mean", "sd", "sem", "median", "iqm", "ci_low", "ci_high"})

_NO_LEVEL = re.compile(r"\d{4}-\d\d-\d\d|(/|\./|~/|[A-Za-z]:\\|\w+://)")


@dataclass(frozen=True)
class Columns:
    """The columns of a table by what they are taken for.

    Attributes
    ----------
    replicate, run : str or None
    factors : list of str
    metrics, parts : list of Name
        Scores; and the thresholds, counts and items that belong to them.
    training : list of str
        What describes a run's training set.
    left_out : dict of str to str
        The columns that vary and are none of these, with the reason.
    """

    replicate: str | None
    run: str | None
    factors: list[str]
    metrics: list[Name]
    parts: list[Name]
    training: list[str]
    left_out: dict[str, str]


def sort_columns(table: pd.DataFrame) -> Columns:
    """Return what the columns of a table are taken for."""
    names = [read_name(column) for column in table if not table[column].map(is_nested).any()]
    replicate = _first(
        [n for n in names if not n.words or n.words[0] not in NUMBERS_OF],
        REPLICATES,
        lambda n: table[n.column].notna().any(),
    )
    rest = [n for n in names if n.column != replicate]
    run = _first(rest, RUNS, lambda n: _tells_apart(table[n.column]), whole=True)
    rest = [n for n in rest if n.column != run]
    metrics = [
        n
        for n in rest
        if n.role == "metric" and n.namespace != "setting" and _is_metric(table[n.column], n)
    ]
    parts = [n for n in rest if n.role in ("threshold", "count", "items") and _is_part(table, n)]
    training = [n.column for n in rest if n.role == "training"]
    taken = {n.column for n in (*metrics, *parts)} | set(training)
    varying = [
        n for n in rest if n.column not in taken and len(table[n.column].dropna().unique()) > 1
    ]
    left_out = {n.column: _no_factor(table[n.column], n) for n in varying}
    factors = [column for column, reason in left_out.items() if reason is None]
    left_out |= _aliases(table, factors, replicate)
    factors = [column for column in factors if left_out[column] is None]
    if not factors:
        factors = [c for c in [_first(varying, INSTEAD, lambda n: True, whole=True)] if c]
    reasons = {c: reason for c, reason in left_out.items() if reason and c not in factors}
    return Columns(replicate, run, factors, metrics, parts, training, reasons)


def unnamed_settings(table: pd.DataFrame, named: Collection[str]) -> list[str]:
    """Return the columns that vary, may be factors by their names and cells, and are not named."""
    rest = [
        column
        for column in table
        if column not in named
        and not (table[column].dtype == object and table[column].map(is_nested).any())
        and len(table[column].dropna().unique()) > 1
    ]
    return [
        column
        for column in rest
        if (name := read_name(column)).role in ("setting", "metric")
        and not (name.role == "metric" and _is_metric(table[column], name))
        and _no_factor(table[column], name) is None
    ]


def is_nested(value: Any) -> bool:
    """Return whether a cell holds several values."""
    return isinstance(value, list | dict)


def _first(
    names: Iterable[Name],
    wanted: Iterable[str],
    fits: Callable[[Name], bool],
    whole: bool = False,
) -> str | None:
    """Return the first column that is called as wanted, wholly or in part, and that fits."""
    for phrase in wanted:
        for name in names:
            text = f" {' '.join(w.removesuffix('s') for w in name.words)} "
            called = text.strip() == phrase if whole else f" {phrase} " in text
            if called and fits(name):
                return name.column
    return None


def _tells_apart(column: pd.Series) -> bool:
    """Whether a column names rows, but for a few that were named twice by mistake."""
    return bool(column.nunique() >= 0.9 * len(column))


def _is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _is_metric(column: pd.Series, name: Name) -> bool:
    """A number with a score's name, which a setting of a few levels (a loss's weight) is not."""
    known = column.dropna()
    if not _is_number(column) or known.empty:
        return False
    if name.kind != "score" and not (known % 1 == 0).all():
        return bool((known >= 0).all())
    levels = int(known.nunique())
    return levels > min(5, max(1, len(known) // 4)) or levels == len(column)


def _is_part(table: pd.DataFrame, name: Name) -> bool:
    known = table[name.column].dropna()
    if not _is_number(known) or known.empty:
        return False
    return name.kind not in (*COUNTS, "items") or bool(((known >= 0) & (known % 1 == 0)).all())


def _no_factor(column: pd.Series, name: Name) -> str | None:
    """Return why a column that varies is no factor by itself, None where it may be one."""
    if name.namespace == "result":
        return "a result"
    if name.column in SUMMARIES:
        return "the name of a statistic"
    if name.role == "aside":
        return "a name, a time, a difference or the like"
    is_float = pd.api.types.is_float_dtype(column)
    if is_float and name.role == "metric":
        return "a score"
    if not _is_number(column) and column.dropna().astype(str).str.match(_NO_LEVEL).mean() > 0.5:
        return "times or paths"
    levels = column.nunique()
    if len(column) / levels < 2 or (is_float and levels > MOST_LEVELS):
        return "too many different values"
    return None


def _aliases(table: pd.DataFrame, factors: list[str], replicate: str | None) -> dict[str, str]:
    """Return the factors that others stand for, with the reason."""
    code = {name: codes(table, [name]) for name in factors}
    found: dict[str, str] = {}
    seed = codes(table, [replicate]) if replicate else None
    for name in factors:
        if seed is not None and _number(code[name], seed) == distinct(seed) > 1:
            found[name] = f"goes with {replicate}"
            continue
        same = (o for o in factors[: factors.index(name)] if o not in found)
        for other in same:
            both = _number(code[name], code[other])
            if both == distinct(code[name]) == distinct(code[other]):
                found[name] = f"goes with {other}"
                break
    for name in factors:
        others = [o for o in factors if o != name and o not in found]
        if name in found or len(others) < 2 or _is_number(table[name]):
            continue
        together = distinct(codes(table, others))
        if together == distinct(code[name]) == distinct(codes(table, [*others, name])):
            found[name] = "names the combinations of the others"
    return found


def _number(one: np.ndarray, other: np.ndarray) -> int:
    """Return how many combinations of two codes there are."""
    return distinct(codes(pd.DataFrame({"one": one, "other": other}), ["one", "other"]))
