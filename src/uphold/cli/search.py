"""``uphold search``: the trials of a search."""

from typing import TYPE_CHECKING, Annotated

import typer

from uphold.cli import ROOT, say
from uphold.cli.train import Workers, executor_of, trainer_of

if TYPE_CHECKING:
    from uphold.pipeline.params import Params
    from uphold.pipeline.stages.search import Job


def search(
    name: Annotated[str, typer.Argument(help="A search, as params.yaml names it.")],
    wait: Annotated[bool, typer.Option(help="Wait if another process runs it.")] = True,
    workers: Workers = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say how much of it the journal holds.")
    ] = False,
) -> None:
    """Search for settings, training what the journal does not hold yet of the trials."""
    from uphold.pipeline.params import load

    params = load(ROOT)
    params.search(name)  # before torch is imported
    from uphold.pipeline.progress import track
    from uphold.pipeline.stages.search import foresee
    from uphold.pipeline.stages.search import search as stage

    job = job_of(params, name)
    if dry_run:
        say(foresee(job))
        return
    executor = executor_of(params, workers)
    device = executor.device(job.study.resources)
    done = stage(job, trainer_of(executor), device=device, wait=wait, say=say, track=track)
    ends = [trial.ended for trial in done.trials]
    say(
        f"{name}: {len(ends)} trials, {ends.count('whole')} whole, {ends.count('pruned')} ended"
        f" early, {ends.count('failed')} failed; {done.trained} of {len(done.keys)} runs trained"
    )


def job_of(params: "Params", name: str) -> "Job":
    """Return what there is to search."""
    from uphold.pipeline import searches
    from uphold.pipeline.journal import Journal
    from uphold.pipeline.params import NOTHING
    from uphold.pipeline.stages.paths import Paths
    from uphold.pipeline.stages.search import Job
    from uphold.pipeline.study import find

    paths, names = Paths(ROOT), params.search(name)
    promoted = {} if names.after == NOTHING else paths.promoted_settings(names.after)
    return Job(
        name=name,
        search=searches.search(params, name),
        study=find(names.study),
        start=searches.start(params, name, promoted),
        defaults=params.defaults(names.study),
        evaluation=params.evaluation(names.study),
        data=paths.data(names.study),
        journal=Journal.of(params, names.study),
        out=paths.promoted(name),
        arithmetic=params.names.arithmetic,
    )
