"""``uphold train``: the runs of a sweep."""

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from uphold.cli import ROOT, SweepName, say

if TYPE_CHECKING:
    from uphold.pipeline.params import Params
    from uphold.pipeline.stages.train import Job, Trainer
    from uphold.pipeline.study import Study
    from uphold.training.executors.seam import Executor

Workers = Annotated[
    int | None,
    typer.Option(
        min=1,
        envvar="UPHOLD_WORKERS",
        help="Processes that train side by side; without it as many as runs fit, one a core.",
    ),
]


def train(
    sweep: SweepName,
    wait: Annotated[bool, typer.Option(help="Wait if another process trains it.")] = True,
    workers: Workers = None,
    retry: Annotated[
        bool, typer.Option("--retry", help="Run those again that failed; keep what they left.")
    ] = False,
    on: Annotated[
        str | None,
        typer.Option("--on", help="local, ray or slurm; without it what params.yaml says."),
    ] = None,
    address: Annotated[
        str | None, typer.Option(help="Of the Ray cluster; without it Ray looks for one.")
    ] = None,
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

    executor, job = executor_of(params, workers, on, address), job_of(params, sweep)
    device = executor.device(job.study.resources)
    if dry_run:
        told = foresee(job, device=device, workers=at_once(executor, job.study))
        # Told to whoever asks beforehand; training itself reads no page.
        check_document(params, params.sweep(sweep).writeup)
        say(told)
        return
    trainer = trainer_of(executor)
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
        journal=Journal.of(params, names.study),
        out=paths.sweep(names.writeup, sweep),
        search=found,
        arithmetic=params.names.arithmetic,
    )


def executor_of(
    params: "Params", workers: int | None, on: str | None = None, address: str | None = None
) -> "Executor":
    """Return what trains: what a command line says, or else params.yaml.

    Raises
    ------
    InputError
        Where there is no such executor, or it has no such option.
    """
    from uphold.pipeline.stages.train import code_of
    from uphold.pipeline.study import PACKAGE
    from uphold.training.executors.chosen import executor
    from uphold.training.executors.settings import ExecutorSettings
    from uphold.validation import validated

    settings = params.names.executor
    if on is not None or address is not None:
        name = settings.name if on is None else on
        kept = settings.model_dump(exclude_unset=True) if name == settings.name else {}
        said = {"name": name} | ({} if address is None else {"address": address})
        settings = validated(ExecutorSettings, kept | said, "--on, --address")
    place = ROOT.resolve() / ".uphold" / "slurm"
    sent = "uphold", PACKAGE
    return executor(settings, processes=workers, place=place, proof=code_of, packages=sent)


def trainer_of(executor: "Executor") -> "Trainer":
    """Return what trains runs on an executor."""
    from uphold.training.lanes import train_in_lanes

    return partial(train_in_lanes, executor=executor)


def at_once(executor: "Executor", study: "Study") -> int:
    """Return how many lanes are trained at once."""
    from uphold.training.executors.fitting import one_by_one

    resources = study.resources
    device = executor.device(resources)
    return 1 if one_by_one(resources, device) else executor.workers(resources, device)
