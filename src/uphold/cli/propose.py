"""``uphold propose``: how anyone's run log is to be read."""

from uphold.cli import RunLog, refuse_missing, say


def propose(runs: RunLog) -> None:
    """Propose how anyone's run log is to be read, as YAML to edit."""
    refuse_missing(runs)
    from uphold.runlog.propose import propose_spec

    say(propose_spec(runs).rstrip())
