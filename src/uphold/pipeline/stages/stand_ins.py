"""A write-up whose data lack what it claims about → the same one about what they have.

What comes in: what there is to analyze of a write-up, and the scores of its runs. What goes out:
the same, but that metrics are exchanged for the scores that the study names for them, in claims,
their sentences and the leading metric; what no run of these data can have; and what a page says of
it. What is promised: nothing is exchanged where any run has a score of any of these metrics, or
none of what would stand in.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from uphold.analysis.model.writeup import StoodIn
from uphold.claims.claim import Claim
from uphold.claims.metric import Metric
from uphold.pipeline.study import StandIns

if TYPE_CHECKING:
    from uphold.pipeline.stages.analyze import Job


def stood_in(job: Job, tables: Collection[pd.DataFrame]) -> tuple[Job, StoodIn | None]:
    """Return a job about scores that there are, and what was exchanged, None where nothing was.

    Parameters
    ----------
    job : Job
    tables : collection of DataFrame
        The scores of each of its sweeps, one row a run.
    """

    def scored(name: str) -> bool:
        return any(name in table and table[name].notna().any() for table in tables)

    declared = job.study.stand_ins
    if declared is None or not any(map(scored, job.metrics)):
        return job, None
    job, told = _exchanged(job, declared, scored)
    claimed = {claim.metric for claim in job.claims.values()}
    absent = {m: why for m, why in declared.absent.items() if m in claimed and not scored(m)}
    if not absent:
        return job, told
    told = told or StoodIn(why="", labels={}, metrics={})
    missing = {job.metrics[metric].label: why for metric, why in absent.items()}
    return replace(job, absent=absent), told.model_copy(update={"absent": missing})


def _exchanged(
    job: Job, declared: StandIns, scored: Callable[[str], bool]
) -> tuple[Job, StoodIn | None]:
    """Return a job about what stands in, and what was exchanged; nothing where all is there."""
    instead = {metric: s for metric, s in declared.scores.items() if metric in job.metrics}
    if any(map(scored, instead)) or not any(scored(score) for score, _ in instead.values()):
        return job, None
    metrics = dict(job.metrics)
    for metric, (score, label) in instead.items():
        metrics.setdefault(score, _alike(job.metrics[metric], label))
    labels = {job.metrics[m].label: metrics[score].label for m, (score, _) in instead.items()}
    score_of = {metric: score for metric, (score, _) in instead.items()}
    claims = {name: _about(claim, score_of, labels) for name, claim in job.claims.items()}
    components = {
        name: {**spread, "metric": score_of.get(spread["metric"], spread["metric"])}
        for name, spread in job.components.items()
    }
    asked = {job.primary, *(claim.metric for claim in job.claims.values())} & set(instead)
    named = {
        job.metrics[m].label: metrics[score_of[m]].label
        for m in job.metrics
        if m in asked and scored(score_of[m])
    }
    told = StoodIn(why=declared.why, labels=named, metrics=score_of)
    primary = score_of.get(job.primary, job.primary)
    exchanged = replace(job, claims=claims, components=components, primary=primary)
    return replace(exchanged, metrics=metrics), told


def _alike(metric: Metric, label: str) -> Metric:
    """Return a metric of that label with the margin and the direction of another one."""
    return Metric(label=label, better=metric.better, margin=metric.margin, kind=metric.kind)


def _about(claim: Claim, score_of: dict[str, str], labels: dict[str, str]) -> Claim:
    """Return a claim about what stands in for its metric; its sentence names no other."""
    if claim.metric not in score_of:
        return claim
    says = claim.says
    for label in sorted(labels, key=len, reverse=True):
        says = says.replace(label, labels[label])
    return claim.model_copy(update={"metric": score_of[claim.metric], "says": says})
