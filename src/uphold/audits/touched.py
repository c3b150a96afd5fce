"""Which claims are about a metric of certain runs.

In: the claims about a log, and the runs that a remark is about, metric by metric. Out: the names of
the claims that rest on any of them. Promised: this is the one rule by which a remark names claims;
what the remark means for them is said by its severity.
"""

from collections.abc import Mapping

import numpy as np

from uphold.claims.spec import Claim
from uphold.statistics import Scores


def touched(
    scores: Scores, claims: Mapping[str, Claim], found: Mapping[str, np.ndarray]
) -> tuple[str, ...]:
    """Return the claims that rest on certain runs.

    Parameters
    ----------
    scores : Scores
        The runs, or the cells that were not run.
    claims : mapping of str to Claim
    found : mapping of str to ndarray of bool, shape (runs,)
        By metric, the runs that are remarked upon.
    """
    return tuple(
        name
        for name, claim in claims.items()
        if claim.metric in found and (claim.rests_on(scores) & found[claim.metric]).any()
    )
