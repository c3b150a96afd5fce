"""``uphold render``: the pages of a write-up."""

from typing import Annotated, Literal

import typer

from uphold.cli import ROOT, say


def render(
    writeup: Annotated[str, typer.Argument(help="A write-up, index or calibration.")],
    renderer: Annotated[
        Literal["auto", "quarto", "embedded"], typer.Option(help="What makes the pages.")
    ] = "auto",
) -> None:
    """Render a write-up to HTML and PDF."""
    from uphold.pipeline.stages.paths import Paths
    from uphold.pipeline.stages.render import report as stage

    paths = Paths(ROOT)
    say(stage(paths.document(writeup), paths.site, renderer))
