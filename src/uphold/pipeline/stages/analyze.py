"""``analyze@writeup``: the scores of the write-up's sweeps → its findings.

What comes in: each sweep's folder, the study's metrics, the data card, the archived write-ups as
they were transcribed, and what ``uphold replicate`` found. What goes out, in the write-up's folder:

``analysis.json``
    All that the write-up shows, sweep by sweep.
``findings.json``
    The numbers to follow from commit to commit, as nested mappings with readable keys, because
    ``dvc metrics diff`` drops lists and nulls: see `uphold.analysis.findings`.

And, beside those of the other write-ups, its card on the front page.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from uphold.analysis.analyze import analyze
from uphold.analysis.confirmed import confirmed
from uphold.analysis.findings import claim_of, findings, followed
from uphold.analysis.model.found import read
from uphold.analysis.model.front import front
from uphold.analysis.model.runs import Confirmed, Design, Promoted, Repeated, SweepFound
from uphold.analysis.model.writeup import Shorter, Size, Spread, StoodIn, Writeup
from uphold.analysis.moderated import effects, with_moderated
from uphold.analysis.searched import searched
from uphold.analysis.what_if import what_if
from uphold.archive.decide import as_archived
from uphold.audits import AuditFlag, audit, worst_first
from uphold.audits.idle_seeds import seed_leaves_open
from uphold.claims.claim import Claim
from uphold.claims.items import Items
from uphold.claims.judge import judge, pools_of
from uphold.claims.judgement import Judgement
from uphold.claims.log import TRAINING_SET, Log, Units
from uphold.claims.metric import Metric
from uphold.claims.moderation import Effect
from uphold.disk import publish
from uphold.format import use_names
from uphold.pipeline.design import MEMBERS
from uphold.pipeline.params import Kind
from uphold.pipeline.replicated import replication, state_of, tried
from uphold.pipeline.stages.files import (
    ANALYSIS,
    CONFIRMATION,
    DESIGN,
    FINDINGS,
    ITEMS,
    PROMOTION,
    REPLICATION,
    RUNS,
    SCORES,
    TRAINING,
    json_bytes,
    needed,
    read_arrays,
    read_csv,
    read_json,
    reading,
)
from uphold.pipeline.stages.once_more import NUMBER
from uphold.pipeline.stages.stand_ins import stood_in
from uphold.pipeline.study import Study
from uphold.statistics.components import by_level
from uphold.statistics.items import ItemScores
from uphold.statistics.scores import Scores

SEED = "seed"
"""The one unit of which there is no last."""


@dataclass(frozen=True)
class Job:
    """A write-up to be analyzed.

    Attributes
    ----------
    name, title, scale : str
        The write-up's name and title, and the scale of its data and training.
    study : Study
        The study that its sweeps belong to.
    metrics : mapping of str to Metric
        The study's metrics.
    primary : str
        The metric that leads.
    evaluation : mapping
        How the study's predictions were scored: all settings, ready for JSON.
    claims : mapping of str to Claim
        The write-up's claims, about any of its sweeps.
    sweeps : mapping of str to Path
        Its sweeps' folders.
    card : Path
        The data card.
    published : Path
        The study's transcriptions of archived write-ups.
    out : Path
        The write-up's folder.
    front : Path
        The file of its card on the front page.
    question : str
        What it asks.
    components : mapping of str to mapping, optional
        What the spread of a sweep's runs is divided among: ``sweep``, ``metric``, ``random``,
        ``by``.
    shorter : mapping of str to (float, float), optional
        As `Params.shorter` returns it.
    sizes : mapping of str to (str, float, float), optional
        As `Params.sizes` returns it.
    absent : mapping of str to str, optional
        A metric that these data cannot have, to what they lack.
    """

    name: str
    title: str
    scale: str
    study: Study
    metrics: Mapping[str, Metric]
    primary: str
    evaluation: Mapping[str, Any]
    claims: Mapping[str, Claim]
    sweeps: Mapping[str, Path]
    card: Path
    published: Path
    out: Path
    front: Path
    question: str = ""
    components: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    shorter: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    sizes: Mapping[str, tuple[Kind, float, float]] = field(default_factory=dict)
    absent: Mapping[str, str] = field(default_factory=dict)


class JudgedWriteup(NamedTuple):
    """A write-up's logs and what its sweeps say, by sweep; its claims; and the job that was done:
    about other scores than it was given where the data lack some, as ``stood_in`` says. ``beside``
    are the effects that were moderated with those of its claims.
    """

    job: Job
    logs: Mapping[str, Log]
    sweeps: Mapping[str, SweepFound]
    judged: Mapping[str, Judgement]
    beside: Sequence[tuple[Hashable, Effect]]
    stood_in: StoodIn | None


def analyze_writeup(job: Job) -> str:
    """Write a write-up's analysis and findings; return one line about it.

    Raises
    ------
    InputError
        Where the data are not prepared, or a sweep is not trained or evaluated.
    """
    job, logs, sweeps, judged, beside, stood = judge_writeup(job)
    primary, pools = job.primary, pools_of(judged, beside)
    audits = {
        name: _audited(
            log,
            {k: j.claim for k, j in judged.items() if j.log == name},
            sweeps[name].design.repeated,
            job.evaluation.get("scores", {}),
        )
        for name, log in logs.items()
    }
    sweeps = {
        name: with_moderated(name, found, primary, job.metrics, pools)
        for name, found in sweeps.items()
    }
    components = {name: _spread(logs, spread) for name, spread in job.components.items()}
    replicated = tried(
        judged, replication(job.out / REPLICATION, job.name), partial(_state, job, logs)
    )
    page = Writeup(
        name=job.name,
        title=job.title,
        scale=job.scale,
        study=job.study.name,
        study_title=job.study.title,
        names=dict(job.study.names),
        metrics=dict(job.metrics),
        primary=primary,
        data=read_json(job.card),
        evaluation=dict(job.evaluation),
        item=job.study.items.name if job.study.items else "",
        item_group=_group(job),
        sweeps=sweeps,
        claims={key: claim_of(j, logs[j.log]) for key, j in judged.items()},
        components=components,
        archived=as_archived(job.published, job.name, job.claims),
        audit=audits,
        replication=replicated,
        stood_in=stood,
        shorter={k: Shorter(here=here, full=full) for k, (here, full) in job.shorter.items()},
        sizes={k: Size(of=of, here=h, full=full) for k, (of, h, full) in job.sizes.items()},
        what_if=what_if(logs, job.claims, _source(job), beside, judged),
    )
    publish(job.out / ANALYSIS, json_bytes(page.dumped()))
    publish(job.front, json_bytes(front(page, job.question, _trained(job)).dumped()))
    found = findings(judged, logs, audits) | followed(sweeps, primary, components, replicated)
    publish(job.out / FINDINGS, json_bytes(found))
    verdicts = [j.verdict for j in judged.values()]
    counts = ", ".join(f"{verdicts.count(v)} {v}" for v in dict.fromkeys(verdicts))
    noun = "claim" if len(verdicts) == 1 else "claims"
    return f"{job.title}: {len(verdicts)} {noun} ({counts or 'none'})"


def _trained(job: Job) -> date | None:
    """Return when the last of a write-up's runs was finished."""
    logs = [folder / TRAINING for folder in job.sweeps.values()]
    days = list[date]()
    for path in filter(Path.is_file, logs):
        with reading(path):
            found = read_json(path).values()
            days += [date.fromisoformat(run["finished"][:10]) for run in found]
    return max(days, default=None)


def judge_writeup(job: Job, fragility: bool = True) -> JudgedWriteup:
    """Return the logs of a write-up's sweeps, what they say, and its claims as they are judged.

    ``fragility``: whether verdicts are tried without each run and unit, which changes none of them.

    Raises
    ------
    InputError
        As `analyze_writeup`.
    """
    needed(job.card, f"prepare@{job.study.name}")
    for name, folder in job.sweeps.items():
        needed(folder / DESIGN, f"train@{name}")
        for made in (SCORES, *([ITEMS] if job.study.items else []), PROMOTION):
            needed(folder / made, f"evaluate@{name}")
    use_names(job.study.names)
    designs = {
        name: read(Design, folder / DESIGN, f"dvc repro train@{name}")
        for name, folder in job.sweeps.items()
    }
    job, stood = stood_in(job, [read_csv(folder / SCORES) for folder in job.sweeps.values()])
    logs = _with_units(
        {name: log_of(job, name, design) for name, design in designs.items()}, _group(job)
    )
    primary = job.primary
    sweeps = {
        name: analyze(log, primary, designs[name], _promoted(job, name)).model_copy(
            update={
                "confirmed": _confirmed(job, log, name, primary),
                "searched": searched(log.scores, designs[name]),
            }
        )
        for name, log in logs.items()
    }
    beside = [one for name, found in sweeps.items() for one in effects(name, found, primary)]
    judged = judge(logs, job.claims, _source(job), beside, fragility)
    return JudgedWriteup(job, logs, sweeps, judged, beside, stood)


def _audited(
    log: Log,
    claims: Mapping[str, Claim],
    repeated: Repeated | None,
    written: Mapping[str, str],
) -> list[AuditFlag]:
    """Return what an audit found, and what a run that was run twice tells of its seed."""
    flags = audit(log, claims)
    if repeated is None:
        return flags
    apart = {
        metric: repeated.apart[f"{NUMBER}{written[metric]}"]
        for metric in log.metrics
        if f"{NUMBER}{written.get(metric)}" in repeated.apart
    }
    return worst_first([*flags, seed_leaves_open(repeated.run, apart, log)]) if apart else flags


def _source(job: Job) -> str:
    return f"writeups.{job.name}.claims"


def log_of(job: Job, sweep: str, design: Design) -> Log:
    """Read a sweep's scores.

    A metric that these data cannot have (the recall of low-quality calls, where no quality is
    known) is left out, unless something is claimed about it in this sweep.
    """
    table = read_csv(job.sweeps[sweep] / SCORES)
    claimed = {job.primary, *(c.metric for c in job.claims.values() if c.sweep in (None, sweep))}
    known = {k: m for k, m in job.metrics.items() if k in claimed or table[k].notna().any()}
    unit, *within = design.replicate
    scores = Scores(table, tuple(design.levels), unit, "run", tuple(within))
    training = (TRAINING_SET,) if TRAINING_SET in table else ()
    return Log(
        scores,
        known,
        training,
        data_factors=job.study.training_set,
        looks=tuple(design.looks),
        order=design.order,
        absent={metric: why for metric, why in job.absent.items() if metric in known},
        items=_items(job, sweep),
        members=MEMBERS if MEMBERS in design.levels else "",
    )


def _with_units(logs: Mapping[str, Log], group: str) -> dict[str, Log]:
    """Return logs that say how many units there can be: as many as any of them has.

    Seeds can always be trained, while folds or speakers are as many as the data have.
    """
    most: dict[str, int] = {}
    for log in logs.values():
        unit = log.scores.replicate
        most[unit] = max(most.get(unit, 0), log.scores.table[unit].nunique())
    return {
        name: log
        if log.scores.replicate == SEED
        else replace(log, units=Units(most[log.scores.replicate], group))
        for name, log in logs.items()
    }


def _group(job: Job) -> str:
    """Return what test items come in groups of, where that is known."""
    return job.study.items.group if job.study.items else ""


def _items(job: Job, sweep: str) -> Items | None:
    """Read what each test item adds to the scores that the study names, where it names any."""
    named = job.study.items
    if named is None:
        return None
    path = job.sweeps[sweep] / ITEMS
    arrays = read_arrays(path)
    with reading(path):
        scores = {
            name: ItemScores(
                arrays[f"{name}/score"],
                arrays["group"][arrays[f"{name}/item"]],
                drawn=bool(named.group),
            )
            for name in sorted(named.scores)
            if f"{name}/score" in arrays
        }
    return Items(named.name, scores, named.group)


def _state(job: Job, logs: Mapping[str, Log], j: Judgement) -> str:
    """Return the digest of what a verdict rests on."""
    return state_of(j, logs[j.log], read_csv(job.sweeps[j.log] / RUNS), job.evaluation)


def _promoted(job: Job, sweep: str) -> Promoted:
    return read(Promoted, job.sweeps[sweep] / PROMOTION, f"dvc repro evaluate@{sweep}")


def _confirmed(job: Job, log: Log, sweep: str, primary: str) -> Confirmed | None:
    """Return what fresh seeds say of what a sweep promoted; None where it was not asked."""
    path = job.sweeps[sweep] / CONFIRMATION
    if not path.is_file():
        return None
    promoted = _promoted(job, sweep)
    better = {primary: job.metrics[primary].better == "higher", promoted.by: promoted.higher}
    return confirmed(log.scores, read_csv(path), promoted, better)


def _spread(logs: Mapping[str, Log], spread: Mapping[str, Any]) -> Spread:
    """Return the variance components at each level of a factor."""
    scores = logs[spread["sweep"]].scores
    found = by_level(scores, spread["metric"], spread["random"], spread["by"])
    return Spread(**spread, found={str(level): c for level, c in found.items()})
