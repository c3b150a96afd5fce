"""How many clips the runs of a sweep learn from, and how many of these upsampling added."""

import pandas as pd

from uphold.format import count
from uphold.pages.writeup import Sweep


def sentence(sweep: Sweep) -> str:
    """Say what the training sets of a sweep's runs hold."""
    runs = sweep.scores
    calls, others = (span(runs[f"train_{side}"]) for side in ("positive", "negative"))
    most = runs["train_added"].max()
    several = len(sweep.page.writeup.data["classes"]) > 1
    sides = "clips with a label and {} without one" if several else "calls and {} other clips"
    added = f"upsampling added up to {count(most)}" if most else "upsampling added none"
    return f"In {sweep.title}, a run learns from {calls} {sides.format(others)}; {added}."


def span(values: pd.Series) -> str:
    """Return the lowest and the highest of some whole numbers, one of them where they are equal."""
    low, high = values.min(), values.max()
    return count(low) if low == high else f"{count(low)} to {count(high)}"
