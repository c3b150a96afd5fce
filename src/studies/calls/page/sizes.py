"""What sweeps vary, how many arms that makes, and how many clips their runs learn from."""

import pandas as pd
from great_tables import GT

from studies.calls.page import identical
from uphold.format import count, name
from uphold.pages.table import plain
from uphold.pages.writeup import Sweep

WIDTHS = ("27%", "27%", "8%", "10%", "8%", "10%", "10%")


def table(*sweeps: Sweep) -> GT:
    """Each sweep with its factors, arms, runs and training sets.

    Upsampled clips are among the clips; arms that trained on the same ones are distinct once.
    """
    rows = [
        (
            sweep.title,
            ", ".join(f"{name(of)} ({len(levels)})" for of, levels in sweep.factors.items()),
            count(len(sweep.configurations)),
            count(len(identical.distinct(sweep))),
            count(sweep.found.runs),
            *(span(sweep.scores[f"train_{side}"]) for side in ("positive", "negative")),
        )
        for sweep in sweeps
    ]
    several = len(sweeps[0].page.writeup.data["classes"]) > 1
    sides = ["clips with a label", "clips without"] if several else ["calls", "other clips"]
    heads = ["sweep", "factors (levels)", "arms", "distinct", "runs", *sides]
    return plain(rows, heads).cols_width(dict(zip(heads, WIDTHS, strict=True)))


def span(values: pd.Series) -> str:
    """Return the lowest and the highest of some whole numbers, one of them where they are equal."""
    low, high = values.min(), values.max()
    return count(low) if low == high else f"{count(low)} to {count(high)}"
