"""The contexts that a claim's effect is a mean over: which factors, and how many levels of each.

A context is a level of a factor that the claim neither moves nor pins. A claim about one
configuration's mean, or about each of several, averages over nothing.
"""

from uphold.claims.judgement import Judgement
from uphold.statistics.scores import Scores


def contexts(j: Judgement, scores: Scores) -> dict[str, int]:
    """Return the factors that a claim averages over, with how many of their levels it rests on.

    Parameters
    ----------
    j : Judgement
    scores : Scores
        Those of the log that it is about.
    """
    claim, outcome = j.claim, j.outcome
    each_apart = outcome.levels > 0 and outcome.anova is None
    if outcome.reason or each_apart:
        return {}
    pinned = {
        factor
        for where in claim.conditions().values()
        for factor, wanted in where.items()
        if not isinstance(wanted, list)
    }
    known = {*claim.differ_in(scores.factors), *pinned, *outcome.nested}
    here = scores.table[claim.rests_on(scores)]
    levels = {name: here[name].nunique() for name in scores.factors if name not in known}
    return {name: many for name, many in levels.items() if many > 1}
