"""``uphold evaluate``: the scores of a sweep."""

from uphold.cli import ROOT, SweepName, say


def evaluate(sweep: SweepName) -> None:
    """Score the stored predictions of a sweep and promote a configuration."""
    from uphold.pipeline.params import load

    params = load(ROOT)
    names = params.sweep(sweep)  # before what takes longer to import
    from uphold.pipeline import sweeps
    from uphold.pipeline.stages.evaluate import Job
    from uphold.pipeline.stages.evaluate import evaluate as stage
    from uphold.pipeline.stages.paths import Paths
    from uphold.pipeline.study import find

    paths = Paths(ROOT)
    job = Job(
        name=sweep,
        study=find(names.study),
        settings=params.evaluation(names.study),
        rule=sweeps.promotion(params, sweep),
        data=paths.data(names.study),
        folder=paths.sweep(names.writeup, sweep),
        promoted=paths.promoted(sweep),
    )
    say(f"{sweep}: {stage(job)} runs scored")
