"""The scores of a sweep → everything that a write-up shows of it.

What comes in: a log with one row a run. What goes out: a JSON-ready mapping with its
configurations, effects, interactions, ANOVA and identical arms. What is promised: every number that
a write-up prints is computed here or in the claims, from runs; documents only format.
"""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd

from studies.claims.log import TRAINING_SET, Log
from studies.claims.spec import Metric
from studies.statistics import Scores, Step, anova, contrast, describe, interaction, marginal_means
from studies.statistics.scores import level_text


def analyze(log: Log, levels: Mapping[str, Sequence[Any]], primary: str) -> dict[str, Any]:
    """Return what a sweep's runs say.

    Parameters
    ----------
    log : Log
        The sweep's runs; failed ones have no scores.
    levels : mapping of str to sequence
        Factor to its levels, in the order in which they are reported.
    primary : str
        The metric by which configurations are ranked and factors are judged.

    Returns
    -------
    dict
        ``runs``, ``failed`` (run to reason), ``configurations`` (best first), ``lead`` (of the best
        over the next), ``effects`` and ``pairs`` (by metric: each factor's steps, and the means
        over every two factors), ``marginal_means``, ``interactions`` and ``anova`` of the primary
        metric, ``identical_arms``. No NaN: what could not be computed is None.
    """
    scores = log.scores
    present = {name: m for name, m in log.metrics.items() if scores.table[name].notna().any()}
    configurations = _configurations(scores, present, log.metrics[primary], primary)
    return without_nan(
        {
            "runs": len(scores.table),
            "failed": _failed(scores.table),
            "configurations": configurations,
            "lead": _lead(scores, configurations, primary),
            "effects": {name: _effects(scores, levels, name) for name in present},
            "pairs": {name: _pairs(scores, levels, name) for name in present},
            "marginal_means": _marginal_means(scores, levels, primary),
            "interactions": _interactions(scores, levels, primary),
            "anova": _factorial(scores, levels, primary),
            "identical_arms": identical_arms(log),
        }
    )


def identical_arms(log: Log) -> list[list[str]]:
    """Return the groups of configurations whose actual training sets are the same.

    Only configurations that differ in nothing but factors of the training set are compared. They
    are the same arm if, seed by seed, their training sets have the same digest: whatever such a
    factor seems to do, it did nothing.
    """
    table = log.scores.table
    if TRAINING_SET not in table or not log.data_factors:
        return []
    rest = [name for name in log.scores.factors if name not in log.data_factors]
    sets: dict[tuple, list[str]] = {}
    for name, runs in table.groupby("configuration", sort=True):
        digests = tuple(sorted(zip(runs[log.scores.replicate], runs[TRAINING_SET], strict=True)))
        others = tuple(str(runs.iloc[0][factor]) for factor in rest)
        sets.setdefault((others, digests), []).append(name)
    return [names for names in sets.values() if len(names) > 1]


def without_nan(value: Any) -> Any:
    """Return a nested value with NaN and infinities as None, and numpy scalars as Python's own."""
    if isinstance(value, Mapping):
        return {str(k): without_nan(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(v) for v in value]
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _failed(table: pd.DataFrame) -> dict[str, str]:
    failed = table[table["status"] != "ok"]
    return dict(zip(failed["run"], failed["failure"], strict=True))


def _configurations(
    scores: Scores, metrics: Mapping[str, Metric], ranked: Metric, primary: str
) -> list[dict]:
    names = scores.table.drop_duplicates("configuration").set_index("configuration")
    by_metric = {
        name: describe(scores, name, by=("configuration",)).set_index("configuration")
        for name in metrics
    }
    rows = [
        {
            "configuration": name,
            "levels": {f: row[f] for f in scores.factors if pd.notna(row[f])},
            "metrics": {m: table.loc[name].to_dict() for m, table in by_metric.items()},
        }
        for name, row in names.iterrows()
    ]
    sign = -1 if ranked.better == "higher" else 1

    def rank(row: dict) -> tuple:
        mean = row["metrics"].get(primary, {}).get("mean", math.nan)
        return (math.isnan(mean), sign * mean, row["configuration"])

    return sorted(rows, key=rank)


def _lead(scores: Scores, configurations: Sequence[Mapping], metric: str) -> dict | None:
    """Compare the best configuration with the next one, over the seeds that both were run with."""
    if len(configurations) < 2:
        return None
    best, second = configurations[:2]
    named = Scores(scores.table, ("configuration",), scores.replicate, scores.run)
    names = second["configuration"], best["configuration"]
    found = contrast(named, metric, "configuration", *names)
    return asdict(found) | {"levels": second["levels"]}


def _effects(scores: Scores, levels: Mapping[str, Sequence], metric: str) -> list[dict]:
    """Contrast each level of each factor with the factor's first level."""
    return [
        {"factor": factor, "from": first, "to": level}
        | asdict(contrast(scores, metric, factor, first, level))
        for factor, (first, *others) in _plain(levels).items()
        for level in others
    ]


def _pairs(scores: Scores, levels: Mapping[str, Sequence], metric: str) -> list[dict]:
    """Describe the runs at every two levels of every two factors; None: a level without effect."""
    found = []
    for a, b in itertools.combinations(levels, 2):
        table = describe(scores, metric, by=(a, b)).rename(columns={a: "a", b: "b"})
        found.append({"factors": [a, b], "rows": table.to_dict("records")})
    return found


def _marginal_means(scores: Scores, levels: Mapping[str, Sequence], metric: str) -> dict:
    return {
        factor: {
            level_text(level): asdict(estimate)
            for level, estimate in marginal_means(scores, metric, factor).items()
        }
        for factor in levels
    }


def _interactions(scores: Scores, levels: Mapping[str, Sequence], metric: str) -> list[dict]:
    """Return the difference of differences of every two factors with two levels each."""
    steps = {name: Step(name, *two) for name, two in _plain(levels).items() if len(two) == 2}
    return [
        {"of": a, "by": b} | asdict(interaction(scores, metric, of=steps[a], by=steps[b]))
        for a, b in itertools.combinations(steps, 2)
    ]


def _factorial(scores: Scores, levels: Mapping[str, Sequence], metric: str) -> list[dict]:
    several = tuple(name for name in levels if len(levels[name]) > 1)
    return list(map(asdict, anova(scores, metric, factors=several, order=2)))


def _plain(levels: Mapping[str, Sequence]) -> dict[str, list]:
    """Return the levels as they stand in a log, where a level that is a list is one text."""
    return {
        name: ["+".join(v) if isinstance(v, list) else v for v in levels[name]] for name in levels
    }
