"""Where the threshold came to lie that was chosen on validation data."""

from uphold.format import level, named, number, setting
from uphold.pages.writeup import Sweep


def sentence(sweep: Sweep, factor: str) -> str:
    """Say the mean threshold at each level of a factor, over all runs that have a score."""
    done = sweep.scores[sweep.scores["status"] == "ok"]
    means = done["threshold"].groupby(done[factor].astype(object).map(level)).mean()
    parts = [
        f"{number(means[level(one)], 2)} with {setting(factor, one)}"
        for one in sweep.levels(factor)
        if level(one) in means
    ]
    if not parts:
        return f"No run of {sweep.title} has a score."
    return f"The threshold lies on average at {named(parts)}."
