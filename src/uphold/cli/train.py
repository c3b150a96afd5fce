"""``uphold train``: the runs of a sweep."""

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from uphold.cli import ROOT, SweepName, say

if TYPE_CHECKING:
    from uphold.pipeline.params import Params
    from uphold.pipeline.stages.train import Job, Trainer

Workers = Annotated[
    int | None,
    typer.Option(
        min=1,
        envvar="UPHOLD_WORKERS",
        help="Processes that train side by side; without it one a core.",
    ),
]


def train(
    sweep: SweepName,
    wait: Annotated[bool, typer.Option(help="Wait if another process trains it.")] = True,
    workers: Workers = None,
    retry: Annotated[
        bool, typer.Option("--retry", help="Run those again that failed; keep what they left.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be trained, and how long.")
    ] = False,
) -> None:
    """Train the runs of a sweep that the journal does not hold yet."""
    from uphold.pipeline.params import load

    params = load(ROOT)
    params.sweep(sweep)  # a name that there is not is told before torch is imported
    from uphold.pipeline.documents import check_document
    from uphold.pipeline.progress import track
    from uphold.pipeline.stages.foresee import foresee
    from uphold.pipeline.stages.train import train as stage
    from uphold.training import devices

    job, device = job_of(params, sweep), devices.choose(None)
    if dry_run:
        told = foresee(job, device=device, workers=at_once(device, workers))
        # Told to whoever asks beforehand; training itself reads no page.
        check_document(params, params.sweep(sweep).writeup)
        say(told)
        return
    trainer = trainer_of(device, workers)
    done = stage(job, trainer, device=device, wait=wait, retry=retry, say=say, track=track)
    say(f"{sweep}: {done.runs} runs published, {done.trained} trained, {done.failed} failed")


def job_of(params: "Params", sweep: str) -> "Job":
    """Return what there is to train of a sweep."""
    from uphold.pipeline import sweeps
    from uphold.pipeline.journal import Journal
    from uphold.pipeline.params import NOTHING
    from uphold.pipeline.stages.paths import Paths
    from uphold.pipeline.stages.train import Job
    from uphold.pipeline.study import find

    paths, names, block = Paths(ROOT), params.sweep(sweep), sweeps.sweep(params, sweep)
    found = paths.found(names.after) if names.after in params.names.searches else None
    promoted = found or {}
    if found is None and names.after != NOTHING:
        promoted = paths.promoted_settings(names.after)
    return Job(
        name=sweep,
        title=block.title,
        study=find(names.study),
        design=sweeps.begun(block.design, promoted)[0],
        runs=sweeps.runs(params, sweep, promoted),
        data=paths.data(names.study),
        journal=Journal.of(ROOT, params.names.journal, names.study),
        out=paths.sweep(names.writeup, sweep),
        search=found,
        arithmetic=params.names.arithmetic,
    )


def trainer_of(device: str, workers: int | None) -> "Trainer":
    """Return what trains runs on a device, on so many processes."""
    from uphold.training.lanes import train_in_lanes

    return partial(train_in_lanes, workers=workers, device=device)


def at_once(device: str, workers: int | None = None) -> int:
    """Return how many runs are trained at once: on a graphics card the runs of one process."""
    from uphold.training import devices

    return (workers or devices.cores()) if device == "cpu" else 1
