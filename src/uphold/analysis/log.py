"""Anyone's run log → what its report shows.

What comes in: a checked log and the metric that leads. What goes out: a JSON-ready mapping with the
factors, the best configurations, effects and ANOVA, and what was left out because it would fill
books. What is promised: every number of the report is computed here, in the claims or in the
audit, from runs; and the work and the size of the report stay bounded, however wide the log is.

A factor's levels are taken in sorted order, and the first one is the baseline.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from uphold.analysis.sweep import without_nan
from uphold.claims.log import Log
from uphold.claims.spec import Metric
from uphold.errors import InputError
from uphold.statistics import Anova, Scores, anova, contrast, describe
from uphold.statistics.permutation import DRAWS
from uphold.statistics.scores import level_text, plain

# How much a report holds at most; what is beyond is counted in a sentence.
TOP = 12
MOST_LEVELS = 12
MOST_STEPS = 20
MOST_METRICS = 3
MOST_FACTORS = 30
MOST_NAMING = 8
MOST_CROSSED = 6
MOST_RUNS_CROSSED = 20_000
MOST_PERMUTED = 5_000_000
MOST_DOTS = 1_000
NAMED = 8
STATISTICS = ["n", "seeds", "failed", "mean", "sd", "sem", "ci_low", "ci_high"]


@dataclass(frozen=True)
class Analysis:
    """What was found in a log.

    Attributes
    ----------
    found : dict
        ``runs``, ``seeds``, ``count`` (of configurations), ``failed``, ``factors``,
        ``configurations`` (the best ones, best first, with their runs' scores), ``lead`` (of the
        best over the next), ``effects`` by metric, ``anova``. No NaN.
    anovas : dict of str to Anova
        By ``"by <term>"``, as the findings name them.
    left_out : list of str
        Sentences on what was left out.
    """

    found: dict[str, Any]
    anovas: dict[str, Anova]
    left_out: list[str]


def analyze_log(log: Log, primary: str) -> Analysis:
    """Return what the runs of a log say.

    Parameters
    ----------
    log : Log
    primary : str
        The metric by which configurations are ranked and variance is analyzed.
    """
    # Unmatched runs are only counted here, so that any column may name them.
    scores = replace(log.scores, run=log.scores.replicate)
    left_out: list[str] = []
    levels = _levels_to_compare(scores, left_out)
    metrics = _first_metrics(log, primary, left_out)
    described = describe(scores, primary)
    best = ranked(described["mean"].to_numpy(), log.metrics[primary])[:TOP]
    if len(described) > len(best):
        left_out.append(
            f"Of {len(described):,} configurations the best {len(best)} are shown; all are in"
            " tables/configurations.csv."
        )
    named = _naming(scores, left_out)
    tested = _factorial(scores, tuple(levels), primary, left_out)
    found = {
        "runs": len(scores.table),
        "seeds": int(scores.table[scores.replicate].nunique()),
        "count": len(described),
        "failed": int(np.isnan(scores.values(primary)).sum()),
        "factors": [_factor(scores, name) for name in scores.factors[:MOST_FACTORS]],
        "configurations": _configurations(scores, metrics, best, primary, named),
        "lead": _lead(scores, best, described, primary, named),
        "effects": {name: _effects(scores, levels, name) for name in metrics},
        "anova": [asdict(a) for a in tested],
    }
    return Analysis(without_nan(found), {f"by {a.term}": a for a in tested}, left_out)


def ranked(means: np.ndarray, metric: Metric) -> np.ndarray:
    """Return the order of means, shape (configurations,), the best first, the unknown last."""
    sign = -1 if metric.better == "higher" else 1
    return np.argsort(np.where(np.isnan(means), np.inf, sign * means), kind="stable")


def _levels_to_compare(scores: Scores, left_out: list[str]) -> dict[str, list]:
    """Return the levels of the factors that are compared level by level."""
    levels = {name: scores.levels(name) for name in scores.factors}
    levels = {name: found for name, found in levels.items() if len(found) > 1}
    many = [name for name, found in levels.items() if len(found) > MOST_LEVELS]
    if many:
        left_out.append(
            f"Effects and ANOVA leave out factors of more than {MOST_LEVELS} levels:"
            f" {_listed(many)}."
        )
    chosen: dict[str, list] = {}
    beyond = []
    for name in (name for name in levels if name not in many):
        steps = sum(len(found) - 1 for found in chosen.values())
        if steps + len(levels[name]) - 1 <= MOST_STEPS:
            chosen[name] = levels[name]
        else:
            beyond.append(name)
    if beyond:
        left_out.append(
            f"Effects and ANOVA hold {MOST_STEPS} steps at most, in the order of the factors, and"
            f" leave out: {_listed(beyond)}."
        )
    return chosen


def _naming(scores: Scores, left_out: list[str]) -> tuple[str, ...]:
    """Return the factors by which configurations are named: the first ones that vary."""
    factors = scores.factors
    if len(factors) > MOST_FACTORS:
        left_out.append(f"Of {len(factors):,} factors the first {MOST_FACTORS} are listed.")
    varying = tuple(name for name in factors if len(scores.levels(name)) > 1) or factors
    if len(varying) > MOST_NAMING:
        left_out.append(
            f"Configurations are named by the first {MOST_NAMING} of {len(varying)} factors that"
            " vary."
        )
    return varying[:MOST_NAMING]


def _first_metrics(log: Log, primary: str, left_out: list[str]) -> list[str]:
    metrics = sorted(log.metrics, key=lambda name: name != primary)
    if len(metrics) > MOST_METRICS:
        left_out.append(
            f"Configurations and effects are shown for {MOST_METRICS} of {len(metrics)} metrics,"
            " the primary one first; means of all are in tables/configurations.csv."
        )
    return metrics[:MOST_METRICS]


def _configurations(
    scores: Scores,
    metrics: Sequence[str],
    best: np.ndarray,
    primary: str,
    named: Sequence[str],
) -> list[dict]:
    """Return configurations by their cells, in that order, with their runs' scores."""
    cell = scores.cells()
    chosen = np.isin(cell, best)
    here, cell = scores.only(chosen), cell[chosen]
    tables = {name: describe(here, name) for name in metrics}
    # Cells are numbered by first appearance, and so are the rows of a description.
    row_of = {int(c): row for row, c in enumerate(np.sort(best))}
    rows = []
    for c in best.tolist():
        described = {name: table.iloc[row_of[c]] for name, table in tables.items()}
        runs = here.values(primary)[cell == c]
        rows.append(
            {
                "levels": _levels_of(tables[primary], row_of[c], named),
                "metrics": {name: dict(row[STATISTICS]) for name, row in described.items()},
                "scores": runs[~np.isnan(runs)][:MOST_DOTS].tolist(),
            }
        )
    return rows


def _levels_of(described: pd.DataFrame, row: int, factors: Sequence[str]) -> dict[str, Any]:
    """Return the levels of one row; a factor without effect in it is left out."""
    levels = {name: described.index.get_level_values(name)[row] for name in factors}
    return {name: plain(level) for name, level in levels.items() if pd.notna(level)}


def _lead(
    scores: Scores,
    best: np.ndarray,
    described: pd.DataFrame,
    metric: str,
    named: Sequence[str],
) -> dict | None:
    """Compare the best configuration with the next, over the seeds that both were run with."""
    if len(best) < 2:
        return None
    cell = scores.cells()
    chosen = np.isin(cell, best[:2])
    # Columns of its own, so that no name in the log can be taken for another.
    table = pd.DataFrame(
        {
            "place": np.where(cell[chosen] == best[0], 1, 2),
            "replicate": scores.table[scores.replicate].to_numpy()[chosen],
            "score": scores.values(metric)[chosen],
        }
    )
    found = contrast(Scores(table, ("place",), "replicate"), "score", "place", 2, 1)
    return _numbers(found) | {"levels": _levels_of(described, int(best[1]), named)}


def _effects(scores: Scores, levels: Mapping[str, Sequence], metric: str) -> list[dict]:
    """Contrast each level of each factor with the factor's first level."""
    return [
        {"factor": factor, "from": first, "to": level}
        | _numbers(contrast(scores, metric, factor, first, level))
        for factor, (first, *others) in levels.items()
        for level in others
    ]


def _numbers(found: Any) -> dict[str, Any]:
    """Return a contrast with its unmatched runs counted: their names would fill books."""
    return asdict(found) | {"unmatched": len(found.unmatched)}


def _factorial(
    scores: Scores, factors: tuple[str, ...], metric: str, left_out: list[str]
) -> list[Anova]:
    """Return the type II test of each factor and, where there is room for them, of each two."""
    runs = len(scores.table)
    crossed = len(factors) <= MOST_CROSSED and runs <= MOST_RUNS_CROSSED
    if not crossed and len(factors) > 1:
        left_out.append(
            f"The ANOVA has main effects alone: two-way interactions are computed up to"
            f" {MOST_CROSSED} factors and {MOST_RUNS_CROSSED:,} runs. Interactions that are"
            " claimed are tested all the same."
        )
    draws = min(DRAWS, max(999, MOST_PERMUTED // max(runs, 1)))
    try:
        return anova(scores, metric, factors=factors, order=2 if crossed else 1, draws=draws)
    except InputError as error:
        left_out.append(f"No ANOVA: {error}")
        return []


def _factor(scores: Scores, name: str) -> dict[str, Any]:
    """Return a factor with its first levels, how many it has, and how many runs are without."""
    levels = scores.levels(name)
    return {
        "name": name,
        "levels": levels[:NAMED],
        "count": len(levels),
        "without": int(scores.column(name).isna().sum()),
    }


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(map(level_text, itertools.islice(names, NAMED))) + more
