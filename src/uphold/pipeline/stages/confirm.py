"""``confirm@sweep``: what a sweep promotes, on fresh seeds that chose nothing → their scores.

What comes in: the sweep as it was evaluated, and what it is trained from. What goes out, in the
sweep's folder: ``confirmation.csv``, one row a fresh run as in ``scores.csv``; no row where the
rule asks for none or nothing was promoted. What is promised: the sweep's own runs, scores and
promotion stay as they are, and no later sweep waits for this.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from uphold.disk import publish
from uphold.pipeline.design import Run
from uphold.pipeline.fresh_seeds import more_runs
from uphold.pipeline.promotion import Promotion
from uphold.pipeline.stages import train
from uphold.pipeline.stages.files import (
    CONFIRMATION,
    PROMOTION,
    SCORES,
    csv_bytes,
    needed,
    read_csv,
    read_json,
)
from uphold.pipeline.stages.scored import Scored
from uphold.validation import Settings


@dataclass(frozen=True)
class Job:
    """A sweep whose promotion is to be confirmed.

    Attributes
    ----------
    sweep : train.Job
        As it is trained.
    evaluation : Settings
        How predictions are scored.
    rule : Promotion
    place : Path
        Takes the fresh runs.
    """

    sweep: train.Job
    evaluation: Settings
    rule: Promotion
    place: Path


def confirm(
    job: Job,
    trainer: train.Trainer,
    *,
    device: str,
    say: Callable[[str], None] = print,
    track: train.Track = train.untracked,
) -> str:
    """Train the promoted configuration on fresh seeds; return one line about it.

    Raises
    ------
    InputError
        Where the sweep is not evaluated.
    """
    if told := nothing_to_confirm(job):
        return told
    sweep, own = job.sweep, read_csv(job.sweep.out / SCORES)
    configuration = read_json(sweep.out / PROMOTION)["configuration"]
    assert job.rule.confirm is not None
    fresh = replace(
        sweep,
        name=f"{sweep.name}-confirmation",
        design=sweep.design.in_one_look(),
        runs=_confirming(sweep, configuration, job.rule.confirm),
        out=job.place,
    )
    done = train.train(fresh, trainer, device=device, say=say, track=track)
    # An ensemble of the fresh runs is not what was chosen, so that none has a row here.
    log = Scored.of(sweep.study, job.evaluation, sweep.data, job.place).log
    # What a study tells of other configurations alone is left empty here.
    publish(sweep.out / CONFIRMATION, csv_bytes(log.reindex(columns=own.columns)))
    return f"{sweep.name}: {configuration} on {done.runs} fresh seeds, {done.trained} trained"


def nothing_to_confirm(job: Job) -> str | None:
    """Publish that nothing is confirmed, where that is so, and say so; else return None.

    It is asked before anything that trains is imported.

    Raises
    ------
    InputError
        Where the sweep is not evaluated.
    """
    sweep = job.sweep
    for name in (PROMOTION, SCORES):
        needed(sweep.out / name, f"evaluate@{sweep.name}")
    promoted = read_json(sweep.out / PROMOTION)["configuration"]
    if job.rule.confirm is not None and promoted is not None:
        return None
    publish(sweep.out / CONFIRMATION, csv_bytes(read_csv(sweep.out / SCORES).head(0)))
    return f"{sweep.name}: nothing to confirm"


def every_confirming_run(sweep: train.Job, many: int) -> list[Run]:
    """Return the runs by which any configuration of a sweep would be confirmed."""
    names = {run.configuration for run in sweep.runs}
    return [run for name in sorted(names) for run in _confirming(sweep, name, many)]


def _confirming(sweep: train.Job, configuration: str, many: int) -> list[Run]:
    purpose = f"{sweep.name}, confirmation"
    return more_runs(sweep.runs, configuration, many, sweep.design.seeds, purpose)
