"""What of a log's runs is looked at: all of a declared design, or what a report has room for.

What comes in: a checked log, and the design of a sweep, where there is one. What goes out: an
`Extent`, with a sentence on everything that it leaves out. What is promised: a sweep is shown
whole; the work on anyone's log, and the size of its report, stay bounded, however wide the log is.

In a log without a design a factor's levels are taken in sorted order, and the first one is the
baseline.
"""

import itertools
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from uphold.analysis.model.runs import Design
from uphold.claims.log import Log
from uphold.format import counted
from uphold.statistics.scores import Scores, level_text

# How much a report holds at most; what is beyond is counted in a sentence.
TOP = 12
MOST_LEVELS = 12
MOST_STEPS = 20
MOST_METRICS = 3
MOST_FACTORS = 30
MOST_NAMING = 8
MOST_CROSSED = 6
MOST_RUNS_CROSSED = 20_000
NAMED = 8

Move = tuple[str, Any, Any]
"""A factor, and the levels that it goes from and to."""


@dataclass(frozen=True)
class Extent:
    """What is looked at.

    Attributes
    ----------
    whole : bool
        Whether it is a declared design: its levels and runs are then named as they stand.
    metrics : tuple of str
        By which configurations are described and effects are measured.
    moves : tuple of Move
        The effects.
    varied : tuple of str
        The factors among which variance is analyzed.
    order : int
        Of the ANOVA: 2 with two-way interactions, 1 without.
    naming : tuple of str
        The factors by which configurations are named.
    listed : tuple of str
        The factors that are listed with their levels.
    configurations : int
        How many, the best ones.
    left_out : tuple of str
        Sentences on what is left out.
    """

    whole: bool
    metrics: tuple[str, ...]
    moves: tuple[Move, ...]
    varied: tuple[str, ...]
    order: int
    naming: tuple[str, ...]
    listed: tuple[str, ...]
    configurations: int
    left_out: tuple[str, ...] = ()


def whole(log: Log, design: Design) -> Extent:
    """Return all of a declared design, by every metric that has a score.

    Effects go from each factor's first level to every other one; in a ladder, whose arms each add
    to the one before, they go from arm to arm.
    """
    moves: list[Move] = []
    for factor, levels in plain_levels(design.levels).items():
        before = levels[:-1] if design.kind == "ladder" else itertools.repeat(levels[0])
        moves += [(factor, a, b) for a, b in zip(before, levels[1:], strict=False)]
    return Extent(
        whole=True,
        metrics=tuple(name for name in log.metrics if log.scores.table[name].notna().any()),
        moves=tuple(moves),
        varied=tuple(name for name, levels in design.levels.items() if len(levels) > 1),
        order=2,
        naming=log.scores.factors,
        listed=log.scores.factors,
        configurations=sys.maxsize,
    )


def bounded(log: Log, primary: str) -> Extent:
    """Return what a report of a log without a design has room for."""
    scores = log.scores
    levels, left_out = _compared(scores)
    metrics = sorted(log.metrics, key=lambda name: name != primary)
    if len(metrics) > MOST_METRICS:
        left_out.append(
            f"Configurations and effects are shown for {MOST_METRICS} of {len(metrics)} metrics,"
            " the primary one first; means of all are in tables/configurations.csv."
        )
    count = int(scores.cells().max()) + 1
    if count > TOP:
        left_out.append(
            f"Of {counted(count, 'configuration')} the best {TOP} are shown; all are in"
            " tables/configurations.csv."
        )
    if len(scores.factors) > MOST_FACTORS:
        left_out.append(
            f"Of {counted(len(scores.factors), 'factor')} the first {MOST_FACTORS} are listed."
        )
    varying = tuple(name for name in scores.factors if len(scores.levels(name)) > 1)
    varying = varying or scores.factors
    if len(varying) > MOST_NAMING:
        left_out.append(
            f"Configurations are named by the first {MOST_NAMING} of {len(varying)} factors that"
            " vary."
        )
    runs = len(scores.table)
    crossed = len(levels) <= MOST_CROSSED and runs <= MOST_RUNS_CROSSED
    if not crossed and len(levels) > 1:
        left_out.append(
            f"The ANOVA has main effects alone: two-way interactions are computed up to"
            f" {MOST_CROSSED} factors and {counted(MOST_RUNS_CROSSED, 'run')}. Interactions that"
            " are claimed are tested all the same."
        )
    return Extent(
        whole=False,
        metrics=tuple(metrics[:MOST_METRICS]),
        moves=tuple(
            (name, first, to) for name, (first, *others) in levels.items() for to in others
        ),
        varied=tuple(levels),
        order=2 if crossed else 1,
        naming=varying[:MOST_NAMING],
        listed=scores.factors[:MOST_FACTORS],
        configurations=TOP,
        left_out=tuple(left_out),
    )


def plain_levels(levels: Mapping[str, Sequence[Any]]) -> dict[str, list[Any]]:
    """Return the levels as they stand in a log, where a level that is a list is one text."""
    return {
        name: ["+".join(v) if isinstance(v, list) else v for v in levels[name]] for name in levels
    }


def _compared(scores: Scores) -> tuple[dict[str, list[Any]], list[str]]:
    """Return the levels of the factors that are compared level by level, and what is not."""
    left_out = []
    levels = {name: scores.levels(name) for name in scores.factors}
    levels = {name: found for name, found in levels.items() if len(found) > 1}
    many = [name for name, found in levels.items() if len(found) > MOST_LEVELS]
    if many:
        left_out.append(
            f"Effects and ANOVA leave out factors of more than {MOST_LEVELS} levels:"
            f" {_listed(many)}."
        )
    chosen: dict[str, list[Any]] = {}
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
    return chosen, left_out


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(map(level_text, names[:NAMED])) + more
