"""``uphold new``: another study."""

from typing import Annotated

import typer

from uphold.cli import ROOT, say


def new(name: Annotated[str, typer.Argument(help="The new study's name: a package's.")]) -> None:
    """Lay out a new study: its package, params, write-up. It runs as it stands."""
    from uphold.scaffold import lay_out

    for path in lay_out(name, ROOT):
        say(str(path))
    say(f"Next: git add what you keep, then dvc repro report@{name}")
