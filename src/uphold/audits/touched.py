"""Which claims are about a metric of certain runs.

In: the claims about a log, and the runs that a remark is about, metric by metric. Out: the names of
the claims that rest on any of them. Promised: this is the one rule by which a remark names claims;
what the remark means for them is said by its severity.

A claim rests on the scores of its metric in the runs that its ``where`` selects and, of these, the
ones at the levels that it compares; a gain over a configuration rests on that one's runs as well.
Runs in which a factor has no effect stand for all of its levels.
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
        if claim.metric in found and (rests_on(scores, claim) & found[claim.metric]).any()
    )


def rests_on(scores: Scores, claim: Claim) -> np.ndarray:
    """Return the runs that a claim rests on, with or without a score, shape (runs,)."""
    chosen = scores.selects(claim.where)
    steps = [claim.contrast] if claim.contrast else []
    if claim.interaction:
        steps = [claim.interaction.of, claim.interaction.with_]
    for step in steps:
        chosen &= scores.selects({step.factor: [step.from_, step.to]})
    if claim.gain and isinstance(claim.gain.over, Mapping):
        chosen |= scores.selects(claim.gain.over)
    return chosen
