"""Which of a sweep's configurations were trained for a claim.

In: a judged claim and the log of its sweep. Out: the names of configurations that have runs.
Promised: an ensemble is none of them; it counts as the configuration that its members are runs of.
"""

from uphold.claims.judgement import Judgement
from uphold.claims.log import Log
from uphold.pipeline.design import MEMBERS


def configurations_of(j: Judgement, log: Log) -> set[str]:
    """Return the configurations that a claim rests on."""
    table = log.scores.table
    rows = table[j.claim.rests_on(log.scores)]
    if MEMBERS in log.scores.factors:
        others = [factor for factor in log.scores.factors if factor != MEMBERS]
        single = table[table[MEMBERS] == 1][[*others, "configuration"]].drop_duplicates()
        rows = rows[others].drop_duplicates().merge(single, on=others) if others else single
    return set(rows["configuration"])
