"""The runs that an effect is taken from where looks are declared: those of its look.

In: a log. Out: its scores at the look that the compared configurations have come to, and all scores
where nothing was declared, or before the first look. Promised: an effect and a claim about it see
the same runs, so that no table looks at what the plan keeps for later.
"""

from functools import cached_property
from typing import Any

import numpy as np

from uphold.claims.log import Log
from uphold.claims.looks import Looks
from uphold.statistics.scores import Scores


class Seen:
    """The scores of a log as effects see them.

    Parameters
    ----------
    log : Log
    """

    def __init__(self, log: Log) -> None:
        self._log, self._looks = log, Looks(log)

    def at(self, rests_on: np.ndarray) -> Scores:
        """Return the scores at the look that some runs have come to.

        Parameters
        ----------
        rests_on : ndarray of bool, shape (runs,)
        """
        return self._looks.at(self._looks.come_to(rests_on)).scores

    def of(self, factor: str, *levels: Any) -> Scores:
        """Return the scores at the look that the runs at some levels of a factor have come to."""
        return self.at(self._log.scores.selects({factor: list(levels)}))

    @cached_property
    def common(self) -> Scores:
        """The scores at the look that all runs have come to."""
        return self.at(np.ones(len(self._log.scores.table), dtype=bool))
