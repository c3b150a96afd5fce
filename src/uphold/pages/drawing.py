"""What every figure stands on: its style, its colours, its axes."""

import io

import matplotlib as mpl
import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from uphold.palette import colour, series

PALETTE = series()
GREY = colour("mark")
WIDEST = 64
"""Characters of the longest label beside an axis."""


def _style() -> None:
    sns.set_theme(context="paper", style="whitegrid", palette=PALETTE, font_scale=1.05)
    mpl.rcParams |= {
        "axes.edgecolor": colour("axis"),
        "axes.spines.right": False,
        "axes.spines.top": False,
        "figure.constrained_layout.use": True,
        "font.family": "DejaVu Sans",
        "grid.color": colour("grid"),
        "legend.frameon": False,
        # The same figure is the same bytes, whenever and wherever it is drawn.
        "svg.hashsalt": "studies",
        # A name is text: no dollar sign in it begins a formula.
        "text.parse_math": False,
    }


class Drawing(Figure):
    """A figure that shows itself, as SVG, and that pyplot does not keep.

    A figure that pyplot keeps would be shown a second time when its cell ends.
    """

    def _repr_svg_(self) -> str:
        text = io.StringIO()
        self.savefig(text, format="svg", metadata={"Date": None})
        return text.getvalue()


def axes(width: float, height: float) -> tuple[Figure, Axes]:
    """Return a new figure of that size in inches, and its only axes."""
    figure = Drawing(figsize=(width, height))
    return figure, figure.subplots()


def grid(
    rows: int,
    columns: int,
    size: tuple[float, float],
    *,
    sharex: bool = False,
    sharey: bool = False,
) -> tuple[Figure, np.ndarray]:
    """Return a new figure and its axes, an array of shape (rows, columns)."""
    figure = Drawing(figsize=size)
    return figure, figure.subplots(rows, columns, squeeze=False, sharex=sharex, sharey=sharey)


def note(text: str) -> Figure:
    """Draw a sentence where there is nothing else to draw."""
    figure, axis = axes(7, 0.6)
    axis.set_axis_off()
    axis.text(0, 0.5, text, color=GREY, verticalalignment="center")
    return figure


def cut(text: str, widest: int = WIDEST) -> str:
    """Return a label that leaves room for what it labels."""
    return text if len(text) <= widest else f"{text[: widest - 1]}…"


_style()
