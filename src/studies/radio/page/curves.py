"""Curves over SNR of named arms, with the interval of their mean at every point."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure

from studies.radio.page.bands import spans
from studies.radio.page.frames import chance
from uphold import palette
from uphold.errors import InputError, nearest
from uphold.format import short
from uphold.pages import drawing
from uphold.pages.arms import ARM
from uphold.pages.drawing import GREY, PALETTE
from uphold.pages.writeup import Sweep

DECIBELS = "SNR in dB"


def by_snr(
    sweep: Sweep, metric: str, label: str, names: Sequence[str], *, guessing: bool = False
) -> Figure:
    """Draw a curve over SNR for some arms, the bands shaded, chance marked if asked."""
    only = [{ARM: name} for name in names]
    page = sweep.page
    level = chance(page) if guessing else None
    shaded = spans(page).values()
    return lines(sweep, metric, DECIBELS, label, only=only, spans=shaded, level=level)


def lines(
    sweep: Sweep,
    metric: str,
    x_label: str,
    y_label: str,
    *,
    split: str = "test",
    only: Sequence[Mapping[str, Any]] = (),
    spans: Iterable[tuple[float, float]] = (),
    level: float | None = None,
) -> Figure:
    """Draw a curve a configuration, its 95 % interval shaded; of an accuracy, within 0 and 1.

    Parameters
    ----------
    sweep : Sweep
    metric, split : str
        Which of the study's curves.
    x_label, y_label : str
        What the axes say.
    only : sequence of mapping
        Levels of the configurations to draw, such as ``[{"arm": "A3"}]``; by default all, as far
        as there are colours for them.
    spans : iterable of (float, float)
        Stretches of the x axis to shade, such as bands.
    level : float, optional
        A value to mark, such as chance.
    """
    here = sweep.curves.query("metric == @metric and split == @split")
    if here.empty:
        known = sorted(set(sweep.curves["metric"]))
        raise InputError(
            f"{sweep.name} has no curve {metric!r} of {split!r}.{nearest(metric, known)}"
        )
    scored = sweep.page.found.metrics.get(metric)
    ends = (0.0, 1.0) if scored and scored.kind == "accuracy" else (None, None)
    figure, axis = drawing.axes(7, 3.6)
    for low, high in spans:
        axis.axvspan(low, high, color=palette.colour("band"), zorder=0)
    if level is not None:
        axis.axhline(level, color=GREY, linewidth=0.8, linestyle="--")
    for colour, row in zip(PALETTE, sweep.chosen(only), strict=False):
        curve = here[here["configuration"] == row.configuration].sort_values("x")
        axis.plot(curve["x"], curve["y"], color=colour, linewidth=1.4, label=short(row.levels))
        low, high = curve["y_low"].clip(lower=ends[0]), curve["y_high"].clip(upper=ends[1])
        axis.fill_between(curve["x"], low, high, color=colour, alpha=0.15)
    axis.set_xlabel(x_label)
    axis.set_ylabel(y_label)
    figure.legend(loc="outside lower center", ncols=3, fontsize="x-small")
    return figure
