"""Whether data sets score on one scale: a mean over those that do not is that of the largest."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from uphold.format import rough
from uphold.runlog.naming import read_name

LARGER = 10
"""So many times as large as another's, a data set's scores are on a scale of their own."""


class Scales(NamedTuple):
    """The data sets of the smallest and of the largest scores, and what is typical of each."""

    smallest: str
    low: float
    largest: str
    high: float

    def said(self) -> str:
        """Say of both what is typical."""
        return (
            f"typically {rough(self.low)} in {self.smallest}"
            f" and {rough(self.high)} in {self.largest}"
        )


def scales_of(scores: pd.Series, sets: pd.Series) -> Scales | None:
    """Return what the data sets' scores are like where they have scales of their own.

    Parameters
    ----------
    scores : Series of float
        Named as the metric is: an accuracy or another share is on one scale in every set.
    sets : Series
        The data set of each.

    Returns
    -------
    Scales or None
        None unless both the scores and their spread are far larger in one set than in another.
    """
    name = read_name(str(scores.name))
    if name.role == "metric" and name.kind != "score":
        return None
    by_set = scores.abs().groupby(sets, sort=False)
    typical, spread = by_set.median(), by_set.std()
    if not (_apart(typical) and _apart(spread)):
        return None
    least, most = typical.idxmin(), typical.idxmax()
    return Scales(str(least), float(typical[least]), str(most), float(typical[most]))


def _apart(values: pd.Series) -> bool:
    known = values[np.isfinite(values) & (values > 0)]
    return len(known) > 1 and bool(known.max() > LARGER * known.min())
