"""``uphold predict``: what an exported model says of files."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from uphold.cli import say

Out = Annotated[
    Path | None,
    typer.Option(
        help="The table, which may take the place of one like it; without, it is printed."
    ),
]


def predict(
    model: Annotated[Path, typer.Argument(metavar="DIR", help="What uphold export made.")],
    files: Annotated[
        list[Path],
        typer.Argument(help="Files such as the model's study reads: sound, frames, grids."),
    ],
    out: Out = None,
) -> None:
    """Write a table, CSV: a row for each window, clip, frame or grid, its label and its scores.

    The threshold of the label, where there is one, stands in README.md of the model's folder. What
    of a file is in no row is said apart from the table, on standard error.
    """
    from uphold.cli.out_file import refuse_another
    from uphold.disk import publish
    from uphold.format import counted
    from uphold.pipeline.exported import opened

    table, notes = opened(model).predict(files)
    for note in notes:
        typer.echo(note, err=True)
    text = table.to_csv(index=False, lineterminator="\n", float_format="%.6g")
    if out is None:
        sys.stdout.write(text)
        return
    refuse_another(out, text[: text.index("\n") + 1].encode(), "table")
    publish(out, text.encode())
    say(f"{out}: {counted(len(table), 'row')} of {counted(len(files), 'file')}")
