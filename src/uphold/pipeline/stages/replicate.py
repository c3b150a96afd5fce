"""``uphold replicate``: the runs behind every decisive verdict on fresh seeds → whether it holds.

What comes in: a write-up as it was analyzed, and what its sweeps are trained from. What goes out:
``replication.json`` in the write-up's folder, for git to keep, with a digest of each verdict that
was tried. What is promised: the fresh seeds chose nothing and are none of a design's own; the fresh
runs go through the same journal, evaluation and judging as the first, and are judged alone, in one
look, with all decisive claims as one family of their roles; nothing of the write-up's sweeps is
touched; whatever was trained stays trained when it is interrupted.
"""

import hashlib
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from uphold.analysis.extent import whole
from uphold.analysis.findings import plain_number
from uphold.analysis.model.found import read
from uphold.analysis.model.replication import Change, FreshRuns, Replicated, Replication, Side
from uphold.analysis.model.runs import Design
from uphold.claims.again import held
from uphold.claims.judge import judge
from uphold.claims.judgement import Judgement
from uphold.claims.log import Log
from uphold.claims.moderation import Effect
from uphold.disk import publish
from uphold.errors import InputError
from uphold.pipeline.design import Run
from uphold.pipeline.fresh_seeds import fresh_runs
from uphold.pipeline.replicated import decisive, replication, state_of
from uphold.pipeline.rests_on import configurations_of
from uphold.pipeline.stages import analyze, train
from uphold.pipeline.stages.files import (
    DESIGN,
    ITEMS,
    REPLICATION,
    RUNS,
    SCORES,
    csv_bytes,
    json_bytes,
    read_csv,
)
from uphold.pipeline.stages.items import packed
from uphold.pipeline.stages.scored import Scored
from uphold.pipeline.stages.stand_ins import stood_in
from uphold.statistics.contrasts import contrast
from uphold.statistics.independent import change
from uphold.statistics.scores import at_level
from uphold.validation import Settings


@dataclass(frozen=True)
class Job:
    """A write-up to be replicated.

    Attributes
    ----------
    writeup : analyze.Job
    sweeps : mapping of str to train.Job
        All of its sweeps, as they are trained.
    evaluation : Settings
        How predictions are scored.
    place : Path
        Takes a folder a sweep with its fresh runs.
    """

    writeup: analyze.Job
    sweeps: Mapping[str, train.Job]
    evaluation: Settings
    place: Path


@dataclass(frozen=True)
class Plan:
    """What is to be replicated.

    Attributes
    ----------
    verdicts : dict of str to Judgement
        The decisive claims.
    logs : mapping of str to Log
        The first runs, by sweep.
    configurations : dict of str to set of str
        Those that the verdicts rest on, by sweep.
    """

    verdicts: dict[str, Judgement]
    logs: Mapping[str, Log]
    configurations: dict[str, set[str]]


def plan(job: Job) -> Plan:
    """Return the decisive verdicts of a write-up and the configurations behind them.

    Raises
    ------
    InputError
        Where the write-up's sweeps are not evaluated, or were trained by other code, on other data
        or with other settings than fresh runs would be.
    """
    found = analyze.judge_writeup(job.writeup, fragility=False)
    verdicts = decisive(found.judged)
    behind: dict[str, set[str]] = {}
    for j in verdicts.values():
        behind.setdefault(j.log, set()).update(configurations_of(j, found.logs[j.log]))
    for sweep in behind:
        runs = read_csv(job.writeup.sweeps[sweep] / RUNS)
        if dict(zip(runs["run"], runs["key"], strict=True)) != train.keys_of(job.sweeps[sweep]):
            raise InputError(
                f"{sweep} was not trained as it would be now: run dvc repro"
                f" analyze@{job.writeup.name} first."
            )
    return Plan(verdicts, found.logs, behind)


def to_train(job: Job, planned: Plan, sweep: str, further: int = 0) -> train.Job:
    """Return the fresh runs of a sweep; ``further``: more seeds than its configurations had."""
    first = job.sweeps[sweep]
    runs = _fresh(first, further)
    return replace(
        first,
        name=f"{sweep}-replication",
        design=first.design.in_one_look(),
        runs=[run for run in runs if run.configuration in planned.configurations[sweep]],
        out=job.place / sweep,
    )


def every_fresh_run(sweep: train.Job) -> list[Run]:
    """Return all runs that any replication of a sweep would train."""
    return _fresh(sweep, most_further(sweep))


def most_further(sweep: train.Job) -> int:
    """Return how many seeds more than there were may be taken, where seeds come to share units."""
    return len(sweep.design.seeds.values)


def _fresh(sweep: train.Job, further: int) -> list[Run]:
    return fresh_runs(sweep.runs, sweep.design.seeds, f"{sweep.name}, replication", further)


def replicate(
    job: Job,
    planned: Plan,
    trainer: train.Trainer,
    *,
    device: str,
    say: Callable[[str], None] = print,
    track: train.Track = train.untracked,
) -> Replication:
    """Train the fresh runs, judge them alone, and write what came of it."""
    earlier = replication(job.writeup.out / REPLICATION, job.writeup.name)
    sweeps, seen = dict(earlier.sweeps), {}
    for sweep in planned.configurations:
        seen[sweep] = _seen(to_train(job, planned, sweep), earlier.sweeps.get(sweep))
        further = 0
        while True:
            fresh = to_train(job, planned, sweep, further)
            done = train.train(fresh, trainer, device=device, say=say, track=track)
            scored = Scored.of(fresh.study, job.evaluation, fresh.data, fresh.out)
            publish(fresh.out / SCORES, csv_bytes(scored.with_ensembles()))
            publish(fresh.out / ITEMS, packed(*scored.items()))
            lacking = _lacking(fresh, planned, sweep)
            most = most_further(job.sweeps[sweep])
            if not lacking or further == most:
                break
            further = min(further + lacking, most)
        keys = "".join(sorted(train.keys_of(fresh).values()))
        sweeps[sweep] = FreshRuns(
            seeds=tuple(sorted({run.seed for run in fresh.runs})),
            runs=done.runs,
            failed=done.failed,
            keys=hashlib.sha256(keys.encode()).hexdigest()[:16],
        )
    judged = _judged_alone(job, planned)
    found = Replication(
        claims={
            name: _compared(job, planned, j, judged[name], seen[j.log], earlier.claims.get(name))
            for name, j in planned.verdicts.items()
        },
        sweeps=sweeps,
    )
    publish(job.writeup.out / REPLICATION, json_bytes(found.dumped()))
    return found


def _seen(fresh: train.Job, earlier: FreshRuns | None) -> set[str]:
    """Return the configurations of which the journal holds runs that were judged before."""
    if earlier is None:
        return set()
    keys = train.keys_of(fresh)
    known = [run for run in fresh.runs if keys[run.name] in fresh.journal]
    return {run.configuration for run in known if run.seed in earlier.seeds}


def _lacking(fresh: train.Job, planned: Plan, sweep: str) -> int:
    """Return how many units the fresh runs are short of, where seeds come to share units."""
    unit = fresh.design.replicate[0]
    if unit == analyze.SEED or fresh.design.seeds.sharing == "blocks":
        return 0
    first = planned.logs[sweep].scores.table
    first = first[first["configuration"].isin(planned.configurations[sweep])]
    before: int = first[unit].nunique()
    there: int = read_csv(fresh.out / SCORES)[unit].nunique()
    return max(0, before - there)


def _judged_alone(job: Job, planned: Plan) -> dict[str, Judgement]:
    """Judge the claims by the fresh runs."""
    alone = replace(
        job.writeup,
        claims={name: j.claim for name, j in planned.verdicts.items()},
        sweeps={sweep: job.place / sweep for sweep in planned.configurations},
    )
    alone, _ = stood_in(alone, [read_csv(folder / SCORES) for folder in alone.sweeps.values()])
    logs: dict[str, Log] = {}
    beside: list[tuple[Hashable, Effect]] = []
    for sweep, folder in alone.sweeps.items():
        design = read(Design, folder / DESIGN, f"uphold replicate {alone.name}")
        log = logs[sweep] = analyze.log_of(alone, sweep, design)
        beside += [((sweep, metric), effect) for metric, effect in _effects(log, design)]
    return judge(logs, alone.claims, f"writeups.{alone.name}.claims", beside, fragility=False)


def _effects(log: Log, design: Design) -> Iterator[tuple[str, Effect]]:
    """Yield the effects of the design's steps as far as there are runs at both ends."""
    extent = whole(log, design)
    for factor, *ends in extent.moves:
        column = log.scores.column(factor)
        if all(at_level(column, end).any() for end in ends):
            for metric in extent.metrics:
                yield metric, contrast(log.scores, metric, factor, *ends)


def _compared(
    job: Job,
    planned: Plan,
    first: Judgement,
    fresh: Judgement,
    seen: set[str],
    earlier: Replicated | None,
) -> Replicated:
    """Compare both sides; the same state once more is no second look, and as seen as it was."""
    runs = read_csv(job.writeup.sweeps[first.log] / RUNS)
    log = planned.logs[first.log]
    state = state_of(first, log, runs, job.writeup.evaluation)
    seen_before = bool(seen & configurations_of(first, log))
    if earlier is not None and earlier.state == state:
        seen_before = earlier.seen
    return Replicated(
        state=state,
        outcome=held(first.stand, fresh.stand),
        first=_side(first),
        fresh=_side(fresh),
        change=_change(first, fresh),
        seen=seen_before,
    )


def _side(j: Judgement) -> Side:
    o = j.outcome
    return Side(
        verdict=j.verdict,
        value=plain_number(o.value),
        ci_low=plain_number(o.ci_low),
        ci_high=plain_number(o.ci_high),
        p_adjusted=plain_number(j.p_adjusted),
        units=o.seeds,
        runs=o.runs,
    )


def _change(first: Judgement, fresh: Judgement) -> Change | None:
    """Return the change of an effect; a bound and an analysis of variance are none."""
    a, b = first.outcome, fresh.outcome
    if not (a.p >= 0 and b.p >= 0) or a.anova is not None:
        return None
    found = change(a, b)
    ends = plain_number(found.ci_low), plain_number(found.ci_high)
    return Change(value=plain_number(found.value), ci_low=ends[0], ci_high=ends[1])
