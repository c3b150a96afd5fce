"""A table of runs → a proposed spec, as YAML to edit.

In: a table. Out: YAML text with the replicate, the run's name, factors and metrics as the columns
suggest them. Promised: it names only columns that exist, it is read back without an error, and what
was guessed says so.
"""

import re

import pandas as pd
import yaml

from studies.errors import InputError
from studies.statistics.scores import EPOCHS, ITEMS

REPLICATES = re.compile(
    r"(^|[._ -])(seed|random_state|rng|replicate|rep|repeat|fold)s?($|[._ -])", re.I
)
RUNS = re.compile(r"^(run|run_?id|run_?name|name|id|experiment|trial)$", re.I)
KINDS = {
    "f1": r"f1|f_?score",
    "precision": r"precision|ppv",
    "recall": r"recall|sensitivity|tpr",
    "auroc": r"auroc|roc_?auc|(^|_)auc",
    "auprc": r"auprc|pr_?auc|average_precision|(^|_)m?ap($|_)",
    "accuracy": r"acc",
    "error": r"(^|[._])(err|error|wer|cer)($|[._])",
    "score": r"loss|rmse|mse|mae|perplexity|bleu|rouge|iou|dice|score|reward|return|r2",
}
LOWER = re.compile(r"loss|rmse|mse|mae|perplexity|error|(^|[._])(err|wer|cer)($|[._])", re.I)
SPLITS = {"validation": r"val", "train": r"train"}
NO_SCORE = re.compile(
    r"threshold|_?(tp|fp|fn|tn)$|epoch|step|time|duration|runtime|date|memory", re.I
)
MOST_LEVELS = 20
HEAD = """\
# Proposed from the columns of the log: check every line, above all the margins (the smallest
# difference that matters, in the metric's own unit) and which columns are factors.
"""


def propose(table: pd.DataFrame) -> str:
    """Return a proposed spec for a table of runs.

    Raises
    ------
    InputError
        No column looks like a replicate, like a factor or like a metric.
    """
    names = [str(name) for name in table.columns]
    replicate = _first(names, REPLICATES)
    if replicate is None:
        raise InputError(
            "No column looks like a replicate (seed, replicate, repeat, …): write a spec that names"
            f" it. Columns: {', '.join(names)}."
        )
    run = next((n for n in names if RUNS.match(n) and n != replicate and table[n].is_unique), None)
    metrics = {n: _metric(table, n) for n in names if _is_metric(table, n) and n != replicate}
    if not metrics:
        raise InputError(
            "No column looks like a metric: write a spec that names them. Columns:"
            f" {', '.join(names)}."
        )
    factors = [n for n in names if n not in (replicate, run, *metrics) and _is_factor(table, n)]
    if not factors:
        raise InputError(
            "No column with two or more levels looks like a factor: write a spec that names them."
            f" Columns: {', '.join(names)}."
        )
    spec: dict = {"title": "Runs", **({"run": run} if run else {}), "replicate": replicate}
    tested = [n for n, m in metrics.items() if m["split"] == "test"] or list(metrics)
    primary = min(tested, key=lambda name: list(KINDS).index(metrics[name]["kind"]))
    spec |= {"factors": factors, "metrics": metrics, "primary": primary}
    levels = _two_levels(table, factors)
    if levels:
        factor, low, high = levels
        spec["claims"] = {
            "first-claim": {
                "says": f"{factor} changes {primary}.",
                "metric": primary,
                "contrast": {"factor": factor, "from": low, "to": high},
                "expect": "difference",
            }
        }
    return HEAD + yaml.safe_dump(spec, sort_keys=False, allow_unicode=True, width=100)


def _first(names: list[str], pattern: re.Pattern) -> str | None:
    return next((name for name in names if pattern.search(name)), None)


def _kind(name: str) -> str | None:
    return next((kind for kind, words in KINDS.items() if re.search(words, name, re.I)), None)


def _is_metric(table: pd.DataFrame, name: str) -> bool:
    """A number with a score's name, which a setting of a few levels (a loss's weight) is not."""
    column = table[name]
    number = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    if not number or NO_SCORE.search(name) or _kind(name) is None:
        return False
    return column.nunique() > min(5, max(1, len(column) // 4)) or column.nunique() == len(column)


def _is_factor(table: pd.DataFrame, name: str) -> bool:
    """A column that varies, in few levels that recur, and that no result decides."""
    column = table[name]
    levels = column.nunique()
    words = set(re.split(r"[^a-z]+", name.lower()))
    if levels < 2 or words & (EPOCHS | ITEMS) or (NO_SCORE.search(name) and name != "epochs"):
        return False
    if pd.api.types.is_float_dtype(column) and _kind(name):
        return False
    recurs = len(column) / levels >= 2
    return recurs and (levels <= MOST_LEVELS or not pd.api.types.is_float_dtype(column))


def _metric(table: pd.DataFrame, name: str) -> dict:
    split = next((s for s, word in SPLITS.items() if re.search(word, name, re.I)), "test")
    spread = float(table[name].abs().max())
    return {
        "label": re.sub(r"[_.]+", " ", name),
        "kind": _kind(name),
        "split": split,
        "better": "lower" if LOWER.search(name) else "higher",
        # Guessed: a hundredth of the scale, whichever of 1 and 100 it looks like.
        "margin": 0.01 if spread <= 1 else 1.0 if spread <= 100 else float(f"{spread / 100:.1g}"),
    }


def _two_levels(table: pd.DataFrame, factors: list[str]) -> tuple | None:
    for factor in factors:
        column = table[factor].dropna()
        levels = sorted(column.unique().tolist(), key=str)
        if len(levels) == 2:
            return factor, *levels
    return None
