"""How a band is classified epoch by epoch, arms beside each other, and what the denoiser gains."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from studies.radio.page.bands import spans
from studies.radio.scores import history_at
from uphold import palette
from uphold.errors import InputError
from uphold.format import exact, level, signed
from uphold.pages import drawing, explained, figures
from uphold.pages.arms import ARM
from uphold.pages.drawing import GREY, PALETTE
from uphold.pages.writeup import Sweep

CHECK = (20 / 50, 25 / 50)
"""When the archived write-up meant to look at the low band: epochs 20 to 25 of a run of 50."""


DENOISING = "validation_denoising"
"""The column of histories with the dB by which the denoiser raises the SNR of validation frames."""


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
    sizes = [runs["seed"].nunique() for runs in found.values()]
    parts = [f"{level(name)} {explained.course(_mean(runs))}" for name, runs in found.items()]
    return explained.explain(
        figure,
        f"Thin lines: single runs. Thick: means over {explained.spanned(sizes, 'run')}. Grey: the"
        f" mean of {level(names[0])}.",
        f"Mean validation accuracy in the {band} band by epoch: {explained.listed(parts)}",
    )


def denoising(sweep: Sweep, names: Sequence[str]) -> Figure:
    """Draw what the denoiser of some arms gains and its training loss by epoch."""
    columns = {DENOISING: "gain in dB", "train_denoising": "denoising loss"}
    _with(sweep, *columns)
    return figures.histories(sweep, columns=columns, only=[{ARM: name} for name in names])


def ceiling(sweep: Sweep, names: Sequence[str]) -> str:
    """Say by how much the denoiser's gain still rose in the second half of training, by arm."""
    histories, rises = _with(sweep, DENOISING), []
    digits = sweep.page.digits("denoising")
    for name in names:
        (c,) = sweep.chosen([{ARM: name}])
        gains = histories[histories["configuration"] == c.configuration]
        by_epoch = gains.groupby("epoch")[DENOISING].mean()
        half = by_epoch[by_epoch.index <= (by_epoch.index.max() + 1) // 2]
        rises.append((level(name), float(by_epoch.iloc[-1] - half.iloc[-1])))
    listed = ", ".join(f"{signed(rise, digits)} in {name}" for name, rise in rises)
    margin = sweep.page.margin("denoising")
    rising = [name for name, rise in rises if rise > margin]
    end = f"still rose by more in {', '.join(rising)}" if rising else "rose by more in none of them"
    return (
        f"From the middle to the end of training its gain changed, in dB, by {listed} (means over"
        f" seeds). The smallest change that matters is {exact(margin)} dB: the gain {end}."
    )


def _mean(runs: pd.DataFrame) -> pd.Series:
    return runs.groupby("epoch")["accuracy"].mean()


def _columns(sweep: Sweep, band: str) -> list[str]:
    """Return the columns of a band's SNRs."""
    low, high = spans(sweep.page)[band]
    found = [history_at(s) for s in sweep.page.writeup.data["snrs"] if low <= s <= high]
    _with(sweep, *found)
    return found


def _with(sweep: Sweep, *columns: str) -> pd.DataFrame:
    """Return the histories, which are to have these columns."""
    if missing := [name for name in columns if name not in sweep.histories]:
        raise InputError(
            f"{sweep.folder / 'histories.csv'} has no column {missing[0]!r}: it was made before"
            f" histories told it. Run dvc repro train@{sweep.name}."
        )
    return sweep.histories
