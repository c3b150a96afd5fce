"""``uphold audit``: what is wrong with a run log."""

from pathlib import Path
from typing import Annotated

import typer

from uphold.cli import RunLog, refuse_missing, refuse_without_spec, say


def audit(
    runs: RunLog,
    spec: Annotated[Path | None, typer.Option(help="How the log is to be read, as YAML.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 on an audit error.")] = False,
) -> None:
    """Say what is wrong with a run log, and what that means for the claims about it."""
    if spec is None:
        refuse_without_spec("An", "audit", runs)
    refuse_missing(runs, spec)
    from uphold.runlog.audit import audit_log

    message, fails = audit_log(runs, spec)
    say(message)
    raise typer.Exit(strict and fails)
