"""``uphold diff``: what changed between two revisions, two reports or two run logs."""

import json
from pathlib import Path
from typing import Annotated

import typer

from uphold.cli import say


def diff(
    a: Annotated[str, typer.Argument(help="A revision, a findings.json or its folder, a run log.")],
    b: Annotated[str, typer.Argument(help="What it became: of the same kind.")],
    spec: Annotated[Path | None, typer.Option(help="How two run logs are to be read.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="All of it as JSON.")] = False,
) -> None:
    """Say what changed from A to B, why, and what is more than noise, as Markdown.

    Exits 1 where a verdict or a score changed by more than noise or a claim can no longer be
    tested. Reruns on other seeds alone do so in at most 5 % of comparisons.
    """
    from uphold.comparison.changes import changes
    from uphold.comparison.machines import as_json as for_machines
    from uphold.comparison.markdown import markdown
    from uphold.comparison.sources import read_sources

    found = changes(*read_sources(a, b, spec))
    if as_json:
        say(json.dumps(for_machines(found), indent=1, ensure_ascii=False, default=str))
    else:
        say(markdown(found))
    raise typer.Exit(found.alarm)
