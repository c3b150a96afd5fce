"""Whether the validation loss rises again before training ends."""

from uphold.format import count, counted, number
from uphold.pages.writeup import Sweep


def sentence(sweep: Sweep) -> str:
    """Say in how many runs the validation loss rises again, and by how much until the last epoch.

    The rise is a share of the lowest loss, since losses of different settings are on different
    scales.
    """
    done = sweep.scores.loc[sweep.scores["status"] == "ok", "run"]
    epochs = sweep.histories[sweep.histories["run"].isin(done)].sort_values("epoch")
    if epochs.empty:
        return f"No run of {sweep.title} has a score."
    losses = epochs.groupby("run")["validation_loss"]
    rise = losses.last() / losses.min() - 1
    risen = rise[rise > 0]
    if risen.empty:
        return f"Each of {counted(len(rise), 'run')} has its lowest validation loss at its end."
    above = f"{number(100 * rise.mean(), 1)} %"
    return (
        f"In {count(len(risen))} of {counted(len(rise), 'run')} the validation loss had risen again"
        f" when training ended. It then stood {above} above its lowest, on average over all runs."
    )
