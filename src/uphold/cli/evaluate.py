"""``uphold evaluate``: the scores of a sweep."""

from uphold.cli import ROOT, SweepName, say


def evaluate(sweep: SweepName) -> None:
    """Score the stored predictions of a sweep and promote a configuration."""
    from uphold.pipeline import sweeps
    from uphold.pipeline.params import load
    from uphold.pipeline.stages.evaluate import evaluate as stage
    from uphold.pipeline.stages.paths import Paths
    from uphold.pipeline.study import find

    params, paths = load(ROOT), Paths(ROOT)
    names = params.sweep(sweep)
    runs = stage(
        find(names.study),
        params.evaluation(names.study),
        sweeps.promotion(params, sweep),
        paths.data(names.study),
        paths.sweep(names.writeup, sweep),
        paths.promoted(sweep),
    )
    say(f"{sweep}: {runs} runs scored")
