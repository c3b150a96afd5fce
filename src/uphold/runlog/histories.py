"""A table whose rows are epochs or steps of runs → one with a row a run."""

from collections.abc import Iterable
from typing import Literal

import numpy as np
import pandas as pd

from uphold.claims.shaping import Best, History
from uphold.claims.spec import Spec
from uphold.errors import InputError
from uphold.runlog.columns import RUNS, replicate_by_name
from uphold.runlog.naming import Name, read_name
from uphold.statistics.scores import EPOCHS, REPETITIONS, codes, distinct

ALONG = EPOCHS - {"batch"}
_BESIDE = frozenset({"global", "train", "trainer", "training", "current", "env", "time"})


def last_or_best(table: pd.DataFrame, spec: Spec, history: History, source: str) -> pd.DataFrame:
    """Return the row of each run that a spec's ``history`` keeps.

    A run is what has one name in ``run``, or one configuration and replicate where that is not
    named. Rows keep their index.

    Raises
    ------
    InputError
        A run has two rows at one step, a step is no number, or rows are chosen by a test score.
    """
    step = pd.to_numeric(table[history.along], errors="coerce")
    if step.isna().any():
        row = table.index[int(np.flatnonzero(step.isna())[0])]
        raise InputError(
            f"{source}, row {row + 1}: {history.along!r} (history.along) holds no number."
        )
    of_run = [spec.run] if spec.run else [*spec.factors, *spec.replicate]
    run = codes(table, of_run)
    twice = pd.DataFrame({"run": run, "step": step.to_numpy()}).duplicated().to_numpy()
    if twice.any():
        row = table.index[int(np.flatnonzero(twice)[0])]
        raise InputError(
            f"{source}, row {row + 1}: a second row at one {history.along!r} of one run, which is"
            f" told by {', '.join(of_run)}. Name the column that tells runs apart under `run`, or"
            " all that they differ in under `factors` and `replicate`."
        )
    if history.keep != "last":
        _refuse_chosen_on_test(spec, history.keep.column, source)
        known = table[history.keep.column].notna().to_numpy()
        if without := sorted(set(run.tolist()) - set(run[known].tolist())):
            row = table.index[int(np.flatnonzero(run == without[0])[0])]
            raise InputError(
                f"{source}, row {row + 1}: the run that begins here has no"
                f" {history.keep.column!r}, by which history keeps its best row. Leave it out under"
                " `rows`, or keep the last row."
            )
    return kept(table.assign(**{history.along: step}), run, history)


def kept(table: pd.DataFrame, run: np.ndarray, history: History) -> pd.DataFrame:
    """Return the row that is kept of each run, shape (rows,) of numbers.

    Of the last row each column holds what was known of it last: trackers write test scores and
    losses in rows of their own.
    """
    place = np.lexsort((table[history.along].to_numpy(), run))
    ordered, run = table.iloc[place].drop(columns=history.along), run[place]
    if history.keep == "last":
        last = ordered.index[np.flatnonzero(np.r_[run[1:] != run[:-1], True])]
        return ordered.groupby(run).last().set_index(last).sort_index()
    by = pd.to_numeric(ordered[history.keep.column], errors="coerce").reset_index(drop=True)
    best = (by if history.keep.highest else -by).dropna().groupby(run[by.notna()]).idxmax()
    return ordered.iloc[best.to_numpy()].sort_index()


def history_of(table: pd.DataFrame) -> tuple[History, list[str]] | None:
    """Return how a table of epochs or steps would be read, with the columns that tell its runs.

    The rows of a run differ in such a column, and no two of a run are equal in it. Where no name
    of a run says which rows are one, most runs begin at the same step: where training stopped,
    which may be called an epoch as well, is another in each.
    """
    names = [read_name(column) for column in table]
    seeds = replicate_by_name(table, names)
    for along in (n for n in names if _counts_steps(n)):
        column = table[along.column]
        if not pd.api.types.is_numeric_dtype(column) or column.isna().any():
            continue
        for columns in _telling_runs(names, along.column):
            by_name = len(columns) == 1 and " ".join(read_name(columns[0]).words) in RUNS
            if not by_name and not seeds and along.words[-1] in REPETITIONS:
                continue
            run = codes(table, columns)
            steps = pd.Series(column.to_numpy()).groupby(run)
            if distinct(run) > len(table) / 2 or distinct(
                codes(table, [*columns, along.column])
            ) < len(table):
                continue
            if by_name or (steps.min() == steps.min().mode()[0]).mean() > 0.5:
                return History(along=along.column, keep=_keep(table, names, run)), columns
    return None


def _counts_steps(name: Name) -> bool:
    last = name.words[-1:] and name.words[-1].removesuffix("s")
    return last in ALONG and set(name.words[:-1]) <= _BESIDE


def _telling_runs(names: list[Name], along: str) -> Iterable[list[str]]:
    """Yield what may tell runs apart: a name of theirs, or else all of their settings."""
    others = [n for n in names if n.column != along]
    for called in RUNS:
        yield from ([n.column] for n in others if " ".join(n.words) == called)
    settings = [n.column for n in others if n.role == "setting" and not _counts_steps(n)]
    if settings:
        yield settings


def _keep(table: pd.DataFrame, names: list[Name], run: np.ndarray) -> Literal["last"] | Best:
    """Return the best row by a column of validation data, where there are test scores beside it.

    Where there are none, what would be chosen by is what is reported.
    """
    scores = [n for n in names if n.role == "metric" and n.namespace != "setting"]
    tested = [n.column for n in scores if n.split == "test"]
    if not tested or any(table[column].notna().mean() < 0.5 for column in tested):
        return "last"  # and what was measured once is in no chosen row
    for n in sorted(scores, key=lambda n: n.lower_is_better):
        known = table[n.column].notna()
        if n.split == "validation" and set(run[known]) == set(run) and n.tells_direction:
            return Best(lowest=n.column) if n.lower_is_better else Best(highest=n.column)
    return "last"


def _refuse_chosen_on_test(spec: Spec, column: str, source: str) -> None:
    metric, name = spec.metrics.get(column), read_name(column)
    tested = metric.split == "test" if metric else {"test", "ood", "heldout"} & set(name.words)
    if tested:
        raise InputError(
            f"{source}: history keeps the best row by {column!r}, a test score: what is chosen by"
            " the score that is reported flatters every run. Choose by a column of validation"
            " data, or keep the last row. If it is validation data, say `split: validation` of it"
            " under metrics."
        )
