"""``uphold export``: a finished run as a model to be used."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from uphold.cli import ROOT, say

if TYPE_CHECKING:
    from uphold.pipeline.params import Params
    from uphold.pipeline.run_named import Named

Words = Annotated[
    list[str],
    typer.Argument(
        metavar="[RUN] DIR",
        help="The run, as a key or as the column run of runs.csv names it, and the folder to make."
        " With --promoted or --configuration the folder alone.",
    ),
]


def export(
    words: Words,
    sweep: Annotated[str | None, typer.Option(help="The sweep of the run.")] = None,
    promoted: Annotated[bool, typer.Option("--promoted", help="What the sweep promoted.")] = False,
    configuration: Annotated[
        str | None, typer.Option(help="A configuration, as scores.csv names it.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Without it, the seed with the best validation score.")
    ] = None,
) -> None:
    """Write the weights, settings, labels, threshold and card of a finished run."""
    from uphold.errors import InputError
    from uphold.pipeline import run_named
    from uphold.pipeline.params import load

    params, chosen = load(ROOT), promoted or configuration is not None
    *run, folder = words
    if len(run) != (0 if chosen else 1) or (promoted and configuration is not None):
        raise InputError(
            "Name one run and a folder: uphold export RUN DIR, uphold export --sweep SWEEP "
            "--promoted DIR, or uphold export --sweep SWEEP --configuration NAME --seed N DIR."
        )
    if seed is not None and not chosen:
        raise InputError("--seed goes with --promoted or --configuration: a run has its own.")
    if not chosen:
        named = run_named.by_text(params, run[0], sweep)
    elif sweep is None:
        raise InputError("--promoted and --configuration need --sweep, the sweep that is meant.")
    else:
        named = run_named.by_sweep(params, sweep, configuration, seed)
    say(_exported(params, named, Path(folder)))


def _exported(params: "Params", named: "Named", folder: Path) -> str:
    from uphold.pipeline.digest import CARD
    from uphold.pipeline.journal import Journal
    from uphold.pipeline.judged import metrics
    from uphold.pipeline.stages.export import Job
    from uphold.pipeline.stages.export import export as stage
    from uphold.pipeline.stages.files import needed
    from uphold.pipeline.stages.paths import Paths
    from uphold.pipeline.study import find

    paths, study = Paths(ROOT), named.study
    needed(paths.data(study) / CARD, f"prepare@{study}")
    writeup = params.sweep(named.sweep).writeup if named.sweep else ""
    return stage(
        Job(
            named=named,
            study=find(study),
            journal=Journal.of(params, study),
            data=paths.data(study),
            data_settings=params.data(study),
            evaluation=params.evaluation(study),
            metrics=metrics(params, study),
            primary=params.study(study).primary,
            scale=params.scale,
            arithmetic=params.names.arithmetic,
            sweep=paths.sweep(writeup, named.sweep) if named.sweep else None,
            out=folder,
        )
    )
