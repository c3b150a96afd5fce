"""``uphold report``: the report of anyone's run log."""

from pathlib import Path
from typing import Annotated

import typer

from uphold.cli import RunLog, refuse_missing, refuse_without_spec, say


def report(
    runs: RunLog,
    spec: Annotated[Path | None, typer.Option(help="How the log is to be read, as YAML.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder; default: <RUNS>-writeup here.")] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite files of these names that no report wrote.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit 1 on an audit error or a refuted claim.")
    ] = False,
) -> None:
    """Write the report of anyone's run log."""
    if spec is None:
        refuse_without_spec("A", "report", runs)
    refuse_missing(runs, spec)
    from uphold.runlog.report import report as stage

    message, fails = stage(runs, spec, out or Path(f"{_stem(runs)}-writeup"), force=force)
    say(message)
    raise typer.Exit(strict and fails)


def _stem(runs: Path) -> str:
    """Return the name of a file or a folder without what its kind is told by."""
    return Path(runs.resolve().name.removesuffix(".gz")).stem
