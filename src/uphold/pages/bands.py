"""How a difference divides among bands of items: tables whose parts add up."""

from collections.abc import Mapping, Sequence

from great_tables import GT

from uphold.pages.numbers import interval, level, p_value, signed
from uphold.pages.tables import plain
from uphold.pages.writeup import Sweep

POINTS = 100
"""Proportions are shown in percentage points."""


def parts(sweep: Sweep, metric: str, steps: Sequence[tuple[str, str]] = ()) -> GT:
    """Each step's difference by band, what each band adds to the overall one, and their sum.

    Parameters
    ----------
    sweep : Sweep
    metric : str
        A proportion with bands.
    steps : sequence of (str, str)
        The levels to go from and to; by default all steps.
    """
    rows = []
    for step in sweep.found["breakdowns"].get(metric, ()):
        levels = level(step["from"]), level(step["to"])
        if steps and levels not in steps:
            continue
        rows += [[" → ".join(levels), band, *_cells(part)] for band, part in step["parts"].items()]
        added = signed(_points(step["sum"]), 2)
        rows.append([" → ".join(levels), "sum of the bands", *[""] * 4, added, ""])
    label = sweep.page.label(metric)
    heads = ["step", "band", "items", f"{label}, pp", "95 % interval", "p", "adds, pp", "pairs"]
    return plain(rows, heads)


def _cells(part: Mapping) -> list[str]:
    difference = part["difference"]
    return [
        f"{part['items']:,}",
        signed(_points(difference["value"]), 2),
        interval({k: _points(difference[k]) for k in ("ci_low", "ci_high")}, 2),
        p_value(difference["p"]),
        signed(_points(part["contribution"]["value"]), 2),
        str(difference["n"]),
    ]


def _points(value: float | None) -> float | None:
    return None if value is None else POINTS * value
