"""The columns of a table of runs → what each of them may be.

In: a table of runs. Out: its replicates, the name of its runs, its factors and its metrics, with
the reason for each column that varies and is none of them. Promised: what a name suggests is held
against the cells, so that a result is no factor, a setting of few levels no metric, and a constant
no replicate.
"""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from uphold.claims.parts import PARTS
from uphold.runlog.naming import COUNTS, SETTING_WORDS, Name, read_name
from uphold.statistics.scores import EPOCHS, codes, distinct

MOST_LEVELS = 20
REPLICATES = (
    *("seed", "random state", "rng", "replicate", "rep", "repeat", "repetition", "fold"),
    *("run no", "run nr", "run number", "run idx", "run index"),
)
REPETITIONS = ("iteration", "iter", "run", "trial", "attempt", "try", "split", "instance")
"""Of whole names: what may number repetitions, where the rows of each configuration do so."""
SETS = (
    *("dataset", "data set", "dataset name", "dataset id", "task", "task name", "task id"),
    *("env", "env name", "env id", "environment", "benchmark", "corpus", "game", "problem"),
)
"""What runs are repeated on, as a sample of others like it."""
WHO = ("speaker", "subject", "participant", "patient", "actor", "recorder", "user", "person")
"""Who was tried with every arm: what counts once where no seed or fold tells runs apart."""
WITHIN_SETS = ("split", "fold", "split id", "fold id")
SEEDS = frozenset({"seed", "rng"})
REPETITION_WORDS = frozenset({"iteration", "iter", "run", "game"})
_SHARED = frozenset({"seed", "rng", "fold", "state", "split"})
"""What of a name means something that runs with one value of it share."""
MOST_COMBINED = 50
"""Of so many factors it is asked whether one names the combinations of the others."""
SEARCHED = 8
"""So many different numbers, hardly any of them twice, are what a search drew."""
MOST_CHOICES = 5
"""Values of a number that a search chose among, as of levels."""
NUMBERS_OF = frozenset({"num", "number", "n", "count", "total", "max"})
"""Words at the head of a name that make of seeds a number of them."""
RUNS = (
    *("run name", "run", "name", "run id", "trial name", "trial", "trial id", "id", "experiment"),
    "number",
)
# What may be a factor where nothing better is.
_REPEATS = frozenset(word for phrase in REPLICATES for word in phrase.split())
INSTEAD = ("experiment", "experiment name", "group", "run group", "name", "configuration", "config")

# What a log that was summed up before calls its results.
SUMMARIES = frozenset({"n", "mean", "sd", "sem", "median", "iqm", "ci_low", "ci_high"})

_NO_LEVEL = re.compile(r"\d{4}-\d\d-\d\d([T ]\d.*)?$|(/|\./|~/|[A-Za-z]:\\|\w+://)")


@dataclass(frozen=True)
class Columns:
    """The columns of a table by what they are taken for.

    Attributes
    ----------
    replicates : tuple of str
        The outermost first; none where no column is known to tell repeated runs apart.
    candidates : tuple of str
        What may be the replicate where none is known, each with what speaks for it.
    run : str or None
    factors : list of str
    searched : list of str
        Numeric settings of which hardly any two runs share a value, and with them those of more
        than a few values.
    metrics, parts : list of Name
        Scores; and the thresholds, counts and items that belong to them.
    training : list of str
        What describes a run's training set.
    left_out : dict of str to str
        The columns that vary and are none of these, with the reason.
    """

    replicates: tuple[str, ...]
    candidates: tuple[str, ...]
    run: str | None
    factors: list[str]
    searched: list[str]
    metrics: list[Name]
    parts: list[Name]
    training: list[str]
    left_out: dict[str, str]


def sort_columns(table: pd.DataFrame, known: Collection[str] = ()) -> Columns:
    """Return what the columns of a table are taken for; ``known`` are results for certain."""
    names = [
        _said(n, known)
        for column in table
        if not holds_lists(table[column])
        for n in [read_name(column)]
    ]
    replicate = replicate_by_name(table, names)
    rest = [n for n in names if n.column != replicate]
    run = _first(rest, RUNS, lambda n: _tells_apart(table[n.column]), whole=True)
    rest = [n for n in rest if n.column != run]
    metrics = [
        n
        for n in rest
        if n.role == "metric" and n.namespace != "setting" and _is_metric(table[n.column], n)
    ]
    if not metrics:
        metrics = [
            replace(n, role="metric", kind="score", group=n.words)
            for n in rest
            if _may_be_result(table[n.column], n)
        ]
    parts = [n for n in rest if n.role in ("threshold", "count", "items") and _is_part(table, n)]
    training = [n.column for n in rest if n.role == "training"]
    taken = {n.column for n in (*metrics, *parts)} | set(training)
    varying = [
        n for n in rest if n.column not in taken and len(table[n.column].dropna().unique()) > 1
    ]
    left_out = {n.column: _no_factor(table[n.column], n) for n in varying}
    if run:
        left_out |= {c: "names of other runs" for c in left_out if _names_runs(table, c, run)}
    left_out |= {n.column: "parts of runs" for n in varying if _numbers_parts(n)}
    if replicate:
        seeds = [n.column for n in varying if set(n.words) & SEEDS]
        left_out |= dict.fromkeys(seeds, f"a seed beside {replicate}")
    searched = [n.column for n in varying if _is_setting(n) and is_searched(table[n.column])]
    if searched:
        searched += [n.column for n in varying if n.column not in searched and _drawn(table, n)]
    factors = [c for c, reason in left_out.items() if reason is None and c not in searched]
    if replicate is None:
        replicate = _repetition(table, [n for n in varying if n.column not in searched], factors)
        replicate = replicate or _who(table, varying, factors)
        factors = [column for column in factors if column != replicate]
        left_out.pop(replicate or "", None)
    left_out |= _aliases(table, factors, replicate)
    factors = [column for column in factors if left_out[column] is None]
    if not factors:
        factors = [c for c in [_first(varying, INSTEAD, lambda n: True, whole=True)] if c]
    if searched and run and _shared_by_trials(table, replicate, searched):
        # Trials are the units of a search, whatever seed they have in common.
        left_out |= {replicate: "a seed of several trials"} if replicate else {}
        replicate = run
    replicates: tuple[str, ...] = ()
    if replicate:
        replicates = (*_sets(table, rest, factors, replicate), replicate)
        part = next((n.column for n in varying if _numbers_parts(n) and n.column != replicate), "")
        if part and _one_row_each(table, [*factors, *replicates], part):
            replicates = (*replicates, part)
        factors = [column for column in factors if column not in replicates]
    reasons = {
        c: reason
        for c, reason in left_out.items()
        if reason and c not in (*factors, *searched, *replicates)
    }
    candidates = () if replicate else _candidates(table, names, factors, run)
    return Columns(
        replicates, candidates, run, factors, searched, metrics, parts, training, reasons
    )


def replicate_by_name(table: pd.DataFrame, names: Iterable[Name]) -> str | None:
    """Return the column that is called as a replicate is and takes several values.

    One that every run has comes before one that some lack.
    """
    called = [n for n in names if not n.words or n.words[0] not in NUMBERS_OF]

    def varies(name: Name) -> bool:
        return len(table[name.column].dropna().unique()) > 1

    def everywhere(name: Name) -> bool:
        return varies(name) and bool(table[name.column].notna().all())

    return _first(called, REPLICATES, everywhere) or _first(called, REPLICATES, varies)


def is_searched(column: pd.Series) -> bool:
    """Return whether a setting's values are such as a search draws: many, hardly any twice."""
    if not _is_number(column):
        return False
    known = column.dropna()
    levels = known.nunique()
    return bool(levels >= SEARCHED and levels > 0.5 * len(known))


def _shared_by_trials(table: pd.DataFrame, replicate: str | None, searched: list[str]) -> bool:
    """Return whether a replicate is none, or one that trials at several points have in common."""
    if replicate is None:
        return True
    unit = codes(table, [replicate])
    return _number(unit, codes(table, searched)) > distinct(unit)


def _drawn(table: pd.DataFrame, name: Name) -> bool:
    """Return whether a setting of a search is a number of more values than a choice has."""
    column = table[name.column]
    return _is_setting(name) and _is_number(column) and column.nunique() > MOST_CHOICES


def _is_setting(name: Name) -> bool:
    """Return whether a name is a setting's for certain: by where it stands, or by a word of it."""
    told = name.namespace == "setting" or bool(set(name.words) & SETTING_WORDS)
    return name.role == "setting" and told


def _said(name: Name, known: Collection[str]) -> Name:
    """Return a name with what the tracker says of it: that it is a result."""
    if name.role == "metric" and name.namespace != "setting":
        return name
    if name.column in known:
        return replace(name, role="metric", kind="score", group=name.words)
    if name.namespace == "result" and name.role == "setting":
        return replace(name, role="metric", kind="score", group=name.words)
    return name


def _may_be_result(column: pd.Series, name: Name) -> bool:
    """Return whether a number that no name tells of may be a result: it hardly ever recurs."""
    if name.role != "setting" or _is_setting(name) or not _is_number(column):
        return False
    known = column.dropna()
    return bool(len(known) and pd.api.types.is_float_dtype(column) and is_searched(column))


def _repetition(table: pd.DataFrame, names: Iterable[Name], factors: list[str]) -> str | None:
    """Return a column that numbers the runs of each configuration, by its name and by its rows."""

    def numbers(name: Name) -> bool:
        column = table[name.column]
        if column.isna().any() or not _is_number(column) or (column % 1 != 0).any():
            return False
        others = [factor for factor in factors if factor != name.column]
        if not others:
            return False
        arm = codes(table, others)
        value = codes(table, [name.column])
        pairs = _number(arm, value)
        return pairs == len(table) and distinct(value) <= len(table) / 2 < pairs

    return _first(names, REPETITIONS, numbers, whole=True)


def _who(table: pd.DataFrame, names: Iterable[Name], factors: list[str]) -> str | None:
    """Return the column of speakers, patients or the like, most of them tried with each arm."""

    def crossed(name: Name) -> bool:
        others = [factor for factor in factors if factor != name.column]
        if not others or table[name.column].isna().any():
            return False
        arm = codes(table, others)
        pairs = _number(arm, codes(table, [name.column]))
        return bool(pairs > distinct(arm) * table[name.column].nunique() / 2)

    return _first([n for n in names if n.column in factors], WHO, crossed, whole=True)


def _names_runs(table: pd.DataFrame, column: str, run: str) -> bool:
    """Return whether a column of text holds the names of other runs, such as that of a copy."""
    named = table[column].dropna()
    if _is_number(named) or named.empty or named.iloc[0] not in set(table[run]):
        return False
    return set(table[column].dropna()) <= set(table[run].dropna())


def _numbers_parts(name: Name) -> bool:
    """Return whether a name says that a column numbers parts of runs, such as episodes."""
    words = set(name.words)  # steps, of which a run has a number, is a setting
    return (
        name.namespace != "setting" and bool(words) and words <= PARTS - EPOCHS - REPETITION_WORDS
    )


def _one_row_each(table: pd.DataFrame, columns: list[str], part: str) -> bool:
    """Return whether runs have several parts, none of them twice."""
    run = distinct(codes(table, columns))
    return run <= len(table) / 2 and distinct(codes(table, [*columns, part])) == len(table)


def _sets(
    table: pd.DataFrame, names: Iterable[Name], factors: list[str], replicate: str
) -> tuple[str, ...]:
    """Return the data sets, and their splits, within which there are several replicates.

    Most of them hold several, and each other factor was varied within one and the same set.
    """

    def holds(name: Name) -> bool:
        sets = codes(table, [name.column])
        others = [factor for factor in factors if factor != name.column]
        if not others or table[name.column].isna().any():
            return False
        arm = codes(table, others)
        within = pd.DataFrame({"set": sets, "arm": arm, "seed": codes(table, [replicate])})
        seeds = within.groupby("set")["seed"].nunique()
        arms = within.groupby("set")["arm"].nunique()
        shared = within.groupby("arm")["set"].nunique()
        return all((often > 1).mean() > 0.5 for often in (seeds, arms, shared))

    inner = [n for n in names if n.column in factors]
    outer = _first(inner, SETS, holds, whole=True)
    if outer is None:
        return ()
    split = _first([n for n in inner if n.column != outer], WITHIN_SETS, lambda n: True, whole=True)
    return (outer, split) if split else (outer,)


def _candidates(
    table: pd.DataFrame, names: list[Name], factors: list[str], run: str | None
) -> tuple[str, ...]:
    """Return what may be the replicate, each with what speaks for it or against."""
    found = []
    arm = codes(table, factors) if factors else np.zeros(len(table), dtype=int)
    for name in names:
        column = table[name.column]
        if name.column in factors or name.role == "metric" or name.column == run:
            continue
        if _numbers_parts(name):  # no runs, and refused as their replicate
            continue
        values = distinct(codes(table, [name.column]))
        if set(name.words) & _REPEATS and values < 2:
            found.append(f"{name.column} (one value in all runs: no repeats)")
        elif column.notna().all() and 1 < values <= len(table) / 2:
            whole = not _is_number(column) or bool((column % 1 == 0).all())
            if whole and _number(arm, codes(table, [name.column])) > distinct(arm):
                found.append(f"{name.column} (differs within configurations)")
    if run is not None:
        found.append(f"{run} (each run a unit of its own: nothing is paired)")
    return tuple(found)


def unnamed_settings(table: pd.DataFrame, named: Collection[str]) -> list[str]:
    """Return the columns that vary, may be factors by their names and cells, and are not named."""
    rest = [
        column
        for column in table
        if column not in named
        and not holds_lists(table[column])
        and len(table[column].dropna().unique()) > 1
    ]
    return [
        column
        for column in rest
        if (name := read_name(column)).role in ("setting", "metric")
        and not (name.role == "metric" and _is_metric(table[column], name))
        and _no_factor(table[column], name) is None
    ]


def holds_lists(column: pd.Series) -> bool:
    """Return whether a cell of a column holds several values."""
    return column.dtype == object and bool(column.map(is_nested).any())


def is_set(column: str) -> bool:
    """Return whether a column is called as data sets, tasks or environments are."""
    return " ".join(w.removesuffix("s") for w in read_name(column).words) in SETS


def numbers_alone(column: str) -> bool:
    """Return whether a column's name says that it numbers runs, and of no seed or fold."""
    words = {word.removesuffix("s") for word in read_name(column).words}
    return not words & _SHARED and bool(words & _REPEATS or words & set(REPETITIONS))


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
    # Whole numbers with a gap among them are floats in a table.
    is_float = pd.api.types.is_float_dtype(column) and bool((column.dropna() % 1 != 0).any())
    if is_float and name.role == "metric":
        return "a score"
    if not _is_number(column) and column.dropna().astype(str).str.match(_NO_LEVEL).mean() > 0.5:
        return "times or paths"
    levels = column.nunique()
    often = len(column) / levels
    if often < 2 or (_is_number(column) and levels > MOST_LEVELS and (is_float or often < 5)):
        return "too many different values"
    return None


def _aliases(table: pd.DataFrame, factors: list[str], replicate: str | None) -> dict[str, str]:
    """Return the factors that others stand for, with the reason."""
    code = {name: codes(table, [name]) for name in factors}
    found: dict[str, str] = {}
    first: dict[bytes, str] = {}
    seed = codes(table, [replicate]) if replicate else None
    if seed is not None and distinct(seed) > len(table) / 2:
        seed = None  # a seed of its own for every run, which tells all of it
    for name in factors:
        if seed is not None and _number(code[name], seed) == distinct(seed) > 1:
            found[name] = f"goes with {replicate}"
            continue
        # Codes are counted by first appearance: those of one partition are equal.
        other = first.setdefault(code[name].tobytes(), name)
        if other != name:
            found[name] = f"goes with {other}"
    for name in factors if len(factors) <= MOST_COMBINED else []:
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
