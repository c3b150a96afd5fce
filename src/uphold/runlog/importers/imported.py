"""Runs as a tracker kept them, all trackers alike.

A table, one row a run, whose columns have the same names whatever kept the runs::

    run           what the tracker tells runs apart by
    name          what it calls them, where that is something else
    group         what it groups them by: a sweep, an experiment, a parent run
    state         finished, failed, running, killed or pruned
    config.<…>    settings, nested ones with dots
    metrics.<…>   results: the last value of each
    tags.<…>      all else that was noted of a run

A setting that was given as None is the level "None"; one that a run does not have is missing. A
column that no run fills is left out.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

import pandas as pd

from uphold.claims.numeric import Scale
from uphold.errors import InputError
from uphold.format import count, counted
from uphold.runlog.table_limits import MOST_COLUMNS

Item = TypeVar("Item")
Found = TypeVar("Found")
State = Literal["finished", "failed", "running", "killed", "pruned"]
SETTING, RESULT, TAG = "config.", "metrics.", "tags."
LEADING = ("run", "name", "group", "state")
NONE = "None"
MOST_NOTES = 5


@dataclass(frozen=True)
class Imported:
    """Runs, and what was told of them beside the table.

    Attributes
    ----------
    table : DataFrame
        One row a run.
    format : str
        What they were read as, such as ``"W&B, offline runs"``.
    better : mapping of str to {"higher", "lower"}
        By column, which way a result is better, where the tracker says.
    notes : tuple of str
        What was not read or had to be guessed, a sentence each.
    scales : mapping of str to {"log", "linear"}
        By column, the scale on which a search drew a number, where the tracker says.
    damaged : int
        How many runs cannot be read and are no rows; the notes name them.
    """

    table: pd.DataFrame
    format: str
    better: Mapping[str, Literal["higher", "lower"]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    scales: Mapping[str, Scale] = field(default_factory=dict)
    damaged: int = 0


@dataclass(frozen=True)
class Damaged:
    """A run that cannot be read, and why, a sentence that names its file and the way out."""

    why: str


Row = Mapping[str, Any] | Damaged


def or_damaged(
    read: Callable[[Item, list[str]], Found], item: Item, notes: list[str]
) -> Found | Damaged:
    """Return what a function reads of one run, or why it cannot be read; see `each` and `gathered`.

    What it noted of a run that it cannot read is forgotten.
    """
    told: list[str] = []
    try:
        found = read(item, told)
    except InputError as error:
        return Damaged(str(error))
    notes += told
    return found


def left_out(damaged: Sequence[Damaged], others: int, path: Path) -> list[str]:
    """Return what to note of runs that cannot be read, each of the first by its file.

    Raises
    ------
    InputError
        There are no others.
    """
    if not damaged:
        return []
    if not others:
        raise InputError(damaged[0].why)
    many = len(damaged)
    are = "is" if many == 1 else "are"
    notes = [
        f"Of {counted(many + others, 'run')} in {path} {count(many)} cannot be read and {are} left"
        " out. Where damage goes with what was run, as where a run was killed, those that are left"
        " are no fair sample: mend these, or say so beside the claims.",
        *(one.why for one in damaged[:MOST_NOTES]),
    ]
    if many > MOST_NOTES:
        notes.append(f"{count(many - MOST_NOTES)} more cannot be read.")
    return notes


def only(found: Sequence[Path], path: Path, store: str, tracker: str) -> Path:
    """Return the one store of a tracker's that is at a path.

    Raises
    ------
    InputError
        There is none, or there are several.
    """
    if len(found) > 1:
        names = ", ".join(one.name for one in found)
        raise InputError(f"{path} holds {len(found)} {store}s of {tracker} ({names}): give one.")
    if not found:
        raise InputError(f"{path} is no {store} of {tracker}'s.")
    return found[0]


def table_of(rows: Iterable[Mapping[str, Any]], source: str) -> pd.DataFrame:
    """Return the table of some runs, its columns in the order of this module's.

    Parameters
    ----------
    rows : iterable of mapping
        A run each, by column; see `settings`.
    source : str
        For messages.

    Raises
    ------
    InputError
        There is no run, two have one name in ``run``, or names are too many for columns.
    """
    given = list(rows)
    refuse_width(set().union(*given), source)
    return arranged(pd.DataFrame(given).infer_objects(), source)


def refuse_width(names: Collection[str], source: str) -> None:
    """Raise `InputError` where runs note more names than a table of runs has columns."""
    if len(names) > MOST_COLUMNS:
        one = max((name for name in names if "." in name), default=max(names))
        raise InputError(
            f"{source} notes {count(len(names))} names of its runs, such as {one!r:.60}, and"
            f" a log has at most {count(MOST_COLUMNS)} columns: export those that are meant as CSV"
            " or parquet, one row a run."
        )


def arranged(table: pd.DataFrame, source: str) -> pd.DataFrame:
    """Return a table of some runs, its columns in the order of this module's; see `table_of`."""
    if table.empty:
        raise InputError(f"{source} holds no runs: give the file or the folder that has some.")
    table = table.loc[:, table.notna().any()]
    if "run" in table and (twice := table["run"][table["run"].duplicated()].tolist()):
        raise InputError(
            f"{source} holds two runs called {str(twice[0])!r}: remove one, or copy the runs that"
            " are meant into a folder of their own."
        )
    first = [name for name in LEADING if name in table]
    kinds = [[n for n in table if n.startswith(kind)] for kind in (SETTING, RESULT, TAG)]
    named = [*first, *(n for names in kinds for n in names)]
    return table[[*named, *(n for n in table if n not in named)]]


def settings(values: Mapping[str, Any], kind: str = SETTING) -> dict[str, Any]:
    """Return nested values by column: ``{"optimizer": {"lr": 1}}`` as ``config.optimizer.lr``.

    None becomes the level "None", a list the text of it in JSON's manner.
    """
    found: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, Mapping) and value:
            found |= settings(value, f"{kind}{key}.")
        else:
            found[f"{kind}{key}"] = level(value)
    return found


def level(value: Any) -> Any:
    """Return a setting's value as a level: None as "None", a list as its text."""
    if value is None:
        return NONE
    if isinstance(value, list | tuple | Mapping):
        return str(list(value) if isinstance(value, tuple) else value)
    return value


def gathered(found: Sequence[Row], path: Path, form: str, notes: Sequence[str]) -> Imported:
    """Return runs that were found one by one, of which some may have been left out.

    Parameters
    ----------
    found : sequence of mapping or Damaged
        See `table_of`; and runs that cannot be read.
    path : Path
        Where they were looked for.
    form : str
        What they were read as.
    notes : sequence of str
        What was left out.

    Raises
    ------
    InputError
        As of `table_of`; where no run is left it says why the first one is not.
    """
    rows = [row for row in found if not isinstance(row, Damaged)]
    told = left_out([row for row in found if isinstance(row, Damaged)], len(rows), path)
    if not rows and notes:
        raise InputError(
            f"{path} holds no run that can be read: give a folder with others. {notes[0]}"
        )
    told += notes[:MOST_NOTES]
    if len(notes) > MOST_NOTES:
        told.append(f"The like holds for {count(len(notes) - MOST_NOTES)} more.")
    return Imported(
        table_of(rows, str(path)),
        form,
        notes=(*told, *_lacking(rows)),
        damaged=len(found) - len(rows),
    )


def grouped(rows: Sequence[Row]) -> Sequence[Row]:
    """Return runs without their group where they all have the same."""
    if len({row["group"] for row in rows if not isinstance(row, Damaged)}) > 1:
        return rows
    return [
        row if isinstance(row, Damaged) else {k: v for k, v in row.items() if k != "group"}
        for row in rows
    ]


def _lacking(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield what to note of finished runs without settings or results, where others have some."""
    for kind, what in ((SETTING, "setting"), (RESULT, "result")):
        without = [row for row in rows if not any(name.startswith(kind) for name in row)]
        ended = [row["run"] for row in without if row.get("state") in (None, "finished")]
        if ended and len(without) < len(rows):
            yield (
                f"{counted(len(ended), 'run')} without any {what} (the first: {ended[0]}): look"
                " whether a file is missing or empty, or leave such runs out by `rows:`."
            )
