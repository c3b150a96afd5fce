"""``uphold init``: a new repository of studies."""

from pathlib import Path
from typing import Annotated

import typer

from uphold.cli import say


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is new or empty.")],
    study: Annotated[str, typer.Option(help="The name of its first study.")] = "example",
) -> None:
    """Lay out a git repository with one small study: make and make test work in it."""
    from uphold.scaffold.repository import lay_out_repository

    made = lay_out_repository(folder, study)
    say(f"{folder}: {len(made.files)} files of a new git repository, with the study {study}")
    if made.near:
        say(
            f"requirements.txt takes uphold from {made.near}: before others are to install it, name"
            " an address there that they reach."
        )
    if made.refused:
        say(f"Nothing is committed: {made.refused}")
    say(f"Next: cd {folder} && make")
