"""Confusion matrices of a configuration, its runs counted together."""

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

import numpy as np
import seaborn
from matplotlib.colors import Colormap, LinearSegmentedColormap
from matplotlib.figure import Figure

from uphold.errors import InputError
from uphold.format import cell, counted, level, number
from uphold.pages import drawing, explained
from uphold.pages.writeup import Sweep
from uphold.palette import colour

FEW = 12
"""Up to so many classes the cells are big enough to hold a number."""

WIDTH, CLASS = 6.6, 0.127
"""Inches that panels share, three at least, and what a class takes of one at least."""

LETTERS = 12
"""Of a title to an inch."""


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
    side = max(WIDTH / max(len(splits), 3), CLASS * len(names))
    size = (0.5 + side * len(splits), side + 1.0)
    figure, panels = drawing.grid(1, len(splits), size, sharey=True)
    seen = []
    for axis, split in zip(panels[0], splits, strict=True):
        cells = here[here["split"] == split]
        counts = cells.pivot_table(index="truth", columns="predicted", values="count")
        counts = counts.reindex(index=names, columns=names).to_numpy(float)
        totals = counts.sum(axis=1, keepdims=True)
        shares = np.divide(counts, totals, out=np.zeros_like(counts), where=totals > 0)
        seaborn.heatmap(
            shares,
            ax=axis,
            cmap=_shades(),
            vmin=0,
            vmax=1,
            square=True,
            cbar=False,
            annot=np.vectorize(cell)(shares) if len(names) <= FEW else None,
            fmt="",
            annot_kws={"fontsize": float(np.clip(44 / len(names), 5.5, 10))},
            xticklabels=names,
            yticklabels=names,
        )
        axis.tick_params("x", rotation=90, labelsize=7)
        axis.tick_params("y", rotation=0, labelsize=7)
        title = f"{level(split)}, {counted(int(totals.sum()), 'prediction')}"
        axis.set_title("\n".join(wrap(title, int(side * LETTERS))), fontsize=9)
        axis.set_xlabel("predicted")
        seen.append(f"{level(split)}: {_seen(shares, names)}")
    panels[0][0].set_ylabel("true")
    return explained.explain(
        figure, "Cells: shares of a row, which add up to 1; the darker, the more.", " ".join(seen)
    )


def _seen(shares: np.ndarray, names: Sequence[str]) -> str:
    """Tell how often classes are right, and which is most often taken for which."""
    right = np.diag(shares)
    best, worst = int(right.argmax()), int(right.argmin())
    wrong = shares - np.diag(right)
    truth, taken = map(int, np.unravel_index(int(wrong.argmax()), wrong.shape))
    return (
        f"{names[best]} is right most often ({number(right[best], 2)}), {names[worst]} least"
        f" ({number(right[worst], 2)}); most often {names[truth]} is taken for {names[taken]}"
        f" ({number(wrong[truth, taken], 2)})."
    )


def _shades() -> Colormap:
    """Return the colours of shares, from the paper's to the first one of figures."""
    return LinearSegmentedColormap.from_list("shares", [colour("paper"), drawing.PALETTE[0]])
