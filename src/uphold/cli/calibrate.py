"""``uphold calibrate``: how often verdicts are wrong."""

from pathlib import Path
from typing import Annotated

import typer

from uphold.cli import ROOT, say

BEGINS = b'{\n "made": {'
"""How what it writes begins."""


def calibrate(
    scale: Annotated[
        str | None,
        typer.Option(help="How many logs are drawn; without it the scale of the params."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The file to write, such as results/calibration/full.json.")
    ] = None,
    processes: Annotated[int, typer.Option(min=1, help="How many work side by side.")] = 2,
) -> None:
    """Judge logs that are made up, whose truth is known, and count the verdicts that are false.

    What was counted is kept beside the file until all is: stopped, it goes on where it was.
    """
    from uphold.cli.out_file import refuse_another
    from uphold.disk import publish
    from uphold.errors import InputError
    from uphold.pipeline.params import FILE, load, must_be
    from uphold.pipeline.stages.files import json_bytes
    from uphold.pipeline.stages.paths import Paths

    params = load(ROOT)
    chosen = params.names.calibration
    if chosen is None:
        raise InputError(
            f"{FILE} has no calibration: it gives a seed and, by scale, how many logs are drawn."
        )
    name = scale or params.scale
    must_be(f"{FILE}: calibration.draws", name, chosen.draws)
    out = out or Paths(ROOT).calibration
    refuse_another(out, BEGINS, "count")

    from uphold.calibration.calibrate import Draws
    from uphold.calibration.calibrate import calibrate as counted

    draws = Draws(**{str(of): logs for of, logs in chosen.draws.items()}[name].model_dump())
    keep = out.with_name(out.name + ".part")
    found = counted(draws, name, chosen.seed, processes, keep, say)
    publish(out, json_bytes(found.dumped()))
    say(f"how often verdicts are wrong, at scale {name}: {out}")
