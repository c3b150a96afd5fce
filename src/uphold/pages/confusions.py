"""Confusion matrices of a configuration, its runs counted together."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, LinearSegmentedColormap
from matplotlib.figure import Figure

from uphold.errors import InputError
from uphold.format import cell, counted, level
from uphold.pages import drawing
from uphold.pages.writeup import Sweep
from uphold.palette import colour

FEW = 12
"""Up to so many classes the cells are big enough to hold a number."""

HALF = 0.5
"""From this share on a cell is dark, and its number light."""

WIDTH, CLASS = 6.6, 0.15
"""Inches that panels share, two at least, and what a class takes of one at least."""


def confusions(sweep: Sweep, levels: Mapping[str, Any], splits: Sequence[str]) -> Figure:
    """Draw which class (down) was taken for which (across), a panel a split.

    Parameters
    ----------
    sweep : Sweep
    levels : mapping
        The configuration's levels, such as ``{"arm": "A3"}``.
    splits : sequence of str
        Splits or slices, as the study's confusions name them. Each row of a panel adds up to one.
    """
    configuration = sweep.chosen([levels])[0].configuration
    here = sweep.confusions[sweep.confusions["configuration"] == configuration]
    missing = set(splits) - set(here["split"])
    if missing:
        raise InputError(f"{sweep.name} has no confusions of {', '.join(sorted(missing))}.")
    names = list(dict.fromkeys(here.loc[here["split"] == splits[0], "truth"]))
    side = max(WIDTH / max(len(splits), 2), CLASS * len(names))
    size = (0.5 + side * len(splits), side + 1.0)
    figure, panels = drawing.grid(1, len(splits), size, sharey=True)
    for axis, split in zip(panels[0], splits, strict=True):
        cells = here[here["split"] == split]
        counts = cells.pivot_table(index="truth", columns="predicted", values="count")
        counts = counts.reindex(index=names, columns=names).to_numpy(float)
        totals = counts.sum(axis=1, keepdims=True)
        shares = np.divide(counts, totals, out=np.zeros_like(counts), where=totals > 0)
        axis.imshow(shares, cmap=_shades(), vmin=0, vmax=1)
        axis.grid(visible=False)
        if len(names) <= FEW:
            _numbers(axis, shares)
        axis.set_xticks(range(len(names)), names, rotation=90, fontsize=7)
        axis.set_yticks(range(len(names)), names, fontsize=7)
        axis.set_title(f"{level(split)}, {counted(int(totals.sum()), 'prediction')}", fontsize=9)
        axis.set_xlabel("predicted")
    panels[0][0].set_ylabel("true")
    return figure


def _shades() -> Colormap:
    """Return the colours of shares, from the paper's to the first one of figures."""
    return LinearSegmentedColormap.from_list("shares", [colour("paper"), drawing.PALETTE[0]])


def _numbers(axis: Axes, shares: np.ndarray) -> None:
    size = float(np.clip(44 / len(shares), 5.5, 10))
    for (down, across), share in np.ndenumerate(shares):
        text = cell(share)
        dark = colour("paper") if share > HALF else colour("ink")
        axis.text(across, down, text, ha="center", va="center", fontsize=size, color=dark)
