"""How a band is classified epoch by epoch, arms beside each other."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from studies.radio.page.bands import spans
from studies.radio.scores import history_at
from uphold import palette
from uphold.errors import InputError
from uphold.format import level
from uphold.pages import drawing
from uphold.pages.arms import ARM
from uphold.pages.drawing import GREY, PALETTE
from uphold.pages.writeup import Sweep

CHECK = (20 / 50, 25 / 50)
"""When the archived write-up meant to look at the low band: epochs 20 to 25 of a run of 50."""


def of_band(sweep: Sweep, band: str, names: Sequence[str]) -> Figure:
    """Draw a band's validation accuracy by epoch, a panel an arm, the first one's mean in each.

    Single runs are thin, their mean is thick, that of the first arm grey. The stretch `CHECK` of a
    run's epochs is shaded.
    """
    columns = _columns(sweep, band)
    histories = sweep.histories
    # every SNR has as many validation frames
    accuracy = histories.assign(accuracy=histories[columns].mean(axis=1))
    found = {
        name: accuracy[accuracy["configuration"] == c.configuration]
        for name in names
        for c in sweep.chosen([{ARM: name}])
    }
    first = _mean(found[names[0]])
    figure, axes = drawing.grid(1, len(names), (1.9 * len(names) + 0.6, 2.9), sharey=True)
    for axis, colour, (name, runs) in zip(axes[0], PALETTE, found.items(), strict=False):
        epochs = runs["epoch"].max()
        axis.axvspan(*(share * epochs for share in CHECK), color=palette.colour("band"), zorder=0)
        for _, run in runs.groupby("seed"):
            axis.plot(run["epoch"], run["accuracy"], color=colour, linewidth=0.5, alpha=0.5)
        axis.plot(first.index, first, color=GREY, linewidth=1.0)
        mean = _mean(runs)
        axis.plot(mean.index, mean, color=colour, linewidth=1.8)
        axis.set_title(level(name), fontsize=9)
        axis.set_xlabel("epoch")
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes[0][0].set_ylabel(f"validation accuracy, {band} band")
    return figure


def _mean(runs: pd.DataFrame) -> pd.Series:
    return runs.groupby("epoch")["accuracy"].mean()


def _columns(sweep: Sweep, band: str) -> list[str]:
    """Return the columns of a band's SNRs."""
    low, high = spans(sweep.page)[band]
    found = [history_at(s) for s in sweep.page.writeup.data["snrs"] if low <= s <= high]
    if missing := [name for name in found if name not in sweep.histories]:
        raise InputError(
            f"{sweep.folder / 'histories.csv'} has no column {missing[0]!r}: it was made before"
            f" histories told accuracy by SNR. Run dvc repro train@{sweep.name}."
        )
    return found
