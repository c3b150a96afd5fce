"""``uphold replicate``: fresh seeds for the runs behind every decisive verdict of a write-up."""

from typing import TYPE_CHECKING, Annotated

import typer

from uphold.cli import ROOT, WriteupName, say
from uphold.cli.train import Workers, at_once, executor_of, trainer_of

if TYPE_CHECKING:
    from uphold.pipeline.stages.replicate import Job


def replicate(
    writeup: WriteupName,
    workers: Workers = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be trained, and how long.")
    ] = False,
) -> None:
    """Train the runs behind every decisive verdict again, on fresh seeds, and judge them alone.

    What came of it stands in results/<write-up>/replication.json, and on the page once it is
    rendered again. Commit it, whatever it is. One that was interrupted goes on where it was.
    """
    from uphold.pipeline.params import load

    params = load(ROOT)
    params.writeup(writeup)  # before torch is imported
    from uphold.format import counted
    from uphold.pipeline.progress import track
    from uphold.pipeline.replicated import summary, told
    from uphold.pipeline.stages import replicate as stage
    from uphold.pipeline.stages.foresee import foresee

    executor, job = executor_of(params, workers), job_of(writeup)
    study = job.writeup.study
    device = executor.device(study.resources)
    planned = stage.plan(job)
    verdicts = planned.verdicts
    if not verdicts:
        say(f"{writeup}: no verdict is decisive, so that there is nothing to replicate.")
    else:
        named = ", ".join(f"{name} {j.verdict}" for name, j in verdicts.items())
        decisive = counted(len(verdicts), "decisive verdict")
        say(f"{writeup}: {decisive} to be tried on fresh seeds ({named})")
    together = at_once(executor, study)
    for sweep in planned.configurations:
        say(foresee(stage.to_train(job, planned, sweep), device=device, workers=together))
    if dry_run:
        return
    found = stage.replicate(job, planned, trainer_of(executor), device=device, say=say, track=track)
    for line in told(found):
        say(f"  {line}")
    if verdicts:
        say(
            f"{writeup}: {summary(found)}. Run dvc repro report@{writeup} for the page, and commit"
            f" results/{writeup}/replication.json with it."
        )


def job_of(writeup: str) -> "Job":
    """Return what there is to replicate of a write-up."""
    from uphold.cli import analyze, train
    from uphold.pipeline.params import load
    from uphold.pipeline.stages.paths import Paths
    from uphold.pipeline.stages.replicate import Job

    params = load(ROOT)
    return Job(
        writeup=analyze.job_of(params, writeup),
        sweeps={name: train.job_of(params, name) for name in params.sweeps_of(writeup)},
        evaluation=params.evaluation(params.writeup(writeup).study),
        place=Paths(ROOT).fresh(writeup),
    )
