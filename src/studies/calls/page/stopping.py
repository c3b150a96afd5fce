"""When runs that stop early are to stop, when they did, and which epoch's weights they kept."""

import json

from studies.calls.page.sizes import span
from uphold.format import count, counted, exact
from uphold.pages.writeup import Sweep

FACTOR = "early_stopping"


def rule(sweep: Sweep) -> str:
    """Say what stops a run; it stands in no design, since not all runs have it."""
    found = [json.loads(settings) for settings in sweep.runs["settings"]]
    stopping = next((one for one in found if one.get(FACTOR)), None)
    if stopping is None:
        return f"No run of {sweep.title} may stop early."
    by = f" by more than {exact(least)}" if (least := stopping.get("min_delta")) else ""
    return (
        f"A run stops once {counted(stopping['patience'], 'epoch')} in a row"
        f" {'has' if stopping['patience'] == 1 else 'have'} not lowered the validation loss{by}."
    )


def sentence(sweep: Sweep) -> str:
    """Say how many runs with early stopping ended early, and which weights they kept."""
    runs = sweep.scores
    done = runs[runs["status"] == "ok"]
    stopped = done[done[FACTOR].astype(str).str.lower() == "true"]
    if stopped.empty:
        return "No run with early stopping has a score."
    planned = int(sweep.designed.design.fixed["epochs"])
    early = int((stopped["epochs_run"] < planned).sum())
    many = counted(len(stopped), "run")
    which = f"All {many}" if early == len(stopped) > 1 else f"{count(early)} of {many}"
    return (
        f"{which} with early stopping ended before epoch {count(planned)}. Training took"
        f" {span(stopped['epochs_run'])} epochs, and the weights of epoch"
        f" {span(stopped['best_epoch'])} were kept."
    )
