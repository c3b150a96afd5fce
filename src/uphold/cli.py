"""The one command line: ``studies <verb> <study | sweep | write-up>``.

Each verb loads and checks all of ``params.yaml``, hands the settings to a stage, and prints one
line about what came of it. Exit status 2: something that the user can mend, told in one message;
75: the sweep is being trained by another process.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import typer

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Studies whose write-ups cannot go stale or overclaim.",
    pretty_exceptions_enable=False,
)
journal_app = typer.Typer(no_args_is_help=True, help="Look into the store of finished runs.")
app.add_typer(journal_app, name="journal")

BUSY = 75
"""EX_TEMPFAIL of sysexits.h: try again later."""

ROOT = Path()

StudyName = Annotated[str, typer.Argument(help="A study, as params.yaml names it.")]
SweepName = Annotated[str, typer.Argument(help="A sweep, as params.yaml names it.")]
WriteupName = Annotated[str, typer.Argument(help="A write-up, as params.yaml names it.")]
RunLog = Annotated[Path, typer.Argument(help="One row a run: CSV, parquet or JSON lines.")]


@app.command()
def prepare(study: StudyName) -> None:
    """Make a study's data: features, labels, splits, data card."""
    from uphold.pipeline.params import load
    from uphold.pipeline.stages.prepare import prepare as stage

    params, paths = load(ROOT), _paths()
    settings = params.data(study)
    watched = [Path(params.studies[study].data["path"]), paths.manifests]
    _say(stage(study, settings, paths.data(study), watched))


@app.command()
def train(
    sweep: SweepName,
    wait: Annotated[bool, typer.Option(help="Wait if another process trains it.")] = True,
    workers: Annotated[
        int | None,
        typer.Option(envvar="UPHOLD_WORKERS", help="Processes; default: one a core."),
    ] = None,
) -> None:
    """Train the runs of a sweep that the journal does not hold yet."""
    from uphold.pipeline.params import load
    from uphold.pipeline.stages.train import train as stage
    from uphold.pipeline.study import find
    from uphold.training import devices
    from uphold.training.lanes import train_in_lanes

    params = load(ROOT)
    block = params.sweep(sweep)
    device = devices.choose(None)
    done = stage(
        sweep,
        block.title,
        find(block.study),
        block.design,
        params.runs(sweep, _paths().promoted_settings(block.design.after)),
        _paths().data(block.study),
        _journal(params, block.study),
        _paths().sweep(block.writeup, sweep),
        partial(train_in_lanes, workers=workers, device=device),
        device=device,
        wait=wait,
        say=_say,
        track=_progress,
    )
    _say(f"{sweep}: {done.runs} runs published, {done.trained} trained, {done.failed} failed")


@app.command()
def evaluate(sweep: SweepName) -> None:
    """Score the stored predictions of a sweep and promote a configuration."""
    from uphold.pipeline.params import load
    from uphold.pipeline.stages.evaluate import evaluate as stage
    from uphold.pipeline.study import find

    params = load(ROOT)
    block = params.sweep(sweep)
    runs = stage(
        find(block.study),
        params.evaluation(block.study),
        block.promote,
        _paths().data(block.study),
        _paths().sweep(block.writeup, sweep),
        _paths().promoted(sweep),
    )
    _say(f"{sweep}: {runs} runs scored")


@app.command()
def analyze(writeup: WriteupName) -> None:
    """Turn the scores of a write-up's sweeps into its findings."""
    from uphold.pipeline.params import load
    from uphold.pipeline.stages.analyze import Job, analyze_writeup
    from uphold.pipeline.study import find

    params, paths = load(ROOT), _paths()
    block = params.writeup(writeup)
    study = params.studies[block.study]
    job = Job(
        name=writeup,
        title=block.title,
        scale=params.scale,
        study=find(block.study),
        metrics=study.metrics,
        primary=study.primary,
        claims=block.claims,
        sweeps={name: paths.sweep(writeup, name) for name in params.sweeps_of(writeup)},
        card=paths.data(block.study) / "card.json",
        published=paths.published(block.study),
        out=paths.findings(writeup).parent,
        components={name: spread.model_dump() for name, spread in block.components.items()},
    )
    _say(analyze_writeup(job))


@app.command()
def render(
    writeup: Annotated[str, typer.Argument(help="A write-up, or index.")],
    renderer: Annotated[
        Literal["auto", "quarto", "embedded"], typer.Option(help="What makes the pages.")
    ] = "auto",
) -> None:
    """Render a write-up to HTML and PDF."""
    from uphold.pipeline.stages.render import report as stage

    _say(stage(_paths().document(writeup), _paths().site, renderer))


@app.command()
def pages() -> None:
    """Name the rendered write-ups."""
    from uphold.pipeline.params import load

    for name in ("index", *load(ROOT).writeups):
        for ending in ("html", "pdf"):
            page = _paths().site / f"{name}.{ending}"
            _say(f"{page}" if page.is_file() else f"{page} (not rendered yet)")


@app.command()
def new(name: Annotated[str, typer.Argument(help="The new study's name: a package's.")]) -> None:
    """Lay out a new study: its package, params, write-up. It runs as it stands."""
    from uphold.scaffold import lay_out

    for path in lay_out(name, ROOT):
        _say(str(path))
    _say(f"Next: git add what you keep, then dvc repro report@{name}")


@app.command()
def propose(runs: RunLog) -> None:
    """Propose how anyone's run log is to be read, as YAML to edit."""
    from uphold.runlog.propose import propose_spec

    _say(propose_spec(runs).rstrip())


@app.command()
def report(
    runs: RunLog,
    spec: Annotated[Path | None, typer.Option(help="How the log is to be read, as YAML.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder; default: <RUNS>-writeup here.")] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit 1 on an audit error or a refuted claim.")
    ] = False,
) -> None:
    """Write the report of anyone's run log."""
    from uphold.errors import InputError
    from uphold.runlog.report import report as stage

    if spec is None:
        raise InputError(
            f"A report takes a spec: uphold propose {runs} > spec.yaml proposes one. Check every"
            f" line of it, then: uphold report {runs} --spec spec.yaml"
        )
    message, fails = stage(runs, spec, out or Path(f"{runs.stem}-writeup"))
    _say(message)
    raise typer.Exit(strict and fails)


@app.command()
def audit(
    runs: RunLog,
    spec: Annotated[Path, typer.Option(help="How the log is to be read, as YAML.")],
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 on an audit error.")] = False,
) -> None:
    """Say what is wrong with a run log, and what that means for the claims about it."""
    from uphold.runlog.audit import audit_log

    message, fails = audit_log(runs, spec)
    _say(message)
    raise typer.Exit(strict and fails)


@journal_app.command("list")
def journal_list() -> None:
    """Print how many finished runs of each study the journal holds, and where."""
    from uphold.pipeline.params import load

    params = load(ROOT)
    for study in params.studies:
        journal = _journal(params, study)
        _say(f"{study}: {len(journal.keys())} finished runs in {journal.folder}")


@journal_app.command()
def prune(
    study: StudyName,
    delete: Annotated[bool, typer.Option("--delete", help="Delete; otherwise only say.")] = False,
) -> None:
    """Say which runs no sweep of the present params uses; with --delete, delete them."""
    from uphold.pipeline.params import load
    from uphold.pipeline.stages.train import keys_of
    from uphold.pipeline.study import find

    params = load(ROOT)
    params.study(study)
    kept = set()
    for name, block in params.sweeps.items():
        if block.study == study:
            promoted = _paths().promoted_settings(block.design.after)
            runs = params.runs(name, promoted)
            kept |= set(keys_of(find(study), runs, _paths().data(study)).values())
    journal = _journal(params, study)
    gone = journal.prune(kept) if delete else journal.prunable(kept)
    for path in gone:
        _say(str(path))
    _say(f"{study}: {len(gone)} {'deleted' if delete else 'would be deleted, with --delete'}")


def main() -> None:
    """Run the command line; what a user can mend is told without a traceback."""
    from uphold.errors import Busy, InputError

    try:
        app()
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)
        if os.environ.get("UPHOLD_VERBOSE"):
            print(*getattr(error, "__notes__", ()), sep="\n", file=sys.stderr)
        sys.exit(2)
    except Busy as error:
        print(f"busy: {error}", file=sys.stderr)
        sys.exit(BUSY)


def _say(message: str) -> None:
    print(message, flush=True)


def _paths():
    from uphold.pipeline.stages.paths import Paths

    return Paths(ROOT)


def _journal(params, study: str):
    from uphold.pipeline.journal import Journal

    return Journal.of(ROOT, params.journal, study)


def _progress(steps: Iterable, total: int) -> Iterator:
    """Show runs done, runs left and time left: a bar on a terminal, plain lines elsewhere."""
    from uphold.pipeline.progress import track

    return track(steps, total)
