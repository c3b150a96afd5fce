"""``uphold confirm``: what a sweep promotes, on fresh seeds."""

from functools import partial
from typing import Annotated

import typer

from uphold.cli import ROOT, SweepName, say


def confirm(
    sweep: SweepName,
    workers: Annotated[
        int | None,
        typer.Option(envvar="UPHOLD_WORKERS", help="Processes; default: one a core."),
    ] = None,
) -> None:
    """Train what a sweep promotes on fresh seeds that chose nothing, where its rule asks for it."""
    from uphold.cli.train import job_of
    from uphold.pipeline import sweeps
    from uphold.pipeline.params import load
    from uphold.pipeline.progress import track
    from uphold.pipeline.stages.confirm import Job
    from uphold.pipeline.stages.confirm import confirm as stage
    from uphold.pipeline.stages.paths import Paths
    from uphold.training import devices
    from uphold.training.lanes import train_in_lanes

    params, device = load(ROOT), devices.choose(None)
    job = Job(
        sweep=job_of(params, sweep),
        evaluation=params.evaluation(params.sweep(sweep).study),
        rule=sweeps.promotion(params, sweep),
        place=Paths(ROOT).confirming(sweep),
    )
    trainer = partial(train_in_lanes, workers=workers, device=device)
    say(stage(job, trainer, device=device, say=say, track=track))
