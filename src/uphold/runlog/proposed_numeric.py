"""Settings that a search drew → numeric settings of a proposal, and a claim on each.

In: a table of runs, and which of its columns are numbers along which scores may change. Out: the
scale of each, the step that effects are told for, and claims. Promised: a setting is on a log scale
where it spans a factor of 20, and is called as those are that are drawn so or has logarithms that
lie more evenly than its values; every guess is a line of the spec, and can be overruled there. A
search that learns from its trials gathers values where scores are good, so that names come first.
"""

import math
import re
from typing import Any

import numpy as np
import pandas as pd

from uphold.claims.numeric import Scale
from uphold.format import name
from uphold.runlog.naming import Name, read_name

SHARES = frozenset({"dropout", "drop", "momentum", "prob", "probability", "ratio", "fraction"})
"""Words of settings that are drawn evenly between 0 and 1."""
RATES = frozenset({"lr", "learning", "decay", "wd", "l1", "l2", "lambda", "penalty", "epsilon"})
"""Words of settings of which magnitudes are tried."""
WIDE = 20
"""So many times its lowest value a setting's highest is, where it may be on a log scale."""
DECADES = 100
"""From so wide on an effect is told for a factor of ten, below it for a doubling."""
TINY = 1e-9
MOST_PRIMARY = 6
"""So many slopes are primary: more would share one error rate at the cost of all."""


def scale_of(column: pd.Series, called: str) -> Scale:
    """Return the scale on which a setting was drawn, by its name and its values."""
    words = set(read_name(called).words)
    if words & SHARES:
        return "linear"
    values = np.sort(column.dropna().to_numpy(dtype=float))
    if not values[0] > 0 or values[-1] < WIDE * values[0]:
        return "linear"
    if words & RATES:
        return "log"
    return "log" if unevenness(np.log(values)) < unevenness(values) else "linear"


def unevenness(values: np.ndarray) -> float:
    """Return how far sorted values are from lying evenly (Kolmogorov's distance)."""
    even = (values - values[0]) / (values[-1] - values[0])
    return float(np.abs(even - np.linspace(0, 1, values.size)).max())


def step_of(column: pd.Series, scale: Scale) -> float:
    """Return the step that effects are told for: ten or two times as much, or a round number.

    On a linear scale it is the largest of one figure that the values span.
    """
    low, high = float(column.min()), float(column.max())
    if scale == "log":
        return 10 if high >= DECADES * low else 2
    place = math.floor(math.log10(high - low))
    step = round(math.floor((high - low) / 10.0**place + TINY) * 10.0**place, -place)
    return int(step) if step >= 1 else step


def slopes(table: pd.DataFrame, numeric: dict[str, Scale], primary: Name) -> dict[str, Any]:
    """Return a claim on each numeric setting: that it changes the primary metric."""
    claims: dict[str, Any] = {}
    for setting, scale in numeric.items():
        key = re.sub(r"[^a-z0-9]+", "-", name(setting).lower()).strip("-") or "setting"
        claims[key if key not in claims else f"{key}-{len(claims)}"] = {
            "says": f"{name(setting)} changes {primary.label}.",
            "metric": primary.column,
            "slope": {"of": setting, "per": step_of(table[setting], scale)},
            "expect": "difference",
            **({"role": "secondary"} if len(claims) >= MOST_PRIMARY else {}),
        }
    return claims
