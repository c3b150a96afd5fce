"""``uphold gate``: keep a candidate, discard it, or run it again."""

import json
import math
from typing import Annotated, Literal

import typer

from uphold.cli import RunLog, refuse_missing, say


def gate(
    runs: RunLog,
    baseline: Annotated[str, typer.Option(help="What it is to beat, as the log calls it.")],
    candidate: Annotated[str, typer.Option(help="What was proposed.")],
    margin: Annotated[float, typer.Option(help="The smallest gain that is worth keeping.")],
    score: Annotated[str | None, typer.Option(help="Column; else told by its name.")] = None,
    by: Annotated[str | None, typer.Option(help="Column of arms; else where both stand.")] = None,
    seed: Annotated[str | None, typer.Option(help="Column of seeds that arms share.")] = None,
    better: Annotated[
        Literal["lower", "higher"] | None, typer.Option(help="Else told by the score's name.")
    ] = None,
    most: Annotated[
        int | None, typer.Option(help="Runs that a candidate may have before it is discarded.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Decide on a candidate of a loop: keep (exit 0), discard (1), or run K more (3).

    It may be asked after every run, and for as many candidates as there are: the chance of keeping
    any that gains nothing stays below 5 %.
    """
    refuse_missing(runs)
    from uphold.gate.answer import answer
    from uphold.gate.log import read_loop

    lower = None if better is None else better == "lower"
    log = read_loop(runs, (baseline, candidate), score, by, seed, lower)
    found = answer(log, baseline, candidate, margin, math.inf if most is None else most)
    say(json.dumps(found.json(), indent=2) if as_json else found.text())
    raise typer.Exit(found.code)
