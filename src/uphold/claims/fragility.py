"""Verdicts again without each run and without each seed.

In: the tests of all claims. Out: for each claim what it depends on: the runs and seeds without
which its verdict is another, where it has five units or more. Promised: variances are moderated
and p are adjusted anew in each leave-out, over all claims, so
that a claim may depend on a run of another log. Permutations begin with few draws and go on to
2,000 and to all 10,000 where a verdict could be another by the noise of so few. Where leaving out
every run would be too much work, only those are left out in turn that lie furthest from the mean of
their configuration, which move an estimate most; the same holds for seeds; `reach` says it in
words.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np

from uphold.claims.again import Verdict
from uphold.claims.log import Log
from uphold.claims.looks import Look
from uphold.claims.outcomes import Outcome, Test
from uphold.error_rates import ALPHA, FEWEST_UNITS
from uphold.format import count
from uphold.statistics.permutation import DRAWS
from uphold.statistics.scores import codes, level_text, name_cell, records

RUN = "run"
"""The kind of a single run; that of a seed is the name of its column."""

AT_LEAST = 10
MORE_DRAWS = (2_000, DRAWS)
DRAWS_A_CLAIM = 100
"""None of 100 draws a claim as large as what was found is clearly below .05, by Holm too."""
MOST_WORK = 20_000_000
"""How many numbers are gone through for a log's claims, all that is left out taken together."""
VARIANCE, PERMUTED = 2.0, 0.2
"""What a number costs in an ANOVA, and in one of its permutations, in units of a contrast's."""


@dataclass(frozen=True)
class LeftOut:
    """A verdict that changes when something is left out.

    Attributes
    ----------
    kind : str
        ``"run"``, or the name of the replicate column.
    name : str
        Of another log than the claim's with that log's name in front.
    verdict : str
        The verdict without it.
    levels : mapping of str to object
        What a run is named by, where its name says no more: its factors and its replicate.
    log, label : str
        The log that it belongs to, and its name there.
    """

    kind: str
    name: str
    verdict: Verdict
    levels: Mapping[str, Any] = field(default_factory=dict)
    log: str = ""
    label: str = ""


Decide = Callable[[Mapping[str, Outcome]], Mapping[str, Verdict]]


def leave_out(
    logs: Mapping[str, Log],
    log_of: Mapping[str, str],
    tests: Mapping[str, Test],
    looks: Mapping[str, Look],
    outcomes: Mapping[str, Outcome],
    decide: Decide,
    single_runs: bool = True,
) -> dict[str, tuple[LeftOut, ...]]:
    """Return what each claim's verdict depends on.

    Parameters
    ----------
    logs : mapping of str to Log
    log_of : mapping of str to str
        The log that each claim is about.
    tests, looks, outcomes : mapping
        By claim; outcomes as each test gives them alone from the runs of its look.
    decide : callable
        Outcomes of all claims to their verdicts.
    single_runs : bool
        Whether single runs are left out as well, and not seeds alone.
    """
    verdicts = decide(outcomes)
    stages = _stages(outcomes.values())
    found: dict[str, list[LeftOut]] = {claim: [] for claim in tests}
    tried = {claim for claim, o in outcomes.items() if o.seeds >= FEWEST_UNITS}
    for name, log in logs.items():
        here = {claim: test for claim, test in tests.items() if log_of[claim] == name}
        if not tried.intersection(here):
            continue
        most = at_most([outcomes[claim] for claim in here], stages[0])
        rows = {claim: _rows(test, looks[claim]) for claim, test in here.items()}
        for kind, label, levels, without in _parts(log, list(rows.values()), most, single_runs):
            keep = np.ones(len(log.scores.table), dtype=bool)
            keep[without] = False
            affected = {c: t for c, t in here.items() if not keep[rows[c]].all()}
            left = {c: keep if (seen := looks[c].runs) is None else keep[seen] for c in affected}
            again = {c: t.outcome(left[c], stages[0]) for c, t in affected.items()}
            for draws, more in pairwise(stages):
                permuted = {c: o for c, o in again.items() if _permuted(o)}
                if _clear(permuted, draws, {**outcomes, **again}, decide):
                    break
                again |= {c: affected[c].outcome(left[c], more) for c in permuted}
            for claim, verdict in decide({**outcomes, **again}).items():
                if claim in tried and verdict != verdicts[claim]:
                    mine = claim in here
                    shown = label if mine else f"{name}: {label}"
                    left_out = LeftOut(kind, shown, verdict, levels if mine else {}, name, label)
                    found[claim].append(left_out)
    return {claim: tuple(changes) for claim, changes in found.items()}


def _rows(test: Test, look: Look) -> np.ndarray:
    """Return where the runs that a claim is tested with stand in the whole log."""
    return test.rows if look.runs is None else np.flatnonzero(look.runs)[test.rows]


def reach(runs: int, outcomes: Collection[Outcome]) -> str:
    """Return a sentence on what is left out of a log of so many runs; nothing where it is all.

    ``outcomes`` are those of all claims, all about this one log.
    """
    most = at_most(outcomes, _stages(outcomes)[0])
    if runs <= most:
        return ""
    return (
        "Whether a verdict depends on a single run was tried with at least the"
        f" {count(most)} of {count(runs)} runs that lie furthest from the mean of their"
        " configuration, and as many seeds."
    )


def units_left_out(
    log: Log, here: Collection[Outcome], outcomes: Collection[Outcome]
) -> tuple[str, ...]:
    """Return the units of a log by name where each of them is left out in turn, else none.

    ``here`` are the outcomes of the claims about this log, ``outcomes`` those of all claims.
    """
    units = tuple(map(level_text, log.scores.levels(log.scores.replicate)))
    tried = any(o.seeds >= FEWEST_UNITS for o in here)
    return units if tried and len(units) <= at_most(here, _stages(outcomes)[0]) else ()


def at_most(outcomes: Collection[Outcome], draws: int) -> int:
    """Return how many runs, and how many seeds, are left out in turn at most.

    ``draws`` are the permutations that each takes where it takes any.
    """
    return max(AT_LEAST, int(MOST_WORK / max(sum(_work(o, draws) for o in outcomes), 1)))


def _stages(outcomes: Collection[Outcome]) -> list[int]:
    """Return how many permutations are drawn at first, and then where so many are not clear."""
    tested = sum(o.p >= 0 for o in outcomes)
    first = min(max(2, tested) * DRAWS_A_CLAIM, MORE_DRAWS[-1])
    return [first, *(draws for draws in MORE_DRAWS if draws > first)]


def _work(o: Outcome, draws: int) -> float:
    """Return how many numbers a claim's test goes through, the pairs of an ANOVA's levels too."""
    if o.anova is None:
        return o.runs
    drawn = draws if _permuted(o) and o.p < ALPHA else 0
    return o.runs * (VARIANCE + PERMUTED * drawn) + o.levels**2


def _permuted(o: Outcome) -> bool:
    return o.anova is not None and o.p >= 0 and o.anova.p_permutation >= 0


def _clear(
    permuted: Mapping[str, Outcome], draws: int, outcomes: Mapping[str, Outcome], decide: Decide
) -> bool:
    """Return whether three standard errors of the permutation p's change no verdict."""
    if not permuted:
        return True

    def moved(by: int) -> Mapping[str, Verdict]:
        nudged = {}
        for claim, o in permuted.items():
            assert o.anova is not None
            p = o.anova.p_permutation
            p = p + by * np.sqrt(p * (1 - p) / draws)
            nudged[claim] = replace(o, p=replace(o.anova, p_permutation=p).verdict_p)
        return decide({**outcomes, **nudged})

    return moved(-3) == moved(3)


def _parts(
    log: Log, tested: Sequence[np.ndarray], most: int, single_runs: bool
) -> list[tuple[str, str, dict[str, Any], np.ndarray]]:
    """Return (kind, name, levels, rows) of the runs and seeds to leave out, ``most`` of each.

    ``single_runs``: whether runs are left out at all.
    """
    scores = log.scores
    rows = np.unique(np.concatenate(tested))
    weight = _distance(log)
    runs = _heaviest(rows, weight[rows], most if single_runs else 0)
    names = scores.run_names(runs)
    every = records(scores.table.iloc[runs], [*scores.factors, *scores.replicates])
    parts = [
        (RUN, run, levels if name_cell(levels) == run else {}, np.array([row]))
        for row, run, levels in zip(runs, names, every, strict=True)
    ]
    seed = codes(scores.table, [scores.replicate])
    seeds = np.unique(seed[rows])
    moved = np.bincount(seed, weight, minlength=seeds.max(initial=-1) + 1)[seeds]
    for s in _heaviest(seeds, moved, most):
        members = np.flatnonzero(seed == s)
        label = level_text(scores.table[scores.replicate].iloc[members[0]])
        parts.append((scores.replicate, label, {}, members))
    return parts


def _distance(log: Log) -> np.ndarray:
    """Return how far each run lies from its configuration's mean, in the metrics' margins."""
    cell = log.scores.cells()
    total = np.zeros(cell.size)
    for name, metric in log.metrics.items():
        values = log.scores.values(name)
        known = ~np.isnan(values)
        size = cell.max(initial=-1) + 1
        n = np.maximum(np.bincount(cell[known], minlength=size), 1)
        mean = np.bincount(cell[known], values[known], minlength=size) / n
        total = np.fmax(total, np.abs(values - mean[cell]) / metric.margin)
    return total


def _heaviest(candidates: np.ndarray, weight: np.ndarray, most: int) -> np.ndarray:
    """Return the candidates to leave out: all of them, or the heaviest where there are more."""
    if candidates.size <= most:
        return candidates
    return np.sort(candidates[np.argsort(-weight, kind="stable")[:most]])
