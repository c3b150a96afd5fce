"""``uphold confirm``: what a sweep promotes, on fresh seeds."""

from uphold.cli import ROOT, SweepName, say
from uphold.cli.train import Workers, job_of, trainer_of


def confirm(
    sweep: SweepName,
    workers: Workers = None,
) -> None:
    """Train what a sweep promotes on fresh seeds that chose nothing, where its rule asks for it."""
    from uphold.pipeline import sweeps
    from uphold.pipeline.params import load
    from uphold.pipeline.progress import track
    from uphold.pipeline.stages.confirm import Job
    from uphold.pipeline.stages.confirm import confirm as stage
    from uphold.pipeline.stages.paths import Paths
    from uphold.training import devices

    params, device = load(ROOT), devices.choose(None)
    job = Job(
        sweep=job_of(params, sweep),
        evaluation=params.evaluation(params.sweep(sweep).study),
        rule=sweeps.promotion(params, sweep),
        place=Paths(ROOT).confirming(sweep),
    )
    trainer = trainer_of(device, workers)
    say(stage(job, trainer, device=device, say=say, track=track))
