"""What every figure stands on: its style, its colours, its axes."""

import io
import json
import re
from collections.abc import Mapping
from html import escape
from typing import Any

import matplotlib as mpl
import numpy as np
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from uphold.palette import colour, series

PALETTE = series()
GREY = colour("mark")
WIDEST = 64
"""Characters of the longest label beside an axis."""


LINE = 170 / 25.4
"""Width of the text in a PDF, in inches."""

PAGE = 235 / 25.4
"""Height that a figure has in a PDF at most, in inches; its caption needs the rest."""

LEAST = 7.1
"""The smallest type in a PDF, in points, with what rounding takes."""

_PAPER = 0.8  # of what figures have on a screen
_TEXT = 12 * _PAPER * 1.05  # points
_SMALL = 11 * _PAPER * 1.05
_LENGTH = 6 * _PAPER
_INK = ".15"

_STYLE: dict[Any, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": colour("axis"),
    "axes.grid": True,
    "axes.labelcolor": _INK,
    "axes.labelsize": _TEXT,
    "axes.linewidth": 1.0,
    "axes.prop_cycle": cycler(color=PALETTE),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": _TEXT,
    "figure.constrained_layout.use": True,
    "font.family": "DejaVu Sans",
    "font.size": _TEXT,
    "grid.color": colour("grid"),
    "legend.fontsize": _SMALL,
    "legend.frameon": False,
    "legend.title_fontsize": _TEXT,
    "lines.linewidth": 1.5 * _PAPER,
    "lines.markersize": _LENGTH,
    "lines.solid_capstyle": "round",
    "patch.edgecolor": "w",
    "patch.force_edgecolor": True,
    "patch.linewidth": 0.8,
    # The same figure is the same bytes, whenever and wherever it is drawn.
    "svg.hashsalt": "studies",
    "text.color": _INK,
    # A name is text: no dollar sign in it begins a formula.
    "text.parse_math": False,
    # Ticks are not drawn, and their length is yet what keeps labels off the axis.
    "xtick.bottom": False,
    "xtick.color": _INK,
    "xtick.labelsize": _SMALL,
    "xtick.major.size": _LENGTH,
    "ytick.color": _INK,
    "ytick.labelsize": _SMALL,
    "ytick.left": False,
    "ytick.major.size": _LENGTH,
}
"""Lines on a light grid, without ticks, with type as on paper. Written out, because a library that
knows such a style takes two seconds of a core to import, for each page anew."""

_PATH = re.compile(r'\bd="[^"]*"')
_FINER = re.compile(r"(?<=\.\d\d)\d+")
"""What a coordinate says beyond a hundredth of a point: a fifth of a picture of many lines."""


class Drawing(Figure):
    """A figure that shows itself, as SVG, and that pyplot does not keep.

    A figure that pyplot keeps would be shown a second time when its cell ends. One larger than the
    page of a PDF is made smaller there; its type is as much larger here that it can be read there.

    Attributes
    ----------
    data : mapping, optional
        What the picture carries for the script of a page, as JSON in its metadata.
    """

    data: Mapping[str, Any] | None = None

    def _repr_svg_(self) -> str:
        self._raise_type(smallest(*self.get_size_inches()))
        text = io.StringIO()
        said = {"Title": str(self.get_label())}  # where the figure has no caption
        # Who drew it has a title too, which would be taken for what is seen.
        metadata = {"Date": None, "Creator": None} | (said if said["Title"] else {})
        self.savefig(text, format="svg", metadata=metadata)
        picture = _PATH.sub(lambda path: _FINER.sub("", path[0]), text.getvalue())
        return picture if self.data is None else _carrying(picture, self.data)

    def _raise_type(self, least: float) -> None:
        for text in self.findobj(Text):
            text.set_fontsize(max(least, text.get_fontsize()))
        # those of the ticks that come only as it is drawn
        for axis in (axis for panel in self.axes for axis in (panel.xaxis, panel.yaxis)):
            size = axis.get_major_ticks(1)[0].label1.get_fontsize()
            axis.set_tick_params(which="both", labelsize=max(least, size))


def smallest(width: float, height: float) -> float:
    """Return the smallest type of a figure of that size in inches, in points of its own."""
    return LEAST * max(1, width / LINE, height / PAGE)


def _carrying(picture: str, data: Mapping[str, Any]) -> str:
    """Return an SVG with data in it."""
    written = escape(json.dumps(data, ensure_ascii=False, separators=(",", ":")), quote=False)
    head, end, rest = picture.rpartition("</svg>")
    return f'{head}<metadata class="data">{written}</metadata>\n{end}{rest}'


def axes(width: float, height: float, *, placed: bool = False) -> tuple[Drawing, Axes]:
    """Return a new figure of that size in inches, and its only axes, placed by hand if so."""
    with mpl.rc_context({"figure.constrained_layout.use": not placed}):
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
    figure.set_label(text)
    return figure


def cut(text: str, widest: int = WIDEST) -> str:
    """Return a label that leaves room for what it labels."""
    return text if len(text) <= widest else f"{text[: widest - 1]}…"


mpl.rcParams |= _STYLE
