"""A table and a spec → a log.

Promised: every column that the spec names is there, every score is a number or missing, no level or
score holds several values, every row has a replicate, and no row is an epoch or an item of a run.
What is wrong is an `InputError` that names the row, the column and the nearest valid name.
"""

import itertools
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from uphold.claims.log import TRAINING_SET, Log
from uphold.claims.metric import Metric
from uphold.claims.spec import Spec
from uphold.errors import InputError, nearest
from uphold.format import a, several
from uphold.runlog.as_runs import as_runs
from uphold.runlog.columns import holds_lists, is_nested, unnamed_settings
from uphold.runlog.score_cells import score_numbers
from uphold.runlog.summaries import summaries
from uphold.statistics.scores import EPOCHS, ITEMS, Scores, differs_within


def make_log(table: pd.DataFrame, spec: Spec, source: str) -> Log:
    """Return the log of a table.

    Raises
    ------
    InputError
        The table does not fit the spec.
    """
    table = as_runs(table, spec, source)
    for place, name in _columns(spec):
        if name not in table.columns:
            raise InputError(
                f"{source} has no column {name!r} ({place}).{nearest(name, table.columns)}"
            )
    if both := [name for name in (*spec.factors, *spec.replicate) if name in spec.metrics]:
        role = "a replicate" if both[0] in spec.replicate else "a factor"
        raise InputError(f"{source}: {both[0]!r} is {role} and cannot be a metric as well.")
    if twice := [name for i, name in enumerate(spec.factors) if name in spec.factors[:i]]:
        raise InputError(f"{source}: the factor {twice[0]!r} stands twice. Remove one.")
    for _, name in _columns(spec):
        _refuse_nested(table, name, spec, source)
    table = table.assign(**{name: _numbers(table, name, spec, source) for name in _numeric(spec)})
    for name, scale in spec.numeric.items():
        beyond = (table[name] <= 0).to_numpy(dtype=bool)
        if scale == "log" and beyond.any():
            raise InputError(
                f"{_cell(table, name, beyond, spec, source)}, which has no logarithm. Set"
                f" `numeric: {{{name}: linear}}`, or leave such runs out under `rows`."
            )
    unit, *within = spec.replicate
    scores = Scores(table, tuple(spec.factors), unit, spec.run, tuple(within))
    _require_replicates(scores, source)
    table = table.reset_index(drop=True)
    scores = replace(scores, table=table)
    _refuse_reversed(scores, source)
    _refuse_parts_of_runs(scores, spec, source)
    training = [*spec.training, *([TRAINING_SET] if TRAINING_SET in table.columns else [])]
    return Log(
        scores,
        spec.metrics,
        tuple(dict.fromkeys(training)),
        tuple(spec.published),
        looks=tuple(spec.looks),
        unnamed=tuple(unnamed_settings(table, {name for _, name in _columns(spec)})),
        numeric=spec.numeric,
    )


def _columns(spec: Spec) -> Iterator[tuple[str, str]]:
    """Yield each column that a spec names, with its place in it."""
    yield from (("replicate", name) for name in spec.replicate)
    if spec.run is not None:
        yield "run", spec.run
    for part in ("factors", "numeric", "training", "metrics"):
        yield from ((part, name) for name in getattr(spec, part))
    for name, metric in spec.metrics.items():
        for place, column in companions(metric).items():
            yield f"metrics.{name}.{place}", column


def companions(metric: Metric) -> dict[str, str]:
    """Return the columns that belong to a metric, by their place in its spec."""
    found = {p: getattr(metric, p) for p in ("precision", "recall", "auroc")}
    found["items"] = metric.items if isinstance(metric.items, str) else None
    found["threshold"] = metric.threshold.column if metric.threshold else None
    if metric.counts:
        found |= {f"counts.{k}": v for k, v in metric.counts.model_dump().items()}
    return {place: column for place, column in found.items() if column is not None}


def _numeric(spec: Spec) -> list[str]:
    columns = [c for metric in spec.metrics.values() for c in companions(metric).values()]
    return list(dict.fromkeys([*spec.metrics, *columns, *spec.numeric]))


def _numbers(table: pd.DataFrame, name: str, spec: Spec, source: str) -> pd.Series:
    column = table[name]
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        return column.astype(float)
    truth = column.map(lambda value: isinstance(value, bool | np.bool_)).to_numpy(dtype=bool)
    if (numbers := score_numbers(column)) is not None:
        return numbers
    number = pd.to_numeric(column.astype(object), errors="coerce")
    text = number.isna() & column.notna() & ~column.astype(str).str.lower().isin({"none", "nan"})
    if truth.any():
        raise InputError(
            f"{_cell(table, name, truth, spec, source)}, which is a truth value and no number. Name"
            " a column of scores, or write 1 and 0 if that is the score of a run."
        )
    if text.any() and summaries(column[text]) is not None:
        raise InputError(
            f"{_cell(table, name, text.to_numpy(), spec, source)}, a mean with its spread and no"
            " run. No claim can be tested on means alone: how many runs are behind each and how"
            " they pair is not in the table. Give the table of runs that it was made of, one row a"
            " run; as a printed table to compare those runs with, it goes under `published`."
        )
    if text.any():
        raise InputError(
            f"{_cell(table, name, text.to_numpy(), spec, source)}, which is no number. Leave the"
            " cell empty where there is no score."
        )
    return number.astype(float)


def _refuse_nested(table: pd.DataFrame, name: str, spec: Spec, source: str) -> None:
    if table[name].dtype != object:
        return
    nested = table[name].map(is_nested).to_numpy(dtype=bool)
    if nested.any():
        raise InputError(
            f"{_cell(table, name, nested, spec, source)}, which holds several values. Give each of"
            " them a column of its own, or write them as one text."
        )


def _cell(table: pd.DataFrame, name: str, rows: np.ndarray, spec: Spec, source: str) -> str:
    """Say where the first of some cells is, and what it holds."""
    row = int(np.flatnonzero(rows)[0])
    value = table[name].iloc[row]
    value = value.item() if isinstance(value, np.generic) else value
    run = f" (run {str(table[spec.run].iloc[row])!r})" if spec.run else ""
    return f"{source}, row {table.index[row] + 1}{run}: the column {name!r} holds {value!r:.80}"


def _require_replicates(scores: Scores, source: str) -> None:
    for name in scores.replicates:
        without = scores.column(name).isna().to_numpy()
        if without.any():
            row = int(np.flatnonzero(without)[0])
            raise InputError(
                f"{source}, row {scores.table.index[row] + 1}: no value in the replicate column"
                f" {name!r}. A run without its seed cannot be told from a repeat; give it one, or"
                f" leave such runs out with `rows: {{{name}: {{empty: false}}}}`."
            )


def _refuse_reversed(scores: Scores, source: str) -> None:
    """Refuse nested replicates whose order cannot be.

    Each outer value then has one inner value, while an inner value has several outer ones: what
    is named first lies within what is named after it. Inner values that several outer ones have,
    such as seeds that were used for each data set, are fine, and so is one for all of them.
    """
    for outer, inner in itertools.pairwise(scores.replicates):
        pairs = scores.table[[outer, inner]].drop_duplicates()
        if pairs[outer].is_unique and 1 < pairs[inner].nunique() < len(pairs):
            raise InputError(
                f"{source}: replicate names {outer!r} before {inner!r}, but every {outer} has one"
                f" {inner} alone, and {a(inner)} several {several(outer)}. The outermost"
                f" comes first: [{inner}, {outer}]."
            )


def _refuse_parts_of_runs(scores: Scores, spec: Spec, source: str) -> None:
    """Refuse a log whose rows are the epochs or the items of runs."""
    used = {*spec.factors, *spec.replicate, *spec.metrics, *filter(None, [spec.run])}
    table = scores.table
    for name in table.columns:
        word = str(name).lower()
        if name in used or word.removesuffix("s") not in EPOCHS | ITEMS:
            continue
        if holds_lists(table[name]):
            continue
        if differs_within(table, name, [*scores.factors, *scores.replicates]):
            epochs = word.removesuffix("s") in EPOCHS
            kind = "epochs" if epochs else "items"
            one = (
                f"keep one row a run with `history: {{along: {name}, keep: last}}` (or keep:"
                " {lowest: …}, a column of validation data)"
                if epochs
                else "keep one row a run (its mean)"
            )
            outcome = "where training stopped" if epochs else "no part of a run"
            raise InputError(
                f"{source}: rows of one configuration and {scores.replicate} differ in {name!r}. If"
                f" they are the {kind} of one run, {one}, or set `replicate:"
                f" [{', '.join([*scores.replicates, name])}]`: the mean of each {scores.replicate}"
                f" then counts once. If {name!r} is {outcome} and each row a run, set `aside:"
                f" [{name}]`."
            )
