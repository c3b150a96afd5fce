"""When runs that stop early stopped, and which epoch's weights they kept."""

from studies.calls.page.sizes import span
from uphold.format import count, counted
from uphold.pages.writeup import Sweep

FACTOR = "early_stopping"


def sentence(sweep: Sweep) -> str:
    """Say how many runs with early stopping ended early, and which weights they kept."""
    runs = sweep.scores
    done = runs[runs["status"] == "ok"]
    stopped = done[done[FACTOR].astype(str).str.lower() == "true"]
    if stopped.empty:
        return "No run with early stopping has a score."
    planned = int(sweep.designed.design.fixed["epochs"])
    early = int((stopped["epochs_run"] < planned).sum())
    return (
        f"Of {counted(len(stopped), 'run')} with early stopping, {count(early)} ended before the"
        f" last of {count(planned)} epochs. They ran {span(stopped['epochs_run'])} epochs and"
        f" kept the weights of epoch {span(stopped['best_epoch'])}."
    )
