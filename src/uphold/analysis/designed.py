"""What a declared design shows beyond the effects of its factors.

What comes in: the log of a sweep and its design. What goes out: how effects divide among bands of
items, the means at every two levels, how factors depend on each other, whether gains add up, and
which arms are one arm. All of it is typed; see `uphold.analysis.model`.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from uphold.analysis.extent import Move, plain_levels
from uphold.analysis.model.estimates import (
    Additivity,
    Breakdown,
    Cell,
    Estimate,
    Interaction,
    Pair,
    Part,
)
from uphold.analysis.model.runs import Design
from uphold.analysis.seen import Seen
from uphold.audits.arms import same_arms
from uphold.claims.log import Log
from uphold.claims.training_identity import training
from uphold.statistics.additivity import additivity
from uphold.statistics.breakdown import OVERALL, Band, bands
from uphold.statistics.descriptions import describe, marginal_means
from uphold.statistics.interactions import Step, interaction
from uphold.statistics.scores import Scores, level_text

ARM = "arm"
"""The factor of designs whose levels are named arms."""


def designed(
    log: Log, design: Design, moves: Sequence[Move], metrics: Sequence[str], primary: str
) -> dict[str, Any]:
    """Return those parts of a `uphold.analysis.model.runs.SweepFound`, by name."""
    scores, levels, seen = log.scores, design.levels, Seen(log)
    divided = {name: _breakdowns(log, seen, moves, name) for name in metrics}
    return {
        "breakdowns": {name: found for name, found in divided.items() if found},
        "pairs": {name: _pairs(scores, levels, name) for name in metrics},
        "marginal_means": _marginal_means(scores, levels, primary),
        "interactions": _interactions(seen.common, levels, primary),
        "additivity": _additivity(seen.common, levels, primary),
        "together": _together(log, seen, design, primary),
        "identical_arms": _identical_arms(log),
    }


def _identical_arms(log: Log) -> list[list[str]]:
    """Return the groups of configurations whose actual training sets are the same.

    Only configurations that differ in nothing but factors of the training set are compared. They
    are the same arm if, seed by seed, their training sets have the same digest: whatever such a
    factor seems to do, it did nothing. The audit's ``no-op-arm`` goes by the same groups.
    """
    known = training(log)
    if known is None or not known.acting:
        return []
    arm = log.scores.cells()
    first = log.scores.table.groupby(arm)["configuration"].first().tolist()
    return sorted(sorted(first[a] for a in group) for group in same_arms(log, known, arm))


def _breakdowns(log: Log, seen: Seen, moves: Sequence[Move], metric: str) -> list[Breakdown]:
    """Divide each step's effect among the metric's bands of items, none where it has no bands."""
    named = {name: _band(log, part) for name, part in log.metrics[metric].bands.items()}
    parts = {name: band for name, band in named.items() if band}
    overall = _band(log, metric)
    if not parts or overall is None or len(parts) < len(named):
        return []
    return [
        Breakdown(
            factor=factor,
            from_=before,
            to=after,
            parts={name: Part.model_validate(part) for name, part in divided.items()},
            sum=sum(part.contribution.value for k, part in divided.items() if k != OVERALL),
        )
        for factor, before, after in moves
        if (
            divided := bands(
                seen.of(factor, before, after), parts, factor, before, after, overall=overall
            )
        )
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


def _pairs(scores: Scores, levels: Mapping[str, Sequence[Any]], metric: str) -> list[Pair]:
    """Describe the runs at every two levels of every two factors; None: a level without effect."""
    found = []
    for a, b in itertools.combinations(levels, 2):
        table = describe(scores, metric, by=(a, b)).rename_axis(["a", "b"]).reset_index()
        rows = tuple(Cell(**row) for row in table.to_dict("records"))
        found.append(Pair(factors=(a, b), rows=rows))
    return found


def _marginal_means(
    scores: Scores, levels: Mapping[str, Sequence[Any]], metric: str
) -> dict[str, dict[str, Estimate]]:
    return {
        factor: {
            level_text(level): Estimate.model_validate(estimate)
            for level, estimate in marginal_means(scores, metric, factor).items()
        }
        for factor in levels
    }


def _interactions(
    scores: Scores, levels: Mapping[str, Sequence[Any]], metric: str
) -> list[Interaction]:
    """Return the difference of differences of every two factors with two levels each."""
    return [
        Interaction(of=a.factor, by=b.factor, **asdict(interaction(scores, metric, of=a, by=b)))
        for a, b in itertools.combinations(_switches(levels), 2)
    ]


def _additivity(
    scores: Scores, levels: Mapping[str, Sequence[Any]], metric: str
) -> Additivity | None:
    """Return whether the gains of all factors with two levels add up; None for a single one."""
    steps = _switches(levels)
    found = additivity(scores, metric, steps) if len(steps) > 1 else None
    return Additivity.model_validate(found) if found else None


def _together(log: Log, seen: Seen, design: Design, primary: str) -> dict[str, Additivity]:
    """Return whether the gains of single arms add up to the gain of the arm that joins them.

    Of a list of arms in which one changes nothing, some change one setting each, and one changes
    all that these change. Each of the single ones is then a step that is taken or not. Nothing for
    other designs.
    """
    arms = design.arms if design.kind == "listed" else {}
    singles = {name: change for name, change in arms.items() if len(change) == 1}
    union = {key: value for change in singles.values() for key, value in change.items()}
    joint = next((name for name, change in arms.items() if change == union), None)
    plain = next((name for name, change in arms.items() if not change), None)
    if len(singles) < 2 or len(union) < len(singles) or None in (joint, plain):
        return {}
    scores = seen.at(log.scores.table[ARM].isin([plain, *singles, joint]).to_numpy())
    rows = scores.table[scores.table[ARM].isin([plain, *singles, joint])]
    taken = {f"{ARM}={name}": rows[ARM].isin([name, joint]) for name in singles}
    others = [name for name in scores.factors if name != ARM]
    scores = replace(scores, table=rows.assign(**taken), factors=(*taken, *others))
    steps = [Step(name, False, True) for name in taken]
    metrics = [primary, *log.metrics[primary].bands.values()]
    return {name: Additivity.model_validate(additivity(scores, name, steps)) for name in metrics}


def _switches(levels: Mapping[str, Sequence[Any]]) -> list[Step]:
    """Return the steps of the factors that have two levels."""
    return [Step(name, *two) for name, two in plain_levels(levels).items() if len(two) == 2]
