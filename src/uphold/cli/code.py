"""``uphold code``: the digests of the code that stages of one kind run."""

from typing import Annotated

import typer

from uphold.cli import ROOT, say

code = typer.Typer(add_completion=False)


@code.command(name="code", hidden=True)
def write(
    kind: Annotated[str, typer.Argument(help="A kind of stages, as in code-KIND of dvc.yaml.")],
) -> None:
    """Write down the digests of the code that stages of one kind run, for DVC to look at once."""
    from uphold.format import counted
    from uphold.pipeline.stage_code import write_digests

    say(f"code-{kind}: {counted(write_digests(ROOT, kind), 'file')}")
