"""The archived table of results beside the arms that repeat it.

In: the page's analysis, which holds the table as it was transcribed. Out: a table, a figure and a
sentence. Promised: each archived row stands beside the arm with its settings.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from great_tables import GT
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from uphold.analysis.model.estimates import Description
from uphold.analysis.model.runs import Configuration
from uphold.format import MISSING, Ends, count, counted, interval, number
from uphold.pages import archived, drawing, explained
from uphold.pages.arms import ARM
from uphold.pages.drawing import GREY, PALETTE
from uphold.pages.run_tables import mean_sd
from uphold.pages.table import plain
from uphold.pages.writeup import Page, Sweep

ARCHIVED = {
    "Original baseline (5 epochs)": "plain (5), other actors",
    "Current baseline (5 epochs)": "plain (5)",
    "+ Class-weighted loss (15 epochs)": "weights (15)",
    "+ Class-weighted loss + SpecAugment (15 epochs)": "weights + SpecAugment (15)",
    "+ Class-weighted loss + SpecAugment + Label smoothing (30 epochs)": (
        "weights + SpecAugment + smoothing (30)"
    ),
    "+ Class-weighted loss + SpecAugment (30 epochs, no label smoothing)": (
        "weights + SpecAugment (30)"
    ),
    "+ Focal Loss": "focal + SpecAugment (30)",
    "+ More aggressive augmentation": "weights + strong SpecAugment (30)",
}
"""The archived rows and the arms that repeat them."""


RESULTS, SCORE = "results", "F1 Score"
STEP = 0.05
"""Where axes may begin and end."""
LINE = 0.075
"""Between two names, in parts of the axis."""


@dataclass(frozen=True)
class Point:
    """An archived row and the arm that repeats it."""

    arm: str
    printed: float
    ours: Description

    @property
    def mean(self) -> float:
        """Of our runs."""
        assert self.ours.mean is not None
        return self.ours.mean


def published(page: Page, sweep: Sweep) -> GT:
    """The archived table beside ours: printed, repeated, and the range of our runs."""
    printed, digits = page.archived.tables[RESULTS], page.digits(page.primary)
    rows = []
    for row in printed:
        configuration = _repeated(sweep, row)
        ours = sorted(v for v in sweep.scores_of(configuration, page.primary) if v == v)
        rows.append(
            (
                row["Configuration"],
                row[SCORE],
                str(configuration.levels[ARM]),
                mean_sd(sweep, configuration, page.primary),
                interval(Ends(ours[0], ours[-1]), digits) if ours else MISSING,
            )
        )
    widths = {
        **{"as archived": "34%", "printed": "10%", "repeated as": "26%"},
        **{"mean ± SD": "15%", "single runs": "15%"},
    }
    return plain(rows, list(widths)).cols_width(widths)


def figure(page: Page, sweep: Sweep) -> Figure:
    """Draw the archived number of each row against our mean with its interval."""
    points = _points(page, sweep)
    if not points:
        return drawing.note("No run of an archived row has a score.")
    drawn, axis = drawing.axes(7, 3.4)
    low, high = _limits(points)
    axis.plot([low, high], [low, high], color=GREY, linewidth=0.8, linestyle="--", zorder=1)
    x, mean, start, end = np.array(
        [(p.printed, p.ours.mean, p.ours.ci_low, p.ours.ci_high) for p in points], float
    ).T
    axis.errorbar(
        x,
        mean,
        yerr=[mean - start, end - mean],
        fmt="o",
        markersize=4.5,
        elinewidth=1.2,
        color=PALETTE[0],
    )
    axis.set(xlim=(low, high), ylim=(low, high), aspect="equal")
    axis.locator_params(nbins=5)
    axis.set_xlabel(f"{page.label(page.primary)}, archived")
    axis.set_ylabel(f"{page.label(page.primary)}, ours")
    _label(axis, points)
    digits = page.digits(page.primary)
    parts = [
        f"{p.arm} {number(p.printed, digits)}, ours {number(p.mean, digits)}"
        f" ({interval(p.ours, digits)})"
        for p in points
    ]
    return explained.explain(
        drawn,
        f"Dots: rows. Lines: {explained.intervals(sweep, [p.ours for p in points])}. Dashed: both"
        " agree.",
        f"Archived {page.label(page.primary)} of each row: {explained.listed(parts)}",
    )


def order(page: Page, sweep: Sweep) -> str:
    """Say in how many pairs of rows the better one is the same in both."""
    pairs = [
        (a.printed - b.printed) * (a.mean - b.mean)
        for a, b in combinations(_points(page, sweep), 2)
    ]
    if not pairs:
        return "Fewer than two archived rows have a score here, so that no order can be compared."
    same = sum(product > 0 for product in pairs)
    return (
        f"Of {counted(len(pairs), 'pair')} of rows, {count(same)} stand in the same order in both;"
        " chance alone would give about half."
    )


def _points(page: Page, sweep: Sweep) -> list[Point]:
    """Return the rows that our runs repeat, the best of ours first."""
    rows = page.archived.tables[RESULTS]
    found = []
    for row, printed in zip(rows, archived.numbers(page, RESULTS, SCORE), strict=True):
        configuration = _repeated(sweep, row)
        ours = sweep.metric(configuration, page.primary)
        if ours.mean is not None:
            found.append(Point(str(configuration.levels[ARM]), printed, ours))
    return sorted(found, key=lambda point: -point.mean)


def _limits(points: list[Point]) -> tuple[float, float]:
    """Return where both axes begin and end: around all points and intervals, inside 0 to 1."""
    ends = [(p.printed, p.mean, p.ours.ci_low, p.ours.ci_high) for p in points]
    known = [end for row in ends for end in row if end is not None]
    low, high = math.floor(min(known) / STEP) * STEP, math.ceil(max(known) / STEP) * STEP
    return max(0.0, low), min(1.0, high)


def _label(axis: Axes, points: list[Point]) -> None:
    """Name the points beside the axes, in their order from above, each with a line to its own."""
    low, high = axis.get_ylim()
    middle = (np.mean([p.mean for p in points]) - low) / (high - low)
    places = middle + LINE * (np.arange(len(points))[::-1] - (len(points) - 1) / 2)
    for place, point in zip(places, points, strict=True):
        axis.annotate(
            point.arm,
            (point.printed, point.mean),
            (1.06, place),
            textcoords="axes fraction",
            verticalalignment="center",
            fontsize="x-small",
            arrowprops={
                **{"arrowstyle": "-", "color": GREY, "linewidth": 0.6},
                **{"relpos": (0, 0.5), "shrinkA": 0, "shrinkB": 3},
            },
        )


def _repeated(sweep: Sweep, row: Mapping[str, str]) -> Configuration:
    """Return the arm that repeats an archived row."""
    return sweep.chosen([{ARM: ARCHIVED[row["Configuration"]]}])[0]
