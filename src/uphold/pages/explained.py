"""What a figure says of itself: what its marks are, and in words what is seen.

In: a figure, and what it was drawn from. Out: a line above its panels, which says what dots, lines
and bands are and over how many seeds, and its label, which is its alternative text. Promised: the
level of intervals and the numbers of seeds are those of the estimates that are drawn.
"""

import textwrap
from collections.abc import Iterable, Sequence
from typing import Protocol

import pandas as pd
from matplotlib.figure import Figure

from uphold.error_rates import LEVEL
from uphold.format import (
    Bounded,
    count,
    counted,
    digits_of,
    exact,
    number,
    percent,
    several,
)
from uphold.pages.drawing import smallest
from uphold.pages.writeup import Sweep

SIZE, LINE, LETTERS = 8.0, 0.17, 14.5
"""Of the type, in points; of a line, in inches; and how many of its characters an inch holds."""
MOST = 12
"""So many parts of a picture are told in its alternative text; more are counted."""


class OverUnits(Bounded, Protocol):
    """An estimate with the number of its units."""

    @property
    def seeds(self) -> int: ...


def explain(figure: Figure, marks: str, seen: str) -> Figure:
    """Write what its marks are into a figure, above its panels, and give it its alternative text.

    Parameters
    ----------
    figure : Figure
        It becomes as much higher as the line needs.
    marks : str
        What dots, lines and bands are.
    seen : str
        What is seen, for whoever does not see it.
    """
    width, height = figure.get_size_inches()
    size = max(SIZE, smallest(width, height))  # what type is raised to where a figure is large
    lines = textwrap.wrap(marks, int(width * LETTERS * SIZE / size))
    figure.set_size_inches(width, height + LINE * size / SIZE * len(lines))
    figure.suptitle("\n".join(lines), x=0.01, ha="left", fontsize=size, color=".3")
    figure.set_label(f"{seen} {marks}")
    return figure


def intervals(sweep: Sweep, found: Iterable[OverUnits]) -> str:
    """Return ``95 % intervals over 5 to 8 seeds``, by the estimates that have an interval."""
    with_ends = [one.seeds for one in found if one.ci_low is not None or one.ci_high is not None]
    return over([(sweep.unit, many) for many in with_ends])


def over(units: Iterable[tuple[str, int]]) -> str:
    """Return the same by pairs of a unit and how many of it an interval rests on."""
    by_unit: dict[str, list[int]] = {}
    for unit, many in units:
        by_unit.setdefault(unit, []).append(many)
    parts = [spanned(many, unit) for unit, many in by_unit.items()]
    return f"{percent(LEVEL)} intervals" + f" over {' or '.join(parts)}" * bool(parts)


def spanned(many: Sequence[int], noun: str) -> str:
    """Return ``8 seeds``, or ``5 to 8 seeds`` where it differs."""
    low, high = min(many), max(many)
    return counted(high, noun) if low == high else f"{count(low)} to {count(high)} {several(noun)}"


def listed(parts: Sequence[str]) -> str:
    """Return the parts of a picture as a sentence, those beyond `MOST` counted."""
    shown = [*parts[:MOST]]
    if len(parts) > MOST:
        shown.append(f"and {count(len(parts) - MOST)} more")
    return f"{'; '.join(shown)}."


def course(means: pd.Series) -> str:
    """Return how a curve goes: ``from 0.60 to 0.41, lowest 0.39 at 12``."""
    first, last = means.iloc[0], means.iloc[-1]
    text = f"from {_figures(first)} to {_figures(last)}"
    for word, place in (("lowest", means.idxmin()), ("highest", means.idxmax())):
        if place not in (means.index[0], means.index[-1]):
            text += f", {word} {_figures(means[place])} at {exact(float(place))}"
    return text


def _figures(value: float) -> str:
    """Return a number to two figures."""
    return number(value, max(2, digits_of(abs(value))) if value else 0)
