"""A log → the runs of a loop, in its order.

In: what `read_runs` gives, and which column is what, or nothing of it. Out: the runs as the gate
takes them, and what was guessed or left out, a sentence each. Promised: a run that crashed or has
no score counts for nothing, and is counted in a sentence.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from uphold.errors import InputError, nearest
from uphold.format import counted
from uphold.gate.replay import Run
from uphold.run_states import UNFINISHED, called_states, state_words
from uphold.runlog.columns import Columns, sort_columns
from uphold.runlog.naming import read_name
from uphold.runlog.proposed_metrics import chosen_metrics
from uphold.runlog.sources import read_runs
from uphold.statistics.scores import level_text, plain

MOST_NAMED = 8
SHARED = frozenset({"seed", "rng", "fold", "split", "dataset", "task", "benchmark", "env"})
"""Words for what makes runs of several arms alike; a number of the run is none."""


@dataclass(frozen=True)
class LoopLog:
    """The runs of a loop.

    Attributes
    ----------
    runs : list of Run
    score, arm : str
        The columns of scores and of arms.
    seeds : tuple of str
        Those of seeds, where arms share them.
    lower : bool
        Whether lower scores are better.
    notes : list of str
        What was guessed or left out.
    """

    runs: list[Run]
    score: str
    arm: str
    seeds: tuple[str, ...]
    lower: bool
    notes: list[str]


def read_loop(
    path: Path,
    arms: Iterable[str],
    score: str | None = None,
    by: str | None = None,
    seed: str | None = None,
    lower: bool | None = None,
) -> LoopLog:
    """Return the runs of a loop.

    Parameters
    ----------
    path : Path
        A log: whatever `read_runs` reads, its rows in the order of the runs.
    arms : iterable of str
        The baseline and the candidate; the first must have runs.
    score, by, seed : str, optional
        The columns of scores, arms and seeds; else they are told by their names and cells.
    lower : bool, optional
        Whether lower is better; else the name of the score says so.

    Raises
    ------
    InputError
        What is asked for is not there, or cannot be told.
    """
    found = read_runs(path)
    table = found.table
    for name in filter(None, (score, by, seed)):
        if name not in table:
            raise InputError(f"{path} has no column {name!r}.{nearest(name, table.columns)}")
    baseline, candidate = arms
    arm = by or _arm_column(table, baseline, candidate, path)
    columns = sort_columns(table)
    score = score or _score_column(columns, arm, path)
    notes = [f"scores are read from {score}, arms from {arm}", *found.notes]
    names = table[arm].map(lambda cell: level_text(plain(cell)) if pd.notna(cell) else "")
    if baseline not in set(names):
        raise InputError(f"{path}: no run of {baseline!r} in {arm}.{nearest(baseline, names)}")
    values = _numbers(table, score, path)
    crashed = _crashed(table)
    used = values.notna() & ~crashed & (names != "")
    if without := int((~used).sum()):
        notes.append(f"{counted(without, 'run')} left out: crashed, or without a score")
    told = [n for n in columns.replicates if n not in (arm, score) and _says_what_is_shared(n)]
    named = (seed,) if seed else tuple(told)
    seeds = _together(table, named)
    shared = bool(named) and _shared(names[used], seeds[used])
    if shared:
        notes.append(f"runs with one {' and '.join(named)} are compared with each other")
        if alone := int(_without(table, named)[used].sum()):
            notes.append(
                f"{counted(alone, 'run')} without a {' and '.join(named)}: nothing is shared with"
                " others, so that nothing is learnt of a gain"
            )
    lower = _lower(found.better, score) if lower is None else lower
    sign = -1.0 if lower else 1.0
    runs = [
        Run(name, sign * value, of_seed if shared else "")
        for name, value, of_seed in zip(names[used], values[used], seeds[used], strict=True)
    ]
    return LoopLog(runs, score, arm, named if shared else (), lower, notes)


def _arm_column(table: pd.DataFrame, baseline: str, candidate: str, path: Path) -> str:
    """Return the one column in which both arms stand, or the first one alone."""
    texts = {
        name: set(table[name].dropna().map(lambda cell: level_text(plain(cell))))
        for name in table
        if not table[name].map(lambda cell: isinstance(cell, list | dict)).any()
    }
    for wanted in ({baseline, candidate}, {baseline}):
        found = [name for name, cells in texts.items() if wanted <= cells]
        if len(found) == 1:
            return str(found[0])
        if found:
            raise InputError(
                f"{path}: {' and '.join(sorted(wanted))} stand in several columns"
                f" ({', '.join(found[:MOST_NAMED])}): say with --by which one names the arms."
            )
    raise InputError(
        f"{path}: no column holds {baseline!r}: give the arms as the log writes them, and with --by"
        f" the column. Columns: {', '.join(map(str, list(table)[:MOST_NAMED]))}."
    )


def _score_column(columns: Columns, arm: str, path: Path) -> str:
    found = [name.column for name in chosen_metrics(columns.metrics) if name.column != arm]
    if not found:
        raise InputError(f"{path}: no column looks like a score: name it with --score.")
    return found[0]


def _numbers(table: pd.DataFrame, score: str, path: Path) -> pd.Series:
    values = pd.to_numeric(table[score], errors="coerce")
    wrong = values.isna() & table[score].notna() & (table[score].astype(str).str.strip() != "")
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise InputError(
            f"{path}, row {row + 1}: the column {score!r} holds {table[score].iloc[row]!r:.60},"
            " which is no number. Leave the cell empty where there is no score."
        )
    return values.replace([np.inf, -np.inf], np.nan).astype(float)


def _crashed(table: pd.DataFrame) -> pd.Series:
    crashed = pd.Series(False, index=table.index)
    for name in table:
        if called_states(str(name)):
            crashed |= np.isin(state_words(table[name]), list(UNFINISHED))
    return crashed


def _says_what_is_shared(name: str) -> bool:
    """Whether a column holds what runs can share, and no number of a run."""
    return bool(SHARED & {word.removesuffix("s") for word in read_name(name).words})


def _together(table: pd.DataFrame, names: Sequence[str]) -> pd.Series:
    """Return what runs share: a seed, or a seed of a data set; without one each has its own."""
    texts = [table[name].astype(str) for name in names]
    if not texts:
        return pd.Series("", index=table.index)
    rows = pd.Series([f"row {row + 1}, without a seed" for row in range(len(table))], table.index)
    return texts[0].str.cat(texts[1:], sep=" ").mask(_without(table, names), rows)


def _without(table: pd.DataFrame, names: Sequence[str]) -> pd.Series:
    return table[list(names)].isna().any(axis=1)


def _shared(names: pd.Series, seeds: pd.Series) -> bool:
    """Whether some seed was used by several arms, and seeds differ at all."""
    pairs = pd.DataFrame({"arm": names, "seed": seeds}).drop_duplicates()["seed"]
    return bool(pairs.duplicated().any() and (pairs != pairs.iloc[0]).any())


def _lower(better: Mapping[str, str], score: str) -> bool:
    told = better.get(score)
    return told == "lower" if told else read_name(score).lower_is_better
