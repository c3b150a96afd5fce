"""The runs of a log → everything that a page shows of them, for sweeps and anyone's logs alike.

What comes in: a log with one row a run, the metric that leads, and the design of a sweep, where
there is one. What goes out: a `SweepFound`, or the `Runs` of a log. What is promised: every number
of a page is computed here, in the claims or in the audit, from runs; documents only format. A sweep
is shown whole, a log without a design as far as a report has room: see `uphold.analysis.extent`.
Effects and ANOVAs are taken at declared looks, as claims are: see `uphold.analysis.seen`; means and
rankings are over all runs.
"""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, overload

import numpy as np
import pandas as pd

from uphold.analysis.best import short_of_best
from uphold.analysis.designed import designed
from uphold.analysis.extent import NAMED, Extent, bounded, whole
from uphold.analysis.model.estimates import Anova, Description, Effect
from uphold.analysis.model.runs import (
    Along,
    Best,
    Configuration,
    Design,
    DrawnConfiguration,
    Factor,
    Promoted,
    Runs,
    Short,
    SweepFound,
)
from uphold.analysis.seen import Seen
from uphold.claims.log import Log
from uphold.claims.metric import Metric
from uphold.claims.training_identity import trained_alike, under_one_name
from uphold.errors import InputError
from uphold.statistics.best import Best as Compared
from uphold.statistics.contrasts import contrast
from uphold.statistics.descriptions import describe
from uphold.statistics.factorial import anova
from uphold.statistics.scores import Scores, plain

RUNS = "runs"
"""The name of anyone's log on its page."""

CONFIGURATION = "configuration"
"""The column that names the configurations of a sweep."""

MOST_DOTS = 1_000
"""Single scores of a configuration that are drawn."""


@overload
def analyze(log: Log, primary: str) -> Runs: ...


@overload
def analyze(log: Log, primary: str, design: Design, promoted: Promoted) -> SweepFound: ...


def analyze(
    log: Log, primary: str, design: Design | None = None, promoted: Promoted | None = None
) -> SweepFound | Runs:
    """Return what the runs of a log say.

    Parameters
    ----------
    log : Log
        Failed runs have no scores; of a sweep the columns ``status`` and ``failure`` say why.
    primary : str
        The metric by which configurations are ranked and variance is analyzed.
    design, promoted : optional
        Of a sweep. Levels, and with them the effects, are reported in the order of the design.
    """
    extent = whole(log, design) if design else bounded(log, primary)
    # Unmatched runs of a log are only counted, so that any column may name them.
    scores = log.scores if design else replace(log.scores, run=log.scores.replicate)
    described = describe(scores, primary)
    means = described["mean"].to_numpy()
    names = _first_of_each(scores)[CONFIGURATION] if design else None
    ranking = ranked(means, log.metrics[primary], names)
    one = under_one_name(log, trained_alike(log))
    best = short_of_best(scores, primary, log.metrics[primary], one)
    configurations = _configurations(scores, extent, ranking, _shorts(best))
    seen = Seen(replace(log, scores=scores))
    tested, left_out = _anova(seen.common, extent, primary)
    single = log.together() == 1
    both = {
        "runs": int(single.sum()),
        "best": best and Best(compared=best[0].size, candidates=int(best[1].candidate.sum())),
        "effects": {
            metric: [
                Effect(
                    factor=factor,
                    from_=a,
                    to=b,
                    **_change(seen.of(factor, a, b), extent, metric, factor, a, b),
                )
                for factor, a, b in extent.moves
            ]
            for metric in extent.metrics
        },
        "anova": tested,
    }
    if design and names is not None:
        failed = scores.table[(scores.table["status"] != "ok") & single]
        return SweepFound(
            title=design.title,
            design=design,
            promoted=promoted,
            ensembles=int((~single).sum()),
            failed=dict(zip(failed["run"], failed["failure"], strict=True)),
            configurations=[
                Configuration(configuration=names.iloc[cell], **found)
                for cell, found in configurations.items()
            ],
            **both,
            **designed(log, design, extent.moves, extent.metrics, primary),
        )
    return Runs(
        title=RUNS,
        seeds=scores.table[scores.replicate].nunique(),
        count=len(described),
        failed=np.isnan(scores.values(primary)).sum(),
        factors=[_factor(scores, name) for name in extent.listed],
        numeric=[_along(scores, name, scale) for name, scale in log.numeric.items()],
        configurations=[
            DrawnConfiguration(scores=_scores_of(scores, primary, cell), **found)
            for cell, found in configurations.items()
        ],
        left_out=(*extent.left_out, *left_out),
        **both,
    )


def ranked(means: np.ndarray, metric: Metric, names: pd.Series | None = None) -> np.ndarray:
    """Return the order of means, shape (configurations,), the best first, the unknown last.

    Equal means keep their order, or that of their names where they have some.
    """
    sign = -1 if metric.better == "higher" else 1
    ties = np.arange(len(means)) if names is None else names.to_numpy(dtype=str)
    return np.lexsort((ties, np.where(np.isnan(means), np.inf, sign * means)))


def _first_of_each(scores: Scores) -> pd.DataFrame:
    """Return the first run of each cell, in the order of the cells."""
    return scores.table.iloc[np.unique(scores.cells(), return_index=True)[1]]


def _shorts(found: tuple[np.ndarray, Compared] | None) -> dict[int, Short]:
    """Return by cell how far it may fall short of the best one."""
    if found is None:
        return {}
    cells, best = found
    return {
        cell: Short(most=abs(low), candidate=candidate)
        for cell, low, candidate in zip(
            cells.tolist(), best.low.tolist(), best.candidate.tolist(), strict=True
        )
    }


def _configurations(
    scores: Scores, extent: Extent, ranking: np.ndarray, shorts: Mapping[int, Short]
) -> dict[int, dict[str, Any]]:
    """Return the levels and the metrics of the best cells, the best first."""
    best = ranking[: extent.configurations]
    here = scores.only(np.isin(scores.cells(), best))
    rows = _first_of_each(here)[list(extent.naming)].to_dict("records")
    tables = {name: describe(here, name).to_dict("records") for name in extent.metrics}
    # Cells are numbered by first appearance, and so are the rows of a description.
    row_of = {cell: row for row, cell in enumerate(np.sort(best).tolist())}
    return {
        cell: {
            "levels": {
                f: v if extent.whole else plain(v)
                for f, v in rows[row_of[cell]].items()
                if pd.notna(v)
            },
            "metrics": {name: Description(**table[row_of[cell]]) for name, table in tables.items()},
            "short": shorts.get(cell),
        }
        for cell in best.tolist()
    }


def _scores_of(scores: Scores, metric: str, cell: int) -> list[float]:
    """Return the single scores of a cell's runs, as many as are drawn."""
    found = scores.values(metric)[scores.cells() == cell]
    drawn: list[float] = found[~np.isnan(found)][:MOST_DOTS].tolist()
    return drawn


def _change(scores: Scores, extent: Extent, metric: str, *move: Any) -> dict[str, Any]:
    """Return a contrast; in a report unmatched runs are counted: their names would fill books."""
    found = asdict(contrast(scores, metric, *move))
    return found if extent.whole else found | {"unmatched": len(found["unmatched"])}


def _anova(scores: Scores, extent: Extent, metric: str) -> tuple[list[Anova], list[str]]:
    """Return the type II tests; of a log that allows none, why."""
    try:
        found = anova(scores, metric, factors=extent.varied, order=extent.order)
    except InputError as error:
        if extent.whole:
            raise
        return [], [f"No ANOVA: {error}"]
    return [Anova.model_validate(one) for one in found], []


def _factor(scores: Scores, name: str) -> Factor:
    levels = scores.levels(name)
    without = int(scores.column(name).isna().sum())
    return Factor(name=name, levels=levels[:NAMED], count=len(levels), without=without)


def _along(scores: Scores, name: str, scale: str) -> Along:
    values = scores.values(name)
    known = values[~np.isnan(values)]
    low, high = (float(end(known)) if known.size else None for end in (np.min, np.max))
    without = values.size - known.size
    count = np.unique(known).size
    return Along(name=name, scale=scale, low=low, high=high, count=count, without=without)
