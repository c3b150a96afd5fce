"""``uphold propose RUNS``: runs → a proposed spec, as YAML to edit.

In: a file or a folder of runs. Out: YAML text with how rows become runs, the replicate, the run's
name, factors, metrics with what belongs to them, and two first claims, as the columns suggest them.
Promised: it names only columns that exist, it is a spec for those runs as they stand unless it says
CHOOSE somewhere, and what was guessed or left out says so.
"""

import json
import math
import textwrap
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from uphold.audits.spellings import spellings
from uphold.claims.numeric import Scale
from uphold.claims.spec import CHOOSE
from uphold.errors import InputError
from uphold.format import counted, name
from uphold.runlog.columns import Columns, is_set, numbers_alone, sort_columns
from uphold.runlog.naming import Name
from uphold.runlog.proposed_metrics import chosen_metrics, metric_of
from uphold.runlog.proposed_numeric import scale_of, slopes
from uphold.runlog.proposed_rows import Proposed, one_set, parts_aside, proposed_rows
from uphold.runlog.sources import read_runs
from uphold.runlog.summaries import summaries
from uphold.statistics.scores import level_text, plain

MOST_LISTED = 30
OFF = (
    *("none", "no", "off", "without"),
    *("base", "baseline", "control", "reference", "default", "plain", "vanilla"),
)
HEAD = (
    "Proposed from the columns of the log: check every line, above all which columns are factors,"
    " and the margins (the smallest difference that matters, in the metric's own unit)."
)
ABOUT_THRESHOLDS = (
    "Of thresholds the grid is a guess, and so is the split that they were chosen on, where it is"
    " given: the one that the column is named for."
)
NO_REPLICATE = (
    "Nothing tells for certain which runs are repeats of one configuration: write under replicate"
    " the column in which they differ, in place of CHOOSE."
)
WIDTH = 100


def propose_spec(runs: Path) -> str:
    """Return a proposed spec for a file or a folder of runs, as YAML to edit."""
    source = read_runs(runs)
    said = [f"{counted(len(source.table), 'row')}, read as {source.format}.", *source.notes]
    try:
        return propose(source.table, source.better, said, source.scales)
    except InputError as error:
        raise InputError(f"{runs}: {error}") from None


def propose(
    table: pd.DataFrame,
    better: Mapping[str, str] | None = None,
    said: list[str] | None = None,
    scales: Mapping[str, Scale] | None = None,
) -> str:
    """Return a proposed spec for a table of runs.

    Parameters
    ----------
    table : DataFrame
    better : mapping of str to {"higher", "lower"}, optional
        Which way a result is better, by column, where a tracker says.
    said : list of str, optional
        What is to be said of how the table was read.
    scales : mapping of str to {"log", "linear"}, optional
        The scale on which a search drew a number, by column, where a tracker says.

    Raises
    ------
    InputError
        No column looks like a metric, or none like a factor, or there is one run alone.
    """
    if len(table) == 1:
        raise InputError(
            "There is one run, and nothing can be compared with it: give a log of several."
        )
    it = proposed_rows(table, better or {})
    printed = [str(n) for n, column in it.given.items() if summaries(column) is not None]
    it.notes[:0] = [note for note in it.read if note not in (said or ())]
    table = it.table.reset_index(drop=True)
    columns = sort_columns(table, it.better)
    if not columns.metrics:
        raise InputError(_without_metric(table, printed, it.read))
    if one_set(it, columns):
        table = it.table.reset_index(drop=True)
        columns = sort_columns(table, it.better)
    if not columns.factors and not columns.searched and it.whole is not None:
        # What runs that did not finish differ in is a factor all the same, and the audit will say
        # that it has one level left.
        lost = sort_columns(it.whole.reset_index(drop=True), it.better).factors
        columns = replace(columns, factors=lost)
        it.notes += [f"Of {_listed(lost)} one level alone has a run that finished."] * bool(lost)
    if not columns.factors and not columns.searched:
        raise InputError(
            "No column looks like a factor: two or more levels, each in several runs. Write a spec"
            f" that names it. Columns: {_listed(list(map(str, table.columns)))}."
        )
    for column in columns.replicates:
        if table[column].isna().any():
            it.table = table
            it.choose(column, {"empty": False}, f"they have no {column}.")
            table = it.table.reset_index(drop=True)
    names = chosen_metrics(columns.metrics)
    metrics = {n.column: metric_of(table, n, columns, it.better) for n in names}
    arms = [*columns.factors, *columns.replicates]
    taken = [*arms, *metrics, *filter(None, [columns.run])]
    if arms and columns.replicates and (aside := parts_aside(table, taken, arms)):
        it.spec["aside"] = aside
        it.notes.append(
            f"{_listed(aside)}: taken for where training stopped, and set aside. If the rows are"
            " the epochs or items of runs, write `history` instead."
        )
    several = len(columns.replicates) > 1
    first = columns.replicates[0] if columns.replicates else CHOOSE
    numeric = {c: (scales or {}).get(c) or scale_of(table[c], c) for c in columns.searched}
    spec = {
        "title": "Runs",
        **({"run": columns.run} if columns.run else {}),
        **it.spec,
        "replicate": list(columns.replicates) if several else first,
        "factors": columns.factors or ([] if numeric else [CHOOSE]),
        **({"numeric": numeric} if numeric else {}),
        **({"training": columns.training} if columns.training else {}),
        "metrics": metrics,
        "primary": names[0].column,
        "claims": _claims(table, columns.factors, numeric, names[0]),
    }
    text: str = yaml.safe_dump(spec, sort_keys=False, allow_unicode=True, width=100)
    notes = [*(said or []), HEAD, *it.notes, *_guesses(table, columns, it, names, printed)]
    if it.lists:
        notes.append(f"Columns of lists are no settings and no results: {_listed(it.lists)}.")
    if alike := _alike(table, spec):
        notes.append(f"The same in every run, so that nothing can be said of it: {_listed(alike)}")
    return _comment(notes, columns, metrics) + text


def _without_metric(table: pd.DataFrame, printed: list[str], read: list[str]) -> str:
    """Say what there is in place of results."""
    if printed:
        return (
            f"The cells of {_listed(printed)} are means with their spread, as they are printed,"
            " and no runs. A claim cannot be tested on them: how many runs are behind each, and"
            " which of them pair, is not in the table. Give the table of runs that they were made"
            " of, one row a run; in its spec they go under `published`, each with its n, to be"
            " compared with those runs."
        )
    if read:
        return read[0]
    return (
        "No column looks like a metric. Write a spec that names it. Columns:"
        f" {_listed(list(map(str, table.columns)))}."
    )


def _guesses(
    table: pd.DataFrame, columns: Columns, it: Proposed, names: list[Name], printed: list[str]
) -> list[str]:
    """Return what is to be said of the guesses of a proposal, a sentence or two each."""
    notes = []
    if not columns.replicates:
        found = "; ".join(columns.candidates[:MOST_LISTED])
        candidates = f"Candidates: {found}." if found else "No column may be: add one to the log."
        notes.append(f"{NO_REPLICATE} {candidates}")
    if columns.replicates and not columns.searched and numbers_alone(columns.replicates[-1]):
        notes.append(
            f"{columns.replicates[-1]} numbers runs: those of one number are compared as a pair. If"
            " they share nothing but their number, give each run one of its own in the log."
        )
    if len(columns.replicates) > 1 and not is_set(columns.replicates[0]):
        outer, inner = columns.replicates[0], ", ".join(columns.replicates[1:])
        notes.append(f"{inner} lies within {outer}: the mean of each {outer} counts once.")
    elif len(columns.replicates) > 1:
        outer, inner = columns.replicates[0], ", ".join(columns.replicates[1:])
        notes.append(
            f"{outer} is taken for a sample of others like it, with {inner} within it: n counts"
            f" each {outer} once, and claims hold beyond these. To speak of these alone, name it"
            " under factors instead."
        )
    unsure = [n.column for n in names if not n.tells_direction and n.column not in it.better]
    if unsure:
        notes.append(f"Which way is better is a guess: {_listed(unsure)}.")
    if columns.searched:
        notes += _searched(table, columns)
    if not columns.factors and not columns.searched:
        notes.append("No setting has levels that recur: write under factors what is compared.")
    empty = [f for f in columns.factors if table[f].isna().any()]
    if empty:
        notes.append(
            f"Empty cells of {_listed(empty)} stand for any level, as of a setting without effect"
            " in that run. Where they are a level of their own, write `missing: level`."
        )
    for column in columns.factors:
        for levels in spellings(table[column]):
            shown = " and ".join(map(repr, levels))
            notes.append(f"{column}: {shown} may be one level, spelled in two ways.")
    if printed:
        notes.append(
            f"Cells of {_listed(printed)} are means with their spread and no runs: left out."
        )
    return notes


def _searched(table: pd.DataFrame, columns: Columns) -> list[str]:
    """Return what is to be said of the settings that a search drew."""
    notes = [
        f"Numbers along which scores may change, as a search draws them:"
        f" {_listed(columns.searched)}. They stand under numeric, each with the scale on which it"
        " seems to be drawn, and have slopes in place of levels. To compare levels of one, name it"
        " under factors instead."
    ]
    if len(columns.replicates) == 1 and columns.replicates[0] == columns.run:
        notes.append(
            "Each trial is a unit. Where several have the same settings and differ in a seed, name"
            " under replicate the column that numbers the settings."
        )
    if columns.factors:
        notes.append(
            "A step of a factor is not adjusted for numeric settings: it is fair in a random"
            " search, and exploratory in one that learns from its trials."
        )
    return notes


def _claims(
    table: pd.DataFrame, factors: list[str], numeric: dict[str, Scale], primary: Name
) -> dict[str, Any]:
    """Return a claim on the clearest factor of two levels, and one on all configurations.

    Of a search one on each numeric setting comes first; no two trials are one configuration.
    """
    claims = slopes(table, numeric, primary)
    if step := _step(table, factors):
        claims["first-step"] = {
            "says": f"{name(step['factor'])} changes {primary.label}.",
            "metric": primary.column,
            "contrast": step,
            "expect": "difference",
            **({"role": "secondary"} if numeric else {}),
        }
    if numeric:
        return claims
    claims["configurations-differ"] = {
        "says": f"The configurations differ in {primary.label}.",
        "metric": primary.column,
        "anova": {"over": "configuration"},
        "expect": "difference",
    }
    return claims


def _step(table: pd.DataFrame, factors: list[str]) -> dict[str, Any] | None:
    """Return the step of a factor with two levels: a switch first, then numbers, then names."""
    found = []
    for factor in factors:
        levels = [plain(level) for level in table[factor].dropna().unique()]
        if len(levels) == 2 and all(map(_is_level, levels)):
            kind = max(map(_sort_of, levels))
            low, high = sorted(levels, key=_off_first)
            found.append((kind, {"factor": factor, "from": low, "to": high}))
    return min(found, key=lambda item: item[0])[1] if found else None


def _is_level(level: Any) -> bool:
    return isinstance(level, bool | int | str) or (
        isinstance(level, float) and math.isfinite(level)
    )


def _alike(table: pd.DataFrame, spec: Mapping[str, Any]) -> list[str]:
    """Return the columns with one value that the spec does not use."""
    metrics: Mapping[str, Mapping[str, Any]] = spec["metrics"]
    replicate = spec["replicate"] if isinstance(spec["replicate"], list) else [spec["replicate"]]
    used = {spec.get("run"), *replicate, *metrics, *spec.get("training", ())}
    used |= {v for metric in metrics.values() for v in metric.values() if isinstance(v, str)}
    return [c for c in table if c not in used and len(table[c].dropna().unique()) == 1]


def _sort_of(level: Any) -> int:
    return 0 if isinstance(level, bool) else 2 if isinstance(level, str) else 1


def _off_first(level: Any) -> tuple[bool, bool, float, str]:
    text = level_text(level)
    number = 0.0 if isinstance(level, str) else float(level)
    return (isinstance(level, str), text.lower() not in OFF, number, text)


def _comment(notes: list[str], columns: Columns, metrics: Mapping[str, Mapping[str, Any]]) -> str:
    """Return what is to be checked, and what was left out, as lines of comment."""
    if any("threshold" in metric for metric in metrics.values()):
        notes.append(ABOUT_THRESHOLDS)
    companions = {v for m in metrics.values() for v in m.values() if isinstance(v, str)}
    others = [n.column for n in columns.metrics if n.column not in {*metrics, *companions}]
    left_out = {"Other scores": others}
    for column, reason in columns.left_out.items():
        left_out.setdefault(f"No factors ({reason})", []).append(column)
    notes += [f"{what}: {_listed(names)}" for what, names in left_out.items() if names]
    lines = [line for text in notes for line in textwrap.wrap(_printable(text), WIDTH - 2)]
    return "".join(f"# {line}\n" for line in lines)


def _listed(names: list[str]) -> str:
    """Return the first names, as they can stand in a comment, and how many there are besides."""
    more = f" and {len(names) - MOST_LISTED} more" * (len(names) > MOST_LISTED)
    shown = (name if name.isprintable() else json.dumps(name) for name in names[:MOST_LISTED])
    return f"{', '.join(shown)}{more}"


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
