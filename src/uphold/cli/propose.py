"""``uphold propose``: how anyone's run log is to be read."""

from pathlib import Path
from typing import NoReturn

from uphold.cli import RunLog, say


def propose(runs: RunLog) -> None:
    """Propose how anyone's run log is to be read, as YAML to edit."""
    refuse_missing(runs)
    from uphold.runlog.propose import propose_spec

    say(propose_spec(runs).rstrip())


def refuse_missing(*paths: Path) -> None:
    """Raise `InputError` where a path is not there, before anything is imported that reads it."""
    from uphold.errors import InputError

    for path in paths:
        try:
            path.stat()
        except OSError as error:
            raise InputError(f"{path} cannot be read: {error.strerror or error}.") from None


def refuse_without_spec(article: str, verb: str, runs: Path) -> NoReturn:
    """Raise `InputError`, which says how the spec that a verb needs is come by."""
    from uphold.errors import InputError

    raise InputError(
        f"{article} {verb} takes a spec: uphold propose {runs} > spec.yaml proposes one. Check"
        f" every line of it, then: uphold {verb} {runs} --spec spec.yaml"
    )
