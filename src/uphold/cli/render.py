"""``uphold render``: the pages of write-ups, several side by side."""

from typing import Annotated, Literal

import typer

from uphold.cli import ROOT, say


def render(
    writeups: Annotated[list[str], typer.Argument(help="Pages, by the names of their documents.")],
    renderer: Annotated[
        Literal["auto", "quarto", "embedded"], typer.Option(help="What makes the pages.")
    ] = "auto",
) -> None:
    """Render write-ups to HTML and PDF."""
    from uphold.pipeline.stages.paths import Paths
    from uphold.pipeline.stages.render import report as stage

    paths = Paths(ROOT)
    for line in stage([paths.document(name) for name in writeups], paths.site, renderer):
        say(line)
