"""``uphold train``: the runs of a sweep."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Annotated, TypeVar

import typer

from uphold.cli import ROOT, SweepName, say

T = TypeVar("T")


def train(
    sweep: SweepName,
    wait: Annotated[bool, typer.Option(help="Wait if another process trains it.")] = True,
    workers: Annotated[
        int | None,
        typer.Option(envvar="UPHOLD_WORKERS", help="Processes; default: one a core."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be trained, and how long.")
    ] = False,
) -> None:
    """Train the runs of a sweep that the journal does not hold yet."""
    from uphold.pipeline import sweeps
    from uphold.pipeline.journal import Journal
    from uphold.pipeline.params import load
    from uphold.pipeline.stages.paths import Paths
    from uphold.pipeline.stages.train import foresee
    from uphold.pipeline.stages.train import train as stage
    from uphold.pipeline.study import find
    from uphold.training import devices
    from uphold.training.lanes import train_in_lanes

    params, paths = load(ROOT), Paths(ROOT)
    names, block = params.sweep(sweep), sweeps.sweep(params, sweep)
    device = devices.choose(None)
    study, data = find(names.study), paths.data(names.study)
    journal = Journal.of(ROOT, params.names.journal, names.study)
    runs = sweeps.runs(params, sweep, paths.promoted_settings(names.after))
    if dry_run:
        at_once = (workers or devices.cores()) if device == "cpu" else 1
        say(foresee(sweep, study, runs, data, journal, device=device, workers=at_once))
        return
    done = stage(
        sweep,
        block.title,
        study,
        block.design,
        runs,
        data,
        journal,
        paths.sweep(names.writeup, sweep),
        partial(train_in_lanes, workers=workers, device=device),
        device=device,
        wait=wait,
        say=say,
        track=_progress,
    )
    say(f"{sweep}: {done.runs} runs published, {done.trained} trained, {done.failed} failed")


def _progress(steps: Iterable[T], total: int) -> Iterator[T]:
    """Show runs done, runs left and time left: a bar on a terminal, plain lines elsewhere."""
    from uphold.pipeline.progress import track

    return track(steps, total)
