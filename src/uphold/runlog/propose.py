"""``uphold propose RUNS``: a table of runs → a proposed spec, as YAML to edit.

In: a table. Out: YAML text with the replicate, the run's name, factors, metrics with what belongs
to them, and two first claims, as the columns suggest them. Promised: it names only columns that
exist, it is a spec for that table as it stands, and what was guessed or left out says so.

An evaluation (``ood_f1``, ``ood_precision``, ``ood_tp``, …) gets one metric with the others beside
it, not one metric each: they describe the same predictions.
"""

import json
import math
import textwrap
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from uphold.errors import InputError
from uphold.runlog.columns import Columns, sort_columns
from uphold.runlog.naming import COUNTS, PROPORTIONS, Name, is_slice
from uphold.runlog.percentages import percentages
from uphold.runlog.tables import read_table
from uphold.statistics.scale import scale
from uphold.statistics.scores import level_text, plain

MOST_METRICS = 12
MOST_LISTED = 30
CUT = frozenset({"f1", "accuracy", "precision", "recall", "error"})
OFF = ("none", "no", "off", "baseline", "default", "plain", "without")
LEADING = ({"ood", "heldout"}, {"test"})
HEAD = (
    "Proposed from the columns of the log: check every line, above all which columns are factors,"
    " and the margins (the smallest difference that matters, in the metric's own unit)."
)
ABOUT_THRESHOLDS = (
    "Of thresholds the grid is a guess, and so is the split that they were chosen on, where it is"
    " given: the one that the column is named for."
)
WIDTH = 100


def propose_spec(runs: Path) -> str:
    """Return a proposed spec for a file of runs, as YAML to edit."""
    return propose(read_table(runs))


def propose(table: pd.DataFrame) -> str:
    """Return a proposed spec for a table of runs.

    Raises
    ------
    InputError
        No column looks like a replicate, like a factor or like a metric.
    """
    numbers = {name: percentages(column) for name, column in table.items()}
    table = table.assign(**{str(n): c for n, c in numbers.items() if c is not None})
    columns = sort_columns(table)
    for what, found, example in (
        ("a replicate", columns.replicate, " (seed, replicate, repeat, …)"),
        ("a metric", columns.metrics, ""),
        ("a factor", columns.factors, ": two or more levels, each in several runs"),
    ):
        if not found:
            raise InputError(
                f"No column looks like {what}{example}. Write a spec that names it. Columns:"
                f" {', '.join(map(str, table.columns))}."
            )
    names = _chosen(columns.metrics)
    metrics = {n.column: _metric(table, n, columns) for n in names}
    spec = {
        "title": "Runs",
        **({"run": columns.run} if columns.run else {}),
        "replicate": columns.replicate,
        "factors": columns.factors,
        **({"training": columns.training} if columns.training else {}),
        "metrics": metrics,
        "primary": names[0].column,
        "claims": _claims(table, columns.factors, names[0]),
    }
    text: str = yaml.safe_dump(spec, sort_keys=False, allow_unicode=True, width=100)
    return _comment(columns, metrics) + text


def _chosen(found: list[Name]) -> list[Name]:
    """Return the metrics of a spec, the primary one first."""
    groups: dict[tuple[str, ...], list[Name]] = defaultdict(list)
    for name in found:
        groups[name.group].append(name)
    whole = [g for g in groups if not any(is_slice(g, other) for other in groups)]
    chosen: list[Name] = []
    for group in whole:
        kinds = {name.kind for name in groups[group]}
        lead = next((kind for kind in PROPORTIONS if kind in kinds), None)
        chosen += [name for name in groups[group] if name.kind in (lead, "score")]
    return sorted(chosen, key=_rank)[:MOST_METRICS]


def _rank(name: Name) -> tuple[int, int, int, int]:
    """Order metrics: tested before validated before trained on; clear kinds; far data; short."""
    split = ("test", "validation", "train").index(name.split)
    kind = (*PROPORTIONS, "score").index(name.kind)
    far = next((i for i, words in enumerate(LEADING) if words & set(name.group)), len(LEADING))
    return split, kind, far, len(name.group)


def _metric(table: pd.DataFrame, name: Name, columns: Columns) -> dict[str, Any]:
    values = table[name.column].to_numpy(dtype=float, na_value=np.nan)
    metric: dict[str, Any] = {
        "label": name.label,
        "kind": name.kind,
        "split": name.split,
        "better": "lower" if name.lower_is_better else "higher",
        "margin": _margin(values, name.kind),
    }
    if name.kind == "score":
        return metric
    beside = {n.kind: n.column for n in (*columns.parts, *columns.metrics) if n.group == name.group}
    if all(count in beside for count in COUNTS):
        metric["counts"] = {count: beside[count] for count in COUNTS}
    for kind in ("precision", "recall", "auroc"):
        if kind in beside and kind != name.kind:
            metric[kind] = beside[kind]
    if "items" in beside and "counts" not in metric and name.kind not in ("f1", "auroc", "auprc"):
        metric["items"] = beside["items"]
    if name.kind in CUT and (threshold := _threshold(table, name, columns)):
        metric["threshold"] = threshold
    return metric


def _margin(values: np.ndarray, kind: str) -> float:
    """Guess a margin: two points of a proportion, two hundredths of any other scale."""
    if kind != "score":
        return 0.02 * scale(values, kind)
    known = np.abs(values[np.isfinite(values)])
    largest = known.max(initial=0.0)
    guess = 0.02 * largest
    if not 0 < guess < math.inf:
        return 0.02
    return float(round(guess, -math.floor(math.log10(guess))))


def _threshold(table: pd.DataFrame, name: Name, columns: Columns) -> dict[str, Any] | None:
    """Return the threshold that a metric was cut at: its evaluation's own, or the only one."""
    found = {n.group: n.column for n in columns.parts if n.kind == "threshold"}
    own = tuple(sorted((*name.group, name.kind)))
    group = next((g for g in (own, name.group, ()) if g in found), None)
    if group is None:
        return None
    values = table[found[group]]
    threshold: dict[str, Any] = {"column": found[group]}
    for largest in (1.0, 100.0):
        if values.between(0, largest).all():
            threshold["grid"] = [0.0, largest]
            break
    others = (table[column] for g, column in found.items() if g != group)
    if group and not any(values.equals(other) for other in others):
        threshold["chosen_on"] = name.split
    return threshold


def _claims(table: pd.DataFrame, factors: list[str], primary: Name) -> dict[str, Any]:
    """Return a claim on the clearest factor of two levels, and one on all configurations."""
    claims: dict[str, Any] = {}
    if step := _step(table, factors):
        claims["first-step"] = {
            "says": f"{step['factor']} changes {primary.label}.",
            "metric": primary.column,
            "contrast": step,
            "expect": "difference",
        }
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


def _sort_of(level: Any) -> int:
    return 0 if isinstance(level, bool) else 2 if isinstance(level, str) else 1


def _off_first(level: Any) -> tuple[bool, bool, float, str]:
    text = level_text(level)
    number = 0.0 if isinstance(level, str) else float(level)
    return (isinstance(level, str), text.lower() not in OFF, number, text)


def _comment(columns: Columns, metrics: Mapping[str, Mapping[str, Any]]) -> str:
    """Return what is to be checked, and what was left out, as lines of comment."""
    notes = [HEAD]
    if any("threshold" in metric for metric in metrics.values()):
        notes.append(ABOUT_THRESHOLDS)
    companions = {v for m in metrics.values() for v in m.values() if isinstance(v, str)}
    others = [n.column for n in columns.metrics if n.column not in {*metrics, *companions}]
    left_out = {"Other scores": others}
    for column, reason in columns.left_out.items():
        left_out.setdefault(f"No factors ({reason})", []).append(column)
    for what, names in left_out.items():
        more = f" and {len(names) - MOST_LISTED} more" * (len(names) > MOST_LISTED)
        if names:
            notes.append(f"{what}: {', '.join(map(_in_a_comment, names[:MOST_LISTED]))}{more}")
    lines = [line for text in notes for line in textwrap.wrap(text, WIDTH - 2)]
    return "".join(f"# {line}\n" for line in lines)


def _in_a_comment(name: str) -> str:
    """Return a column's name as it can stand in a comment."""
    return name if name.isprintable() else json.dumps(name)
