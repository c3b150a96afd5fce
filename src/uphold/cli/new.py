"""``uphold new``: another study."""

from typing import Annotated

import typer

from uphold.cli import ROOT, say


def new(
    name: Annotated[str, typer.Argument(help="The new study's name: a package's.")],
    command: Annotated[
        str | None,
        typer.Option(
            metavar="LINE",
            help="A program that is run instead: 'python train.py --lr {lr=0.01,0.1} --seed {seed}"
            " --out {out}'. Fields hold values, or levels to compare.",
        ),
    ] = None,
    program: Annotated[
        str | None,
        typer.Option(metavar="FOLDER", help="Of the program; by default programs/NAME."),
    ] = None,
    score: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME[=NUMBER]",
            help="A number that its metrics.json holds, and what it is called here; the one that"
            " claims are about first, and one that begins with validation_.",
        ),
    ] = None,
) -> None:
    """Lay out a new study: its package, params, write-up. It runs as it stands."""
    from uphold.errors import InputError

    if command is None:
        from uphold.scaffold import lay_out

        if program is not None or score:
            raise InputError("--program and --score are of a study that is a --command: name it.")
        written = lay_out(name, ROOT)
    else:
        from uphold.scaffold.own_command import Command, lay_out_command

        scores = score or ["accuracy", "validation_accuracy"]
        asked = Command(name, command, program or f"programs/{name}", scores)
        written = lay_out_command(asked, ROOT)
    for path in written:
        say(str(path))
    say(f"Next: git add what you keep, then dvc repro report@{name}")
