"""Trials of a search that are made up: settings are drawn at random, or near what was good so far.

In: a random generator, how many trials, and what a setting does. Out: one row a trial. Promised: a
tenfold rate adds what was asked for; dropout adds as a line and width as a hump; a search that
learns begins with ten trials at random, and then draws each near one of the best quarter so far.
"""

import numpy as np
import pandas as pd

from uphold.calibration.case import Draw
from uphold.calibration.tables import BASE, NOISE

NUMERIC = {"rate": "log", "dropout": "linear", "width": "log"}
AT_RANDOM = 10
"""Trials before a search learns."""
NEAR = 0.25
"""How far from a good trial the next one is drawn: standard deviation, of settings from -1 to 1."""
DECADES = 2
"""A rate goes so many powers of ten up and down from its middle."""


def trials(count: int, effect: float = 0.0, learns: bool = False, uneven: float = 0.0) -> Draw:
    """Return how to draw the trials of a search.

    Parameters
    ----------
    count : int
    effect : float
        Of a tenfold rate, in the score's unit.
    learns : bool
        Whether trials are drawn near good ones.
    uneven : float
        How much more noise there is at the highest rate than in the middle, and less at the lowest,
        as a share.
    """

    def draw(rng: np.random.Generator) -> pd.DataFrame:
        at, score = np.empty((count, 3)), np.empty(count)
        for i in range(count):
            at[i] = rng.uniform(-1, 1, 3)
            if learns and i >= AT_RANDOM:
                good = np.argsort(-score[:i])[: max(i // 4, 1)]
                at[i] = np.clip(at[rng.choice(good)] + NEAR * rng.standard_normal(3), -1, 1)
            rate, dropout, width = at[i]
            noise = (1 + uneven * rate) * rng.standard_normal()
            score[i] = BASE + effect * DECADES * rate + NOISE * (dropout - 3 * width**2 + noise)
        return pd.DataFrame(
            {
                "trial": np.arange(count),
                "rate": 10.0 ** (DECADES * at[:, 0] - 3),
                "dropout": (at[:, 1] + 1) / 4,
                "width": 2.0 ** (2 * at[:, 2] + 6),
                "score": score,
            }
        )

    return draw
