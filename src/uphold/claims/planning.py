"""What a claim would take: the effect that its runs could have shown, and the seeds it needs.

In: a claim's expectation, its outcome and the metric's margin. Out: an effect in the metric's unit,
and a number of seeds. Promised: both for 80 % power at .05 before adjustment, from the spread that
was seen, each further seed bringing as many runs as those before.
"""

import numpy as np

from uphold.claims.verdicts import ALPHA, Outcome
from uphold.statistics import power

_AIMS = {
    "no-effect": "equivalence",
    "no-increase": "bound",
    "no-decrease": "bound",
    "gain": "bound",
}


def detectable(outcome: Outcome) -> float:
    """Return the effect that the runs would have found with 80 % power, NaN where unknown.

    Of an ANOVA: the distance of two level means, the others midway.
    """
    if outcome.anova is not None:
        runs = outcome.n / max(outcome.levels, 1)
        return power.anova_minimum_detectable_effect(outcome.se, outcome.levels, runs, unequal=True)
    return power.minimum_detectable_effect(outcome.se, outcome.df)


def seeds_it_takes(expectation: str, outcome: Outcome, margin: float) -> int | None:
    """Return the seeds that decide the claim if the true effect is one margin.

    For equivalence (and for the absence of an increase) the true effect is taken as 0 and has to
    be shown within the margin; a bound or a gain is taken to hold by one margin.

    Returns
    -------
    int or None
        None where no spread is known to plan with.
    """
    o = outcome
    if o.anova is not None:
        runs_per_seed = o.n / max(o.levels * o.seeds, 1)
        if expectation == "no-effect":
            # Two levels at a time, each with its share of the runs.
            se = o.se * np.sqrt(2 * o.levels / o.n) if o.n else np.nan
            return power.seeds_needed(se, o.df, o.seeds, margin, "equivalence")
        return power.anova_seeds_needed(o.se, o.levels, runs_per_seed, margin, unequal=True)
    if expectation == "bound":
        runs = int(o.df) + 1 if o.df > 0 else 0
        return power.seeds_needed(o.se, o.df, runs, margin, alpha=ALPHA / max(o.levels, 1))
    return power.seeds_needed(o.se, o.df, o.seeds, margin, _AIMS.get(expectation, "difference"))
