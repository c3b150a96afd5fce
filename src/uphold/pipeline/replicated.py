"""Decisive verdicts and what fresh seeds alone said of them → how each stands today.

In: the claims of a write-up as they are judged, the runs behind them, and the last replication.
Out: for each decisive verdict what the replication said. Promised: nothing is told of a verdict
that is not the one that was tried: with another test, margin, role, evaluation or run behind it,
or as another verdict, it counts as one of an earlier state.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from uphold.analysis.model.found import read
from uphold.analysis.model.replication import Replication, Side, Tried
from uphold.claims.judgement import Judgement
from uphold.claims.log import Log
from uphold.format import counted, interval, number
from uphold.pipeline.rests_on import configurations_of


def decisive(judged: Mapping[str, Judgement]) -> dict[str, Judgement]:
    """Return the claims that are decided."""
    return {name: j for name, j in judged.items() if j.verdict != "inconclusive"}


def state_of(j: Judgement, log: Log, runs: pd.DataFrame, evaluation: Mapping[str, Any]) -> str:
    """Return a digest of a verdict and of all that it rests on.

    Parameters
    ----------
    j : Judgement
    log : Log
        The one that it is about.
    runs : DataFrame
        One row a run of the sweep: ``configuration`` and ``key``, which stands for data, code,
        settings and seed.
    evaluation : mapping
        How predictions were scored.
    """
    behind = runs[runs["configuration"].isin(configurations_of(j, log))]
    rests_on = {
        "test": j.claim.as_written(),
        "role": j.claim.role,
        "margin": j.metric.margin,
        "better": j.metric.better,
        "verdict": j.verdict,
        "evaluation": dict(evaluation),
        "runs": sorted(behind["key"]),
    }
    text = json.dumps(rests_on, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def replication(path: Path, writeup: str) -> Replication:
    """Read a write-up's replication; without the file nothing was replicated."""
    if not path.is_file():
        return Replication()
    return read(Replication, path, f"uphold replicate {writeup}")


def tried(
    judged: Mapping[str, Judgement], found: Replication, state: Callable[[Judgement], str]
) -> dict[str, Tried]:
    """Return how the decisive verdicts stand.

    Parameters
    ----------
    judged : mapping of str to Judgement
    found : Replication
    state : callable
        Gives the digest of what a verdict rests on now; asked for those that were tried.
    """
    standing = {}
    for name, j in decisive(judged).items():
        last = found.claims.get(name)
        if last is None:
            standing[name] = Tried(outcome="not tried")
        elif last.state != state(j):
            standing[name] = Tried(outcome="of an earlier state")
        else:
            standing[name] = Tried(outcome=last.outcome, found=last)
    return standing


def told(found: Replication) -> Iterator[str]:
    """Yield for each verdict that was tried what came of it."""
    for name, one in found.claims.items():
        seen = " that were looked at before" * one.seen
        yield (
            f"{name}: {one.outcome}; first {_side(one.first)}, fresh seeds{seen} {_side(one.fresh)}"
        )


def summary(found: Replication) -> str:
    """Say how many of the verdicts that were tried held."""
    outcomes = [one.outcome for one in found.claims.values()]
    verdicts = counted(len(outcomes), "decisive verdict")
    others = "".join(
        f", {outcomes.count(other)} {other}"
        for other in ("not decided again", "contradicted")
        if other in outcomes
    )
    return f"{outcomes.count('held')} of {verdicts} held on fresh seeds{others}"


def _side(side: Side) -> str:
    return f"{side.verdict} {number(side.value, 4)} ({interval(side, 4)})"
