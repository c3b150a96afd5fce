"""The check of claims that are judged at a number of units that no one declared."""

from collections.abc import Mapping

from uphold.audits.flag import AuditFlag
from uphold.audits.tested import each_run_apart
from uphold.claims.claim import Claim
from uphold.claims.log import Log
from uphold.format import name

MOST_TOLD = 5


def judged_again(log: Log, claims: Mapping[str, Claim]) -> AuditFlag | None:
    """Claims about other numbers of units than the declared looks.

    A failed run is no further look: what counts is how many units were run, or how many have a
    score.
    """
    if len(log.looks) < 2:
        return None
    unit, looks = log.scores.replicate, set(log.looks)
    table = log.scores.table
    open_ones = {
        claim: c
        for claim, c in claims.items()
        if table.loc[c.rests_on(log.scores), unit].nunique() not in looks
    }
    found = {
        claim: seeds
        for claim, test in each_run_apart(log, open_ones).items()
        if (seeds := test.outcome().seeds) not in looks and seeds > 0
    }
    if not found:
        return None
    of = name(unit)
    listed = [f"{claim} ({seeds} {of}{'s' * (seeds != 1)})" for claim, seeds in found.items()]
    told = "; ".join([*listed[:MOST_TOLD], *["…"] * (len(listed) > MOST_TOLD)])
    return AuditFlag(
        "judged-again",
        "warning",
        len(found),
        "claims",
        f"Claims are judged at numbers of {of}s that are none of the declared looks"
        f" ({', '.join(map(str, log.looks))}): {told}. The error rate is controlled at the looks"
        f" alone: judge at the next one, or declare the number before its runs begin.",
        tuple(listed),
        tuple(found),
    )
