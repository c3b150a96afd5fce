"""``uphold sweep``: a sweep of one's own."""

from typing import Annotated

import typer

from uphold.cli import ROOT, say


def sweep(
    name: Annotated[str, typer.Argument(help="The new sweep's name.")],
    study: Annotated[str, typer.Option(help="The study whose runs it is of.")],
    factor: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SETTING=LEVEL,LEVEL",
            help="A setting of its runs with the levels to compare; once for each factor.",
        ),
    ] = None,
    writeup: Annotated[
        str | None,
        typer.Option(help="The write-up that it goes to, new or not; by default one of its name."),
    ] = None,
    title: Annotated[str | None, typer.Option(help="What pages call it.")] = None,
) -> None:
    """Lay out a sweep with claims and a page, in params.yaml, params/<study>.yaml and reports.

    It runs as it stands. Without a factor it switches two settings of the study on and off.
    """
    from uphold.errors import InputError
    from uphold.pipeline.params import file_of
    from uphold.scaffold.own_design import Asked
    from uphold.scaffold.own_sweep import lay_out_sweep

    factors: dict[str, list[str]] = {}
    for text in factor or ():
        setting, equals, levels = text.partition("=")
        if not equals or not setting.strip():
            raise InputError(f"--factor {text}: write it as setting=level,level.")
        if setting.strip() in factors:
            raise InputError(f"--factor {setting.strip()} stands twice: give all levels in one.")
        factors[setting.strip()] = [level.strip() for level in levels.split(",")]
    words = name.replace("-", " ").replace("_", " ")
    title = title or words[:1].upper() + words[1:]
    asked = Asked(name, study, writeup or name, title, factors)
    for path in lay_out_sweep(asked, ROOT):
        say(str(path))
    say(f"Before the first run, say in {file_of(study)} what you expect: the claims ask only")
    say("whether there is a difference, and what is committed before results is registered.")
    say(f"Next: git add what you keep, then dvc repro report@{asked.writeup}")
