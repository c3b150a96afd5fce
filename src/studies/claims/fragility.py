"""Verdicts again without each run and without each seed.

In: the tests of all claims. Out: for each claim what it hangs on: the runs and seeds without which
its verdict is another. Promised: p are adjusted anew in each leave-out, over all claims, so that a
claim may hang on a run of another log. Permutations begin with 2,000 draws and go on to all 10,000
where a verdict could be another by the noise of so few. In logs of more than 1,000 runs not every
run is left out in turn, but the ones that lie furthest from the mean of their configuration, which
move an estimate most; the same holds for seeds; `reach` says it in words.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from studies.claims.log import Log
from studies.claims.outcomes import Test
from studies.claims.verdicts import Outcome, Verdict
from studies.statistics.scores import codes, level_text

EVERY_RUN_UP_TO = 1_000
AT_LEAST = 50
FEW_DRAWS = 2_000


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
    """

    kind: str
    name: str
    verdict: Verdict


Decide = Callable[[Mapping[str, Outcome]], Mapping[str, Verdict]]


def leave_out(
    logs: Mapping[str, Log],
    log_of: Mapping[str, str],
    tests: Mapping[str, Test],
    outcomes: Mapping[str, Outcome],
    decide: Decide,
) -> dict[str, tuple[LeftOut, ...]]:
    """Return what each claim's verdict hangs on.

    Parameters
    ----------
    logs : mapping of str to Log
    log_of : mapping of str to str
        The log that each claim is about.
    tests, outcomes : mapping
        By claim.
    decide : callable
        Outcomes of all claims to their verdicts.
    """
    verdicts = decide(outcomes)
    found: dict[str, list[LeftOut]] = {claim: [] for claim in tests}
    for name, log in logs.items():
        here = {claim: test for claim, test in tests.items() if log_of[claim] == name}
        for kind, label, without in _parts(log, here):
            keep = np.ones(len(log.scores.table), dtype=bool)
            keep[without] = False
            touched = {c: t for c, t in here.items() if not keep[t.rows].all()}
            again = {c: t.outcome(keep, FEW_DRAWS) for c, t in touched.items()}
            if not _clear(again, outcomes, decide):
                again = {c: t.outcome(keep) for c, t in touched.items()}
            for claim, verdict in decide({**outcomes, **again}).items():
                if verdict != verdicts[claim]:
                    shown = label if claim in here else f"{name}: {label}"
                    found[claim].append(LeftOut(kind, shown, verdict))
    return {claim: tuple(changes) for claim, changes in found.items()}


def reach(runs: int) -> str:
    """Return a sentence on what is left out of a log of so many runs; nothing where it is all."""
    if runs <= EVERY_RUN_UP_TO:
        return ""
    return (
        "Whether a verdict hangs on a single run was tried with at least the"
        f" {_most(runs):,} of {runs:,} runs that lie furthest from the mean of their"
        " configuration, and as many seeds."
    )


def _clear(again: Mapping[str, Outcome], outcomes: Mapping[str, Outcome], decide: Decide) -> bool:
    """Return whether three standard errors of the permutation p's change no verdict."""
    by_draws = {
        claim: o
        for claim, o in again.items()
        if o.anova is not None and o.anova.verdict_test == "permutation"
    }
    if not by_draws:
        return True

    def moved(by: int) -> Mapping[str, Verdict]:
        noise = {c: by * np.sqrt(o.p * (1 - o.p) / FEW_DRAWS) for c, o in by_draws.items()}
        nudged = {c: replace(o, p=o.p + noise[c]) for c, o in by_draws.items()}
        return decide({**outcomes, **again, **nudged})

    return moved(-3) == moved(3)


def _parts(log: Log, tests: Mapping[str, Test]) -> list[tuple[str, str, np.ndarray]]:
    """Return (kind, name, rows) of every run and every seed that some claim uses."""
    if not tests:
        return []
    scores = log.scores
    rows = np.unique(np.concatenate([test.rows for test in tests.values()]))
    weight = _distance(log)
    runs = _heaviest(rows, weight[rows], rows.size)
    names = scores.run_names(runs)
    parts = [("run", run, np.array([row])) for row, run in zip(runs, names, strict=True)]
    seed = codes(scores.table, [scores.replicate])
    seeds = np.unique(seed[rows])
    moved = np.bincount(seed, weight, minlength=seeds.max(initial=-1) + 1)[seeds]
    for s in _heaviest(seeds, moved, rows.size):
        members = np.flatnonzero(seed == s)
        label = level_text(scores.table[scores.replicate].iloc[members[0]])
        parts.append((scores.replicate, label, members))
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


def _heaviest(candidates: np.ndarray, weight: np.ndarray, runs: int) -> np.ndarray:
    """Return the candidates to leave out: all of them, or the heaviest in large logs."""
    most = _most(runs)
    if candidates.size <= most:
        return candidates
    return np.sort(candidates[np.argsort(-weight, kind="stable")[:most]])


def _most(runs: int) -> int:
    return max(AT_LEAST, EVERY_RUN_UP_TO**2 // max(runs, 1))
