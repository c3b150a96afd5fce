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
    runs = f"Of {counted(len(rise), 'run')} of {sweep.title}"
    if risen.empty:
        return f"{runs}, each has its lowest validation loss after its last epoch."
    above = f"{number(100 * rise.mean(), 1)} %"
    return (
        f"{runs}, {count(len(risen))} had their lowest validation loss before the last epoch. After"
        f" the last the loss stood {above} above its lowest, on average over all runs."
    )
