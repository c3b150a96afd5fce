"""A log → the runs of a loop, in its order.

In: what `read_runs` gives, and which column is what, or nothing of it. Out: the runs as the gate
takes them, and what was guessed or left out, a sentence each. Promised: a run that crashed or has
no score counts for nothing, and is counted in a sentence.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from uphold.errors import InputError, nearest
from uphold.format import counted
from uphold.gate.replay import LoopRun
from uphold.run_states import UNFINISHED, called_states, state_words
from uphold.runlog.columns import Columns, is_set, sort_columns
from uphold.runlog.histories import history_of, kept
from uphold.runlog.naming import read_name
from uphold.runlog.proposed_metrics import chosen_metrics
from uphold.runlog.proposed_rows import Proposed, all_runs, proposed_rows
from uphold.runlog.scales import scales_of
from uphold.runlog.score_cells import no_number, score_numbers
from uphold.runlog.sources import read_runs
from uphold.statistics.scores import (
    EPOCHS,
    ITEMS,
    REPETITIONS,
    codes,
    differs_within,
    level_text,
    plain,
)

MOST_NAMED = 8
SHARED = frozenset({"seed", "rng", "fold", "split", "dataset", "task", "benchmark", "env"})
"""Words for what makes runs of several arms alike; a number of the run is none."""
STEPS = EPOCHS - REPETITIONS | {"episode", "timestep"}
"""Words for a part of a training."""


@dataclass(frozen=True)
class LoopLog:
    """The runs of a loop.

    Attributes
    ----------
    runs : list of LoopRun
    score, arm : str
        The columns of scores and of arms.
    seeds : tuple of str
        Those of seeds, where arms share them.
    lower : bool
        Whether lower scores are better.
    notes : list of str
        What was guessed or left out.
    lost : Counter of str
        How many runs of each arm crashed or have no score.
    """

    runs: list[LoopRun]
    score: str
    arm: str
    seeds: tuple[str, ...]
    lower: bool
    notes: list[str]
    lost: Counter[str] = field(default_factory=Counter)


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
        What is asked for is not there, or cannot be told, or a row is a part of a run.
    """
    it, table, notes = _read(path, (score, by, seed))
    arm = by or _arm_column(table, arms, path)
    table, said = _ends(table, arm, path)
    _whole_runs(table, arm, path)
    score = score or _score_column(sort_columns(it.table, it.better), arm, path, it.read)
    names = table[arm].map(lambda cell: level_text(plain(cell)) if pd.notna(cell) else "")
    notes = [f"scores are read from {score}, arms from {arm}", *notes, *said]
    notes += _not_yet(names, arms, path)
    values = _numbers(table, score, path)
    used = values.notna() & ~_crashed(table) & (names != "")
    if without := int((~used).sum()):
        notes.append(f"{counted(without, 'run')} left out: crashed, or without a score")
    named = (seed,) if seed else _seed_columns(table, arm, score)
    seeds, said = _seeds(table[used], names[used], values[used], named, path)
    lower = _lower(it.better, score) if lower is None else lower
    sign = -1.0 if lower else 1.0
    runs = [
        LoopRun(name, sign * value, of_seed)
        for name, value, of_seed in zip(names[used], values[used], seeds, strict=True)
    ]
    shared = named if said else ()
    return LoopLog(runs, score, arm, shared, lower, [*notes, *said], Counter[str](names[~used]))


def _read(path: Path, named: Sequence[str | None]) -> tuple[Proposed, pd.DataFrame, list[str]]:
    """Return a log as it is proposed to be read, all its runs, and what is to be said of them.

    ``named`` are the columns that are asked for by their names.
    """
    found = read_runs(path)
    it = proposed_rows(found.table, found.better)
    table, shaped = all_runs(it, named)
    for name in filter(None, named):
        if name not in table:
            raise InputError(f"{path} has no column {name!r}.{nearest(name, table.columns)}")
    return it, table, list(dict.fromkeys([*found.notes, *it.read, *shaped]))


def _ends(table: pd.DataFrame, arm: str, path: Path) -> tuple[pd.DataFrame, list[str]]:
    """Return one row a run of a table of histories, and which one that is."""
    if not (history := history_of(table)):
        return table, []
    how, of_run = history
    if of_run == [arm]:
        raise InputError(_parts(path, [arm], how.along))
    which = "last" if how.keep == "last" else "best on validation data"
    said = f"of the rows of a run ({', '.join(of_run)}) the {which} by {how.along} is read"
    return kept(table, codes(table, of_run), how), [said]


def _not_yet(names: pd.Series, arms: Iterable[str], path: Path) -> list[str]:
    """Return what is to be said of a candidate without runs; raise where the baseline has none."""
    baseline, candidate = arms
    if baseline not in set(names):
        near = nearest(baseline, names)
        raise InputError(f"{path}: no run of {baseline!r} in {names.name}.{near}")
    if candidate in set(names):
        return []
    return [f"no run is called {candidate!r} yet.{nearest(candidate, names)}"]


def _seeds(
    table: pd.DataFrame, names: pd.Series, scores: pd.Series, named: Sequence[str], path: Path
) -> tuple[pd.Series, list[str]]:
    """Return what each run shares with others, nothing where arms share none, and what to say."""
    seeds = _together(table, named)
    if not named or not _shared(names, seeds):
        return pd.Series("", index=table.index), []
    _one_scale(scores, table, named, path)
    what = " and ".join(named)
    said = [f"runs with one {what} are compared with each other"]
    if alone := int(_without(table, named).sum()):
        said.append(
            f"{counted(alone, 'run')} without a {what}: nothing is shared with others, so that"
            " nothing is learnt of a gain"
        )
    return seeds, said


def _seed_columns(table: pd.DataFrame, arm: str, score: str) -> tuple[str, ...]:
    found = sort_columns(table).replicates
    return tuple(n for n in found if n not in (arm, score) and _says_what_is_shared(n))


def _whole_runs(table: pd.DataFrame, arm: str, path: Path) -> None:
    """Raise where rows are clips, episodes or the like, of which runs have several."""
    shared = [str(name) for name in table if name != arm and _says_what_is_shared(str(name))]
    for name in table:
        word = str(name).lower().removesuffix("s")
        # where training stopped is called an epoch too, and is another in each run of an arm
        within = [arm] if word in ITEMS else [arm, *shared]
        if name == arm or word not in STEPS | ITEMS or (word in STEPS and not shared):
            continue
        if differs_within(table, name, within):
            raise InputError(_parts(path, within, name))


def _one_scale(scores: pd.Series, table: pd.DataFrame, shared: Sequence[str], path: Path) -> None:
    """Raise where data sets score on scales of their own: the noise is not one for all of them."""
    for name in filter(is_set, shared):
        if scales := scales_of(scores, table[name][scores.index]):
            raise InputError(
                f"{path}: {scores.name} is {scales.said()}, so that all that is decided is decided"
                f" by the {name} of the largest scores. Give a log of one {name}, or of scores on"
                " one scale, such as each relative to the baseline's."
            )


def _parts(path: Path, within: Sequence[str], name: str) -> str:
    """Return what is wrong where rows are parts of runs, and the ways out."""
    return (
        f"{path}: rows of one {' and '.join(within)} differ in {name!r}, so that each looks like a"
        " part of a run, and parts are no repeats. Give a log of one row a run, such as the mean"
        f" over {name}, or leave {name!r} out if each row is a training of its own."
    )


def _arm_column(table: pd.DataFrame, arms: Iterable[str], path: Path) -> str:
    """Return the one column in which both arms stand, or the first one alone."""
    baseline, candidate = arms
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


def _score_column(columns: Columns, arm: str, path: Path, said: Sequence[str]) -> str:
    """Return the column that a proposed spec has for its primary metric."""
    found = [name.column for name in chosen_metrics(columns.metrics) if name.column != arm]
    if not found:
        why = f" {said[0]}" if said else ""
        raise InputError(f"{path}: no column looks like a score: name it with --score.{why}")
    return found[0]


def _numbers(table: pd.DataFrame, score: str, path: Path) -> pd.Series:
    values = score_numbers(table[score])
    if values is None and (wrong := no_number(table[score])):
        raise InputError(
            f"{path}, row {wrong.row + 1}: the column {score!r} holds"
            f" {table[score].iloc[wrong.row]!r:.60}, {wrong.why}"
        )
    values = pd.to_numeric(table[score], errors="coerce") if values is None else values
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
