"""``uphold report``: the report of anyone's run log."""

from pathlib import Path
from typing import Annotated

import typer

from uphold.cli import RunLog, say


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
    say(message)
    raise typer.Exit(strict and fails)
