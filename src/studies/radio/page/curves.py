"""Accuracy over SNR: that of one arm, and by how much each of the others differs from it.

In: what each test frame adds to the accuracy of each run, as its sweep keeps it. Out: a figure.
Differences are between runs of the same seed, so that their intervals are those of such pairs: the
curves of two arms alone would not give them.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from safetensors.numpy import load_file
from scipy.special import stdtrit

from studies.radio.page.bands import spans
from studies.radio.page.frames import chance
from uphold import palette
from uphold.error_rates import LEVEL
from uphold.format import level, number, signed
from uphold.pages import drawing, explained
from uphold.pages.arms import ARM
from uphold.pages.drawing import GREY, PALETTE
from uphold.pages.writeup import Page, Sweep
from uphold.pipeline.stages.files import ITEMS

DECIBELS = "SNR in dB"
COLUMNS = 4


def differences(sweep: Sweep, baseline: str, others: Sequence[str]) -> Figure:
    """Draw the baseline's accuracy over SNR, then a panel for each other arm's difference to it.

    Bands are shaded; the dashed line is guessing in the first panel and no difference elsewhere.
    """
    found = by_seed(sweep)
    if found is None:
        return drawing.note("Not every class has test frames at every SNR: there are no curves.")
    rows = -(-(len(others) + 1) // COLUMNS)
    figure, axes = drawing.grid(rows, COLUMNS, (7.4, 1.75 * rows + 0.5), sharex=True)
    first, *rest = axes.ravel()
    base = found.loc[baseline]
    _curve(sweep.page, first, base, chance(sweep.page), GREY)
    sizes, seen = [len(base)], [f"{level(baseline)}: accuracy {_ends(base.mean())}"]
    first.set(title=level(baseline), ylim=(0, 1), ylabel="accuracy")
    for axis, name in zip(rest, others, strict=False):
        # runs of the same seed; a seed that failed in one of the arms is in no pair
        less = (found.loc[name] - base).dropna()
        _curve(sweep.page, axis, less, 0.0, PALETTE[0])
        sizes.append(len(less))
        seen.append(f"{level(name)} less {level(baseline)}: {_extremes(less.mean())}")
        axis.set_title(f"{level(name)} less {level(baseline)}")
        axis.sharey(rest[0])
    for axis in rest:  # the scale of differences stands at the first of each row
        place = axis.get_subplotspec()
        axis.tick_params(labelleft=axis is rest[0] or bool(place and place.is_first_col()))
    for axis in rest[len(others) :]:
        axis.set_axis_off()
    figure.supxlabel(DECIBELS, fontsize=9)
    return explained.explain(
        figure,
        f"Dots: means. Lines through them: {explained.over([(sweep.unit, n) for n in sizes])}."
        " Shaded: bands of SNR.",
        f"Over the SNR: {explained.listed(seen)}",
    )


def _ends(means: pd.Series) -> str:
    """Tell how a curve over SNR begins and ends."""
    low, high = means.index[0], means.index[-1]
    return (
        f"{number(means[low], 2)} at {number(low, 0)} dB and {number(means[high], 2)} at"
        f" {number(high, 0)} dB"
    )


def _extremes(means: pd.Series) -> str:
    """Tell where a curve of differences is lowest and highest."""
    worst, best = means.idxmin(), means.idxmax()
    return (
        f"from {signed(means[worst], 2)} at {number(float(worst), 0)} dB to"
        f" {signed(means[best], 2)} at {number(float(best), 0)} dB"
    )


def by_seed(sweep: Sweep) -> pd.DataFrame | None:
    """Return each run's accuracy at each SNR, by arm and seed; None where a cell has no frames."""
    snrs = sorted(sweep.page.writeup.data["snrs"])
    arrays = load_file(sweep.folder / ITEMS)
    hits, cells = arrays["accuracy/score"], arrays["group"][arrays["accuracy/item"]]
    # cells are numbered class by class, and within a class by SNR, as `evaluation.groups` has them
    if len(np.unique(cells)) != len(snrs) * len(sweep.page.writeup.data["classes"]):
        return None
    places = cells % len(snrs)
    runs = sweep.scores
    means = {snr: hits[:, places == i].mean(axis=1, dtype=float) for i, snr in enumerate(snrs)}
    return pd.DataFrame(means, index=pd.MultiIndex.from_frame(runs[[ARM, "seed"]]))


def _curve(page: Page, axis: Axes, runs: pd.DataFrame, at: float, colour: str) -> None:
    """Draw the mean of runs over SNR, with intervals, and a line to compare it with."""
    for low, high in spans(page).values():
        axis.axvspan(low, high, color=palette.colour("band"), zorder=0)
    axis.axhline(at, color=GREY, linewidth=0.8, linestyle="--")
    n = len(runs)
    half = runs.sem() * (stdtrit(n - 1, (1 + LEVEL) / 2) if n > 1 else np.nan)
    style: dict[str, Any] = {"fmt": "o-", "markersize": 3, "linewidth": 1.2, "elinewidth": 1.2}
    axis.errorbar(runs.columns, runs.mean(), yerr=half, color=colour, **style)
    axis.tick_params(labelsize=8)
    axis.title.set_fontsize(9)
