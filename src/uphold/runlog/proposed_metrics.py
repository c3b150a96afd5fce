"""Columns of results → the metrics of a proposed spec.

An evaluation (``ood_f1``, ``ood_precision``, ``ood_tp``, …) gets one metric with the others beside
it, not one metric each: they describe the same predictions.
"""

import math
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from uphold.runlog.columns import Columns
from uphold.runlog.naming import COUNTS, PROPORTIONS, Name, is_slice
from uphold.statistics.scale import scale

MOST_METRICS = 12
CUT = frozenset({"f1", "accuracy", "precision", "recall", "error"})
LEADING = ({"ood", "heldout"}, {"test"})


def chosen_metrics(found: list[Name]) -> list[Name]:
    """Return the metrics of a spec, the primary one first."""
    groups: dict[tuple[str, ...], list[Name]] = defaultdict(list)
    for name in found:
        groups[name.group].append(name)
    shorter = {n: [g for g in groups if 0 < len(g) < n] for n in {len(g) for g in groups}}
    whole = [g for g in groups if not any(is_slice(g, other) for other in shorter[len(g)])]
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


def metric_of(
    table: pd.DataFrame, name: Name, columns: Columns, better: Mapping[str, str]
) -> dict[str, Any]:
    """Return what a spec says of a metric; ``better`` is known by column, else its name tells."""
    values = table[name.column].to_numpy(dtype=float, na_value=np.nan)
    metric: dict[str, Any] = {
        "label": name.label,
        "kind": name.kind,
        "split": name.split,
        "better": better.get(name.column, "lower" if name.lower_is_better else "higher"),
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
