"""What the archived plan expected of each upgrade, against what it gained.

In: the page's analysis, which holds the archived sentences. Out: a table, a figure and a sentence.
Promised: a range is read from the archived sentence that prints it, and stands beside gains in what
that sentence is about.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from great_tables import GT
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from studies.multitask.page.upgrades import COMBINED, TOGETHER, UPGRADES, measured
from uphold.analysis.model.estimates import Estimate
from uphold.format import MISSING, Ends, difference, exact, interval, named
from uphold.pages import archived, drawing, explained
from uphold.pages.drawing import GREY, PALETTE
from uphold.pages.table import plain
from uphold.pages.writeup import Page, Sweep
from uphold.palette import colour

KINDS = ("alone", "with the others", "over all")
"""Ways in which the gain of one upgrade is taken; the last is held against what was expected."""
TINTS = dict(zip((*KINDS, TOGETHER), PALETTE, strict=False))

WIDTHS = ("14%", "14%", "24%", "24%", "24%")

SAID = {
    "below": "below the expected range for {}",
    "reached": "in or above it for {}",
    "open": "partly in it, and so open, for {}",
}


@dataclass(frozen=True)
class Row:
    """Gains in one thing, and the ends of the range that was expected of it."""

    text: str
    gains: Mapping[str, Estimate]
    expected: tuple[float, float] | None

    @property
    def against(self) -> str | None:
        """Where the interval lies against the range; None without either."""
        gain = list(self.gains.values())[-1]
        if self.expected is None or gain.ci_low is None or gain.ci_high is None:
            return None
        low, _ = self.expected
        return "below" if gain.ci_high < low else "reached" if gain.ci_low >= low else "open"


def table(page: Page, sweep: Sweep) -> GT:
    """What the plan expected of each upgrade, and what it gained in each way.

    All at once is a gain over the baseline, as those alone are.
    """
    digits = page.digits(page.primary)
    rows = []
    for row in _rows(page, sweep):
        gains = {KINDS[0] if kind == TOGETHER else kind: g for kind, g in row.gains.items()}
        rows.append(
            (
                row.text,
                interval(Ends(*row.expected), digits) if row.expected else MISSING,
                *(difference(gains[k], digits) if k in gains else MISSING for k in KINDS),
            )
        )
    widths = dict(zip(("upgrade", "expected", *KINDS), WIDTHS, strict=True))
    return plain(rows, list(widths)).cols_width(widths)


def figure(page: Page, sweep: Sweep) -> Figure:
    """Draw what each upgrade gained, with intervals, on the range that the plan expected."""
    rows, margin = list(_rows(page, sweep)), page.margin(page.primary)
    drawn, axis = drawing.axes(7, 0.9 + 0.5 * len(rows))
    axis.axvspan(-margin, margin, color=colour("band"))
    axis.axvline(0, color=GREY, linewidth=0.8)
    for place, row in enumerate(rows):
        if row.expected is not None:
            low, high = row.expected
            axis.barh(place, high - low, height=0.8, left=low, color=colour("bar"))
        shifts = 0.22 * (np.arange(len(row.gains)) - (len(row.gains) - 1) / 2)
        for shift, (kind, gain) in zip(shifts, row.gains.items(), strict=True):
            _draw(axis, gain, place + shift, TINTS[kind])
    axis.set_yticks(range(len(rows)), [row.text for row in rows])
    axis.set_ylim(len(rows) - 0.5, -0.5)
    axis.set_xlabel(f"gain in {page.label(page.primary)} (shaded: ±{exact(margin)})")
    marks: list[Artist] = [Line2D([], [], marker="o", color=TINTS[kind]) for kind in KINDS]
    marks.append(Patch(color=colour("bar")))
    labels = [*KINDS, "archived expectation"]
    drawn.legend(marks, labels, loc="outside lower center", ncols=4, fontsize="x-small")
    gains = [gain for row in rows for gain in row.gains.values()]
    return explained.explain(
        drawn,
        f"Dots: gains. Lines: {explained.intervals(sweep, gains)}. Shaded: too small to matter.",
        explained.listed([_seen(row, page.digits(page.primary)) for row in rows]),
    )


def _seen(row: Row, digits: int) -> str:
    """Tell what a row expected and what it gained."""
    gained = ", ".join(f"{kind} {difference(gain, digits)}" for kind, gain in row.gains.items())
    if row.expected is None:
        return f"{row.text}: {gained}"
    return f"{row.text}: {gained}, expected {interval(Ends(*row.expected), digits)}"


def sentence(page: Page, sweep: Sweep) -> str:
    """Say which gains lie below what the plan expected, which do not, and which may."""
    against = {row.text: row.against for row in _rows(page, sweep)}
    found = {key: [text for text, one in against.items() if one == key] for key in SAID}
    parts = [SAID[key].format(named(texts)) for key, texts in found.items() if texts]
    return f"Over all combinations, the interval lies {'; '.join(parts)}." if parts else ""


def _rows(page: Page, sweep: Sweep) -> Iterable[Row]:
    found, overall = measured(sweep), _effects(sweep, page.primary)
    for u in UPGRADES:
        gains = (found.alone, found.in_company, overall)
        kinds = {kind: by_factor[u.factor] for kind, by_factor in zip(KINDS, gains, strict=True)}
        expected = archived.promised(page, u.archived)
        yield Row(u.name, kinds, None if u.head else expected)
        if u.head:
            metric, text = u.head
            gain = _effects(sweep, metric)[u.factor]
            yield Row(text, {KINDS[-1]: gain}, expected)
    yield Row(TOGETHER, {TOGETHER: found.joint}, archived.promised(page, COMBINED))


def _effects(sweep: Sweep, metric: str) -> Mapping[str, Estimate]:
    return {e.factor: e for e in sweep.found.effects[metric]}


def _draw(axis: Axes, gain: Estimate, place: float, tint: str) -> None:
    value, low, high = (np.array([end], float) for end in (gain.value, gain.ci_low, gain.ci_high))
    axis.errorbar(
        value,
        [place],
        xerr=[value - low, high - value],
        fmt="o",
        markersize=4.5,
        elinewidth=1.4,
        color=tint,
    )
