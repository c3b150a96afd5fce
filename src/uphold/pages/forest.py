"""One picture of all claims: estimate, interval, verdict, on one scale for all metrics.

In: the page's claims, each with its place in margins. Out: a figure with a row a claim; its words
and its mark lead to the claim's line in the table of claims, where the format knows links. 0 is no
effect, or the limit of a bound; the band is what does not matter.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from textwrap import wrap as broken
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.textpath import text_to_path

from uphold import palette
from uphold.analysis.model.writeup import Claim, InMargins
from uphold.format import counted
from uphold.pages import drawing, explained, what_if
from uphold.pages.drawing import GREY, note
from uphold.pages.verdicts import LOOKS, Look, tested
from uphold.pages.writeup import Page

POINTS = 72
"""Of an inch."""
WIDTH, LINE, REST = 7.2, 0.15, 1.0
"""Of the figure, of a line of text, and of axis and legend at most, in inches."""
BELOW = 84
"""So many characters have room in one line below the axis."""
STRIP = 0.12
"""Of a claim on a card, in inches."""
NBSP = "\N{NO-BREAK SPACE}"
SHOWN = 26
"""Characters of a line of an estimate."""
TYPE, SMALL = 8.4, 7.9
"""Of both, in points."""
RIGHT = 0.775
"""Where the axis ends, in shares of the width."""
BAND = "band"
"""The identifier of what does not matter, for the script of a page."""
FURTHEST, NEAREST = 4.0, 1.6
"""How many margins the axis shows at most, on either side, and at least."""


GAP = 7
"""Between the axis and what stands beside it, in points: a mark at its edge takes half of that."""


class Layout(NamedTuple):
    """Where the axis begins in shares of the width, and the room between rows in inches."""

    left: float
    between: float

    @property
    def room(self) -> float:
        """Of a line of words before the axis, in points."""
        return self.left * WIDTH * POINTS - 2 * GAP

    @property
    def gap(self) -> float:
        """Between the axis and what stands beside it, in shares of the axis."""
        return GAP / ((RIGHT - self.left) * WIDTH * POINTS)


SHORT, LONG = Layout(0.4, 0.08), Layout(0.53, 0.07)
"""Of a picture, and of one that would else be higher than a page."""


@dataclass(frozen=True)
class Row:
    """A claim, or the title of a group of them, with its lines of text."""

    text: str
    layout: Layout
    key: str = ""
    claim: Claim | None = None
    estimate: str = ""

    @property
    def height(self) -> float:
        """In inches."""
        lines = max(self.text.count("\n"), self.shown.count("\n")) + 1
        return self.layout.between + LINE * lines

    @property
    def shown(self) -> str:
        """The estimate in lines."""
        whole = re.sub(r"\(.*?\)", lambda ends: ends[0].replace(" ", NBSP), self.estimate)
        return "\n".join(broken(whole or "not tested", SHOWN)) if self.claim else ""


def primary(page: Page) -> Figure:
    """Draw the page's `leading` claims, question by question."""
    return draw(page, page.leading, what_if.asked(page))


def exploratory(page: Page) -> Figure:
    """Draw the other claims, sweep by sweep."""
    groups: dict[str, dict[str, Claim]] = {}
    for key, claim in page.exploratory_claims.items():
        groups.setdefault(page.sweep(claim.sweep).title, {})[key] = claim
    several = len(groups) > 1
    return draw(page, {title * several: claims for title, claims in groups.items()})


def chosen(page: Page, *keys: str) -> Figure:
    """Draw some claims, by their ids, in this order."""
    return draw(page, {"": {key: page.claim(key) for key in keys}})


def draw(
    page: Page, groups: Mapping[str, Mapping[str, Claim]], asked: Mapping[str, Any] | None = None
) -> Figure:
    """Draw claims, a row each, under the titles of their groups.

    The picture carries what is behind them, and ``asked``, for the script of a page.
    """
    rows, layout = _laid_out(page, groups)
    claims = [row.claim for row in rows if row.claim]
    if not claims:
        return note("There are no such claims.")
    height = sum(row.height for row in rows)
    below = _axis(page, claims)
    whole = height + REST - LINE * ("\n" not in below)
    figure, axis = drawing.axes(WIDTH, whole, placed=True)
    bottom, top = (whole - height - 0.13) / whole, 1 - 0.08 / whole
    figure.subplots_adjust(layout.left, bottom, RIGHT, top)
    reach = _scale(axis, claims)
    top = 0.0
    for row in rows:
        _draw(axis, row, top + row.height / 2, reach)
        top += row.height
    axis.set(ylim=(height, 0), yticks=[])
    axis.set_xlabel(below, fontsize=TYPE)
    figure.data = {
        "reach": round(reach, 3),
        "claims": {
            key: ({"question": title} if title else {}) | what_if.behind(page, claim)
            for title, group in groups.items()
            for key, claim in group.items()
        },
        **(asked or {}),
    }
    figure.set_label(said(claims))
    handles = list(_legend(claims))
    figure.legend(handles=handles, loc="lower center", ncols=len(handles), fontsize=TYPE)
    return figure


def _axis(page: Page, claims: Sequence[Claim]) -> str:
    """Return what lies along the axis, and over how many units intervals are."""
    drawn = [c for c in claims if c.in_margins and c.in_margins.value is not None]
    units = ((page.unit(c), c.outcome.seeds) for c in drawn)
    of, over = "effect / smallest difference that matters", explained.over(units)
    return f"{of}, {over}" if len(f"{of}, {over}") <= BELOW else f"{of}\n{over}"


def said(claims: Sequence[Claim]) -> str:
    """Return what a picture of claims shows, for whoever does not see it."""
    told = (
        f"{c.says.rstrip('.')}: {tested(c).partition(' ')[2]}{f', {c.shown}' if c.shown else ''}"
        for c in claims
    )
    each = ", each with its estimate and interval" if len(claims) > 1 else " with its estimate"
    return f"{counted(len(claims), 'claim')}{each}. {'; '.join(told)}."


def strip(claims: Sequence[Claim]) -> Figure:
    """Draw claims in a narrow strip without their words, for a card."""
    height = STRIP * len(claims) + 0.1
    figure, axis = drawing.axes(WIDTH, height, placed=True)
    figure.subplots_adjust(0.01, 0.02, 0.99, 0.98)
    reach = _scale(axis, claims)
    for place, claim in enumerate(claims):
        _draw_mark(axis, claim, place, 0.3, reach)
    axis.set(ylim=(len(claims) - 0.4, -0.6), yticks=[], xticks=[])
    axis.spines[:].set_visible(False)
    return figure


def _laid_out(page: Page, groups: Mapping[str, Mapping[str, Claim]]) -> tuple[list[Row], Layout]:
    """Return the rows that have room on a page, with longer lines where there are many."""
    for layout in (SHORT, LONG):
        rows = list(_rows(page, groups, layout))
        if sum(row.height for row in rows) + REST <= drawing.PAGE:
            return rows, layout
    room, kept = drawing.PAGE - REST - LINE - layout.between, 0
    for row in rows:
        room -= row.height
        if room < 0:
            break
        kept += 1
    left = sum(row.claim is not None for row in rows[kept:])
    return [*rows[:kept], Row(f"and {counted(left, 'claim')} more in their table", layout)], layout


def _rows(page: Page, groups: Mapping[str, Mapping[str, Claim]], layout: Layout) -> Iterable[Row]:
    for title, claims in groups.items():
        if title:
            yield Row("\n".join(wrap(title, layout.room, "bold")), layout)
        for key, claim in claims.items():
            text = "\n".join(wrap(claim.says.rstrip("."), layout.room))
            yield Row(text, layout, key, claim, page.shown(claim))


def wrap(text: str, room: float, weight: str = "normal") -> list[str]:
    """Return a text in as few lines as fit into so many points, of about the same length."""
    most = max(1, len(text))
    while most > 1 and any(_width(line, weight) > room for line in broken(text, most)):
        most -= 1
    lines = broken(text, most)
    while most > 1 and len(broken(text, most - 1)) == len(lines) > 1:
        most -= 1
    return broken(text, most)


def _width(line: str, weight: str) -> float:
    return sum(_advance(sign, weight) for sign in line)


@cache
def _advance(sign: str, weight: str) -> float:
    """Return how much room a sign takes in a line, in points; a space has it between others."""
    font = FontProperties(size=TYPE, weight=weight)
    wide, narrow = (
        text_to_path.get_text_width_height_descent(text, font, ismath=False)[0]
        for text in (f"n{sign}n", "nn")
    )
    return float(wide - narrow)


def _scale(axis: Axes, claims: Iterable[Claim]) -> float:
    """Draw what does not matter and no effect; return how far the axis goes on either side.

    That is to the furthest end that is not very far.
    """
    axis.axvspan(-1, 1, color=palette.colour("band"), zorder=0, gid=BAND)
    axis.axvline(0, color=GREY, linewidth=0.8, zorder=1)
    found = [c.in_margins for c in claims if c.in_margins]
    ends = [abs(x) for one in found for x in (one.value, one.ci_low, one.ci_high) if x is not None]
    reach = min(FURTHEST, max([NEAREST, *(1.05 * x for x in ends)]))
    axis.set_xlim(-reach, reach)
    return reach


def _draw(axis: Axes, row: Row, place: float, reach: float) -> None:
    across = axis.get_yaxis_transform()
    link = f"#claim-{row.key}" if row.claim else None
    gap = row.layout.gap
    words = axis.text(-gap, place, row.text, transform=across, fontsize=TYPE, url=link)
    words.set(horizontalalignment="right", verticalalignment="center")
    if row.claim is None:
        words.set_fontweight("bold")
        return
    shown = axis.text(1 + gap, place, row.shown, transform=across, fontsize=SMALL, color=".3")
    shown.set_verticalalignment("center")
    _draw_mark(axis, row.claim, place, LINE * 0.6, reach, link)


def _draw_mark(
    axis: Axes, claim: Claim, place: float, half: float, reach: float, link: str | None = None
) -> None:
    """Draw mark and interval; the mark of what has no direction stands beside its words."""
    look, found = LOOKS[claim.verdict], claim.in_margins
    if claim.outcome.reason:
        return  # what was not tested has no mark, and its words say so
    if found is None or found.value is None:
        mark = Line2D([1.0], [place], marker=look.marker, url=link, **_marked(look))
        mark.set(transform=axis.get_yaxis_transform(), clip_on=False)
        axis.add_line(mark)
        return
    _interval(axis, place, found, reach, look.colour)
    if found.claimed:
        tick = [place - half, place + half]
        axis.plot([found.claimed] * 2, tick, color=look.colour, linewidth=1.2)
    beyond = abs(found.value) > reach
    marker = (">" if found.value > 0 else "<") if beyond else look.marker
    value = max(-0.97 * reach, min(0.97 * reach, found.value)) if beyond else found.value
    mark = Line2D([value], [place], marker=marker, zorder=4, url=link, **_marked(look))
    axis.add_line(mark)


def _marked(look: Look) -> dict[str, Any]:
    """Return how a verdict's mark is drawn; an open verdict's is not filled."""
    face = palette.colour("paper") if look is LOOKS["inconclusive"] else look.colour
    return {
        "color": look.colour,
        "markersize": 6,
        "markerfacecolor": face,
        "markeredgecolor": look.colour,
        "markeredgewidth": 1.4,
    }


def _interval(axis: Axes, place: float, found: InMargins, reach: float, colour: str) -> None:
    """Draw the interval; an end without a limit, or off the axis, goes to its edge."""
    if found.ci_low is None and found.ci_high is None:
        return
    low = -reach if found.ci_low is None else found.ci_low
    high = reach if found.ci_high is None else found.ci_high
    ends = [max(-reach, min(reach, x)) for x in (low, high)]
    axis.plot(ends, [place] * 2, color=colour, linewidth=1.8, zorder=3)


def _legend(claims: list[Claim]) -> Iterable[Line2D]:
    seen = {c.verdict for c in claims if not c.outcome.reason}
    for of, look in LOOKS.items():
        if of in seen:
            yield Line2D([], [], marker=look.marker, label=look.word, **_marked(look))
    if any(c.in_margins and c.in_margins.claimed for c in claims):
        yield Line2D([], [], marker="|", color=GREY, linestyle="", label="claimed gain")
