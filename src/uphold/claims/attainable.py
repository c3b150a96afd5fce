"""Do the data have the units that an open claim would take?

In: what its test gave, what is planned for it, and its log. Out: what is to be said where they do
not, in place of a plan. Promised: where more units can always be had, as of seeds, nothing is said.
"""

from collections.abc import Sequence

from uphold.claims.log import Log
from uphold.claims.outcomes import Outcome
from uphold.format import counted, name, several
from uphold.statistics.power import SeedsNeeded


def beyond_the_data(outcome: Outcome, plans: Sequence[SeedsNeeded], log: Log) -> str:
    """Return what to say of an open claim that asks for more units than its data have.

    Parameters
    ----------
    outcome : Outcome
    plans : sequence of SeedsNeeded
        For one margin, and for what was seen, as far as they are known.
    log : Log

    Returns
    -------
    str
        A sentence; nothing where the data have as many, or no number is asked for.
    """
    if log.units is None:
        return ""
    there, (most, group) = outcome.seeds, log.units
    enough = there < most and all(plan.high and plan.high <= most for plan in plans)
    if enough if plans else not outcome.least:
        return ""
    unit = name(log.scores.replicate)
    least = [plan.low for plan in plans if plan.low]
    if there < most and (not plans or min(least, default=most + 1) <= most):
        which = f"{there} of {counted(most, unit)}"
        leave = "leaves" if there == 1 else "leave"
        return f"{which} {leave} it open; all of them may settle it, or be too few."
    more = several(group) if group else "data"
    return f"These data cannot settle it with their {counted(most, unit)}; more {more} could."
