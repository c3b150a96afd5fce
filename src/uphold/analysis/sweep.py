"""The scores of a sweep → everything that a write-up shows of it.

What comes in: a log with one row a run. What goes out: a JSON-ready mapping with its
configurations, effects, interactions, ANOVA and identical arms. What is promised: every number that
a write-up prints is computed here or in the claims, from runs; documents only format.
"""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pandas as pd

from uphold.audits.arms import same_arms
from uphold.claims.log import Log
from uphold.claims.sameness import training
from uphold.claims.spec import Metric
from uphold.statistics import (
    Band,
    Scores,
    Step,
    additivity,
    anova,
    bands,
    contrast,
    describe,
    interaction,
    marginal_means,
)
from uphold.statistics.breakdown import OVERALL
from uphold.statistics.scores import level_text

ARM = "arm"
"""The factor of designs whose levels are named arms."""

Move = tuple[str, Any, Any]
"""A factor, and the levels that it goes from and to."""


def analyze(log: Log, design: Mapping[str, Any], primary: str) -> dict[str, Any]:
    """Return what a sweep's runs say.

    Parameters
    ----------
    log : Log
        The sweep's runs; failed ones have no scores.
    design : mapping
        ``kind`` and ``levels``: factor to its levels, in the order in which they are reported; of
        a list of arms also ``arms``, each with its settings.
    primary : str
        The metric by which configurations are ranked and factors are judged.

    Returns
    -------
    dict
        ``runs``, ``failed`` (run to reason), ``configurations`` (best first), ``lead`` (of the best
        over the next), ``effects`` and ``pairs`` (by metric: each factor's steps, and the means
        over every two factors), ``breakdowns`` (by metric with bands: each step's parts),
        ``marginal_means``, ``interactions``, ``additivity`` (of factors with two levels) and
        ``anova`` of the primary metric, ``together`` (by the primary metric and its bands: whether
        what arms give one by one adds up to the arm that has it all), ``identical_arms``. No NaN:
        what could not be computed is None.
    """
    scores, levels = log.scores, design["levels"]
    steps = _steps(design)
    present = {name: m for name, m in log.metrics.items() if scores.table[name].notna().any()}
    configurations = _configurations(scores, present, log.metrics[primary], primary)
    return without_nan(
        {
            "runs": len(scores.table),
            "failed": _failed(scores.table),
            "configurations": configurations,
            "lead": _lead(scores, configurations, primary),
            "effects": {name: _effects(scores, steps, name) for name in present},
            "breakdowns": {
                name: parts for name in present if (parts := _breakdowns(log, steps, name))
            },
            "pairs": {name: _pairs(scores, levels, name) for name in present},
            "marginal_means": _marginal_means(scores, levels, primary),
            "interactions": _interactions(scores, levels, primary),
            "additivity": _additivity(scores, levels, primary),
            "anova": _factorial(scores, levels, primary),
            "together": _together(log, design, primary),
            "identical_arms": identical_arms(log),
        }
    )


def identical_arms(log: Log) -> list[list[str]]:
    """Return the groups of configurations whose actual training sets are the same.

    Only configurations that differ in nothing but factors of the training set are compared. They
    are the same arm if, seed by seed, their training sets have the same digest: whatever such a
    factor seems to do, it did nothing. The audit's ``no-op-arm`` goes by the same groups.
    """
    known = training(log)
    if known is None or not known.acting:
        return []
    arm = log.scores.cells()
    first = np.unique(arm, return_index=True)[1]
    names = log.scores.table["configuration"].iloc[first].tolist()
    return sorted(sorted(names[a] for a in group) for group in same_arms(log, known, arm))


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
    by_metric = {name: describe(scores, name, by=("configuration",)) for name in metrics}
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


def _steps(design: Mapping[str, Any]) -> list[Move]:
    """Return the steps to be looked at: from each factor's first level to every other one.

    In a ladder each arm adds to the one before, so that its steps go from arm to arm.
    """
    found = []
    for factor, levels in _plain(design["levels"]).items():
        before = levels[:-1] if design["kind"] == "ladder" else itertools.repeat(levels[0])
        found += [(factor, a, b) for a, b in zip(before, levels[1:], strict=False)]
    return found


def _effects(scores: Scores, steps: Sequence[Move], metric: str) -> list[dict]:
    return [
        {"factor": factor, "from": before, "to": after}
        | asdict(contrast(scores, metric, factor, before, after))
        for factor, before, after in steps
    ]


def _breakdowns(log: Log, steps: Sequence[Move], metric: str) -> list[dict]:
    """Divide each step's effect among the metric's bands of items, none where it has no bands."""
    parts = {name: _band(log, part) for name, part in log.metrics[metric].bands.items()}
    overall = _band(log, metric)
    if not parts or None in (overall, *parts.values()):
        return []
    return [
        {"factor": factor, "from": before, "to": after}
        | {"parts": {name: asdict(part) for name, part in divided.items()}}
        | {"sum": sum(part.contribution.value for k, part in divided.items() if k != OVERALL)}
        for factor, before, after in steps
        if (divided := bands(log.scores, parts, factor, before, after, overall=overall))
    ]


def _band(log: Log, metric: str) -> Band | None:
    """Return a metric with its number of items; None where that differs between runs."""
    if metric not in log.metrics:
        return None
    items = log.metrics[metric].items
    if isinstance(items, str):
        counts = log.scores.table[items].dropna().unique()
        items = int(counts[0]) if len(counts) == 1 else None
    return Band(metric, items) if items else None


def _pairs(scores: Scores, levels: Mapping[str, Sequence], metric: str) -> list[dict]:
    """Describe the runs at every two levels of every two factors; None: a level without effect."""
    found = []
    for a, b in itertools.combinations(levels, 2):
        table = describe(scores, metric, by=(a, b)).rename_axis(["a", "b"]).reset_index()
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
    return [
        {"of": a.factor, "by": b.factor} | asdict(interaction(scores, metric, of=a, by=b))
        for a, b in itertools.combinations(_switches(levels), 2)
    ]


def _additivity(scores: Scores, levels: Mapping[str, Sequence], metric: str) -> dict | None:
    """Return whether the gains of all factors with two levels add up; None for a single one."""
    steps = _switches(levels)
    return asdict(additivity(scores, metric, steps)) if len(steps) > 1 else None


def _together(log: Log, design: Mapping[str, Any], primary: str) -> dict[str, dict]:
    """Return whether the gains of single arms add up to the gain of the arm that joins them.

    Of a list of arms in which one changes nothing, some change one setting each, and one changes
    all that these change. Each of the single ones is then a step that is taken or not. Nothing for
    other designs.
    """
    arms = design.get("arms", {}) if design["kind"] == "listed" else {}
    singles = {name: change for name, change in arms.items() if len(change) == 1}
    union = {key: value for change in singles.values() for key, value in change.items()}
    joint = next((name for name, change in arms.items() if change == union), None)
    plain = next((name for name, change in arms.items() if not change), None)
    if len(singles) < 2 or len(union) < len(singles) or None in (joint, plain):
        return {}
    rows = log.scores.table[log.scores.table[ARM].isin([plain, *singles, joint])]
    taken = {f"{ARM}={name}": rows[ARM].isin([name, joint]) for name in singles}
    others = [name for name in log.scores.factors if name != ARM]
    scores = replace(log.scores, table=rows.assign(**taken), factors=(*taken, *others))
    steps = [Step(name, False, True) for name in taken]
    metrics = [primary, *log.metrics[primary].bands.values()]
    return {name: asdict(additivity(scores, name, steps)) for name in metrics}


def _switches(levels: Mapping[str, Sequence]) -> list[Step]:
    """Return the steps of the factors that have two levels."""
    return [Step(name, *two) for name, two in _plain(levels).items() if len(two) == 2]


def _factorial(scores: Scores, levels: Mapping[str, Sequence], metric: str) -> list[dict]:
    several = tuple(name for name in levels if len(levels[name]) > 1)
    return list(map(asdict, anova(scores, metric, factors=several, order=2)))


def _plain(levels: Mapping[str, Sequence]) -> dict[str, list]:
    """Return the levels as they stand in a log, where a level that is a list is one text."""
    return {
        name: ["+".join(v) if isinstance(v, list) else v for v in levels[name]] for name in levels
    }
