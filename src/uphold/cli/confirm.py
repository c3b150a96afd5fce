"""``uphold confirm``: what a sweep promotes, on fresh seeds."""

from uphold.cli import ROOT, SweepName, say
from uphold.cli.train import Workers, executor_of, job_of, trainer_of


def confirm(
    sweep: SweepName,
    workers: Workers = None,
) -> None:
    """Train what a sweep promotes on fresh seeds that chose nothing, where its rule asks for it."""
    from uphold.pipeline.params import load

    params = load(ROOT)
    names = params.sweep(sweep)  # before what takes longer to import
    from uphold.pipeline import sweeps
    from uphold.pipeline.progress import track
    from uphold.pipeline.stages.confirm import Job, nothing_to_confirm
    from uphold.pipeline.stages.confirm import confirm as stage
    from uphold.pipeline.stages.paths import Paths

    job = Job(
        sweep=job_of(params, sweep),
        evaluation=params.evaluation(names.study),
        rule=sweeps.promotion(params, sweep),
        place=Paths(ROOT).confirming(sweep),
    )
    if told := nothing_to_confirm(job):
        say(told)
        return
    executor = executor_of(params, workers)
    device = executor.device(job.sweep.study.resources)
    say(stage(job, trainer_of(executor), device=device, say=say, track=track))
