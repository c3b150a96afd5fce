"""Figures of run logs, where those of the write-ups would have nothing to draw."""

from matplotlib.figure import Figure

from uphold.format import MISSING, level
from uphold.pages import figures
from uphold.pages.drawing import cut, note
from uphold.pages.writeup import Sweep


def configurations(sweep: Sweep) -> Figure:
    """Draw the best configurations, numbered, with the levels that vary as the table has them."""
    varying = list(dict.fromkeys(f for c in sweep.configurations for f in c.levels))
    labels = [
        cut(" · ".join(level(c.levels.get(f, MISSING)) for f in varying)) + f"   {number}"
        for number, c in enumerate(sweep.configurations, start=1)
    ]
    return figures.configurations(sweep, rows=len(labels), labels=labels)


def effects(sweep: Sweep) -> Figure:
    """Draw the effects on the primary metric; without any, say so."""
    found = sweep.found.effects[sweep.page.primary]
    if any(step.value is not None for step in found):
        return figures.effects(sweep)
    return note("No factor of two levels or a few has scores to compare.")
