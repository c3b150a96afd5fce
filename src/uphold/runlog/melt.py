"""A table with a column a run → one with a row a run."""

import re
from collections import defaultdict
from collections.abc import Iterable

import numpy as np
import pandas as pd

from uphold.claims.shaping import PLACE, Melt
from uphold.errors import InputError
from uphold.runlog.cells import typed


def melted(table: pd.DataFrame, melt: Melt, source: str) -> pd.DataFrame:
    """Return a table in which the columns of a spec's ``melt`` are rows.

    A run without any of its scores was not run, and gets no row. Rows keep the index of the row
    that they come of.

    Raises
    ------
    InputError
        No column is called as said, one that is to be made is there, or one would come of two.
    """
    found: dict[str, dict[str, str]] = {}
    for metric, pattern in melt.columns.items():
        found[metric] = {place: name for name, place in places(table.columns, pattern)}
        if not found[metric]:
            raise InputError(f"{source} has no columns {pattern!r} (melt.columns.{metric}).")
    taken = {name for columns in found.values() for name in columns.values()}
    beside = [name for name in table.columns if name not in taken]
    for name in (melt.into, *melt.columns):
        if name in beside:
            raise InputError(f"{source} has a column {name!r} already: call what melt makes else.")
    if melt.into in melt.columns:
        raise InputError(f"{source}: melt makes two columns {melt.into!r}. Rename one.")
    runs = list(dict.fromkeys(place for columns in found.values() for place in columns))
    numbers = dict(zip(runs, typed(runs).tolist(), strict=True))
    parts = []
    for run in runs:
        scores = {
            metric: table[columns[run]] if run in columns else np.nan
            for metric, columns in found.items()
        }
        part = table[beside].assign(**{melt.into: numbers[run]}, **scores)
        parts.append(part[part[list(found)].notna().any(axis=1)])
    if not (made := pd.concat(parts)).empty:
        return made.sort_index(kind="stable")
    raise InputError(f"{source}: the columns that melt names are empty.")


def places(names: Iterable[str], pattern: str) -> list[tuple[str, str]]:
    """Return the names that a pattern fits, each with what stands in the place of its star."""
    before, _, behind = pattern.partition(PLACE)
    form = re.compile(re.escape(before) + "(.+)" + re.escape(behind))
    return [(name, m.group(1)) for name in names if (m := form.fullmatch(name))]


_REPEAT = re.compile(
    r"(?P<before>.*?)(?P<open>[\s_./(\[-]*)(?P<word>seed|run|rep|repeat|replicate|repetition|fold"
    r"|trial|split)(?P<gap>[\s_#=:.-]*)(?P<number>\d+)(?P<close>[)\]]?)(?P<behind>([\s_./-].*)?)",
    re.IGNORECASE,
)


def wide_columns(table: pd.DataFrame) -> Melt | None:
    """Return how a table whose columns look like runs would be melted, None where none do.

    They are numbers, two or more that differ in one number behind a word for a repetition.
    """
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name in table.columns:
        match = _REPEAT.fullmatch(str(name))
        if match and pd.api.types.is_numeric_dtype(table[name]):
            start, end = match.span("number")
            found[name[:start] + PLACE + name[end:], match["word"].lower()].append(name)
    several = {key: names for key, names in found.items() if len(names) > 1}
    if not several:
        return None
    word = next(iter(several))[1]
    patterns = [pattern for pattern, w in several if w == word]
    columns = {_score(pattern): pattern for pattern in patterns}
    into = word
    while into in table.columns or into in columns:
        into += "_number"
    return Melt(into=into, columns=columns) if len(columns) == len(patterns) else None


def _score(pattern: str) -> str:
    """Return what the scores in some columns are called, ``score`` where nothing says."""
    match = _REPEAT.fullmatch(pattern.replace(PLACE, "0"))
    rest = [match["before"], match["behind"]] if match else []
    return "_".join(part for p in rest if (part := p.strip(" _./-([)]"))) or "score"
