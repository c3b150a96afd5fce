"""What is planned for open claims, as far as the data have the units for it.

In: the judgements of a write-up and its logs. Out: its claims, of which those whose plan asks for
more units than the data have say so instead. Promised: verdicts and estimates stay; seeds can
always be trained, while folds or speakers are as many as the data have, which is as many as any
sweep of the write-up tests.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from uphold.analysis.findings import claim_of
from uphold.analysis.model.writeup import Claim
from uphold.claims.brief import brief
from uphold.claims.judgement import Judgement
from uphold.claims.log import Log
from uphold.claims.sentences import sentence
from uphold.format import counted, name, several
from uphold.statistics.power import SeedsNeeded

SEED = "seed"
"""The one unit of which there is no last."""


def claims_of(
    judged: Mapping[str, Judgement], logs: Mapping[str, Log], group: str
) -> dict[str, Claim]:
    """Return what a page shows of its claims, with plans for no more units than there are.

    Parameters
    ----------
    judged : mapping of str to Judgement
    logs : mapping of str to Log
        The sweeps of the write-up, by name.
    group : str
        What more data would have more of, such as ``"actor"``; nothing where that is not known.
    """
    found = {}
    for key, j in judged.items():
        log, most = logs[j.log], _most_units(j, logs)
        shown = j if most is None else _without_plan(j, log, most, group)
        found[key] = claim_of(shown, log, most)
    return found


def _most_units(j: Judgement, logs: Mapping[str, Log]) -> int | None:
    """Return how many units the data have for an open claim; None where its plan has enough."""
    unit = logs[j.log].scores.replicate
    if unit == SEED or j.verdict != "inconclusive":
        return None
    alike = [log.scores for log in logs.values() if log.scores.replicate == unit]
    most = max(scores.table[unit].nunique() for scores in alike)
    plans = _plans(j)
    enough = j.outcome.seeds < most and all(p.high and p.high <= most for p in plans)
    # without a plan the words may name a number of units all the same
    asks = not enough if plans else bool(re.search(r"\d", j.outcome.takes))
    return most if asks else None


def _plans(j: Judgement) -> list[SeedsNeeded]:
    return [plan for plan in (j.seeds_needed, j.as_seen and j.as_seen.needed) if plan]


def _without_plan(j: Judgement, log: Log, most: int, group: str) -> Judgement:
    """Return a judgement whose words say, in place of a plan, what the data have."""
    unit = name(log.scores.replicate)
    says = _says(j, unit, most, group)
    plain = replace(j, seeds_needed=None, as_seen=None, outcome=replace(j.outcome, takes=says))
    short = brief(plain, unit)
    # where it was not tested, or is open for another reason, two lines have room for that alone
    short = short if j.outcome.reason or j.on_average or j.differs else f"{short} {says}"
    return replace(plain, sentence=sentence(plain, unit), brief=short)


def _says(j: Judgement, unit: str, most: int, group: str) -> str:
    there, plans = j.outcome.seeds, _plans(j)
    least = [plan.low for plan in plans if plan.low]
    if there < most and (not plans or min(least, default=most + 1) <= most):
        which = f"{there} of {counted(most, unit)}"
        leave = "leaves" if there == 1 else "leave"
        return f"{which} {leave} it open; all of them may settle it, or be too few."
    more = several(group) if group else "data"
    return f"These data cannot settle it with their {counted(most, unit)}; more {more} could."
