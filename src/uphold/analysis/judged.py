"""A log and claims → what is found in it, what it says of each claim, what its audit flags.

Promised: claims and the effects that are shown beside them share what is known of errors.
"""

from collections.abc import Hashable, Mapping
from typing import NamedTuple

from uphold.analysis.analyze import RUNS, analyze
from uphold.analysis.model.runs import Runs
from uphold.analysis.moderated import effects, with_moderated
from uphold.audits import AuditFlag, audit
from uphold.claims.claim import Claim
from uphold.claims.judge import judge, pools_of
from uphold.claims.judgement import Judgement
from uphold.claims.log import Log
from uphold.claims.moderation import Effect


class Judged(NamedTuple):
    """A log of runs, judged.

    Attributes
    ----------
    found : Runs
    claims : dict of str to Judgement
    beside : list of (hashable, Effect)
        The effects that are shown beside claims, as `judge` takes them.
    flags : list of AuditFlag
    """

    found: Runs
    claims: dict[str, Judgement]
    beside: list[tuple[Hashable, Effect]]
    flags: list[AuditFlag]


def judged(log: Log, claims: Mapping[str, Claim], primary: str, source: str) -> Judged:
    """Judge a log.

    Parameters
    ----------
    log : Log
    claims : mapping of str to Claim
    primary : str
        The metric that a page leads with.
    source : str
        Where the claims stand, for messages.
    """
    alone = analyze(log, primary)
    beside: list[tuple[Hashable, Effect]] = list(effects(RUNS, alone, primary))
    verdicts = judge({RUNS: log}, claims, source, beside)
    pools = pools_of(verdicts, beside)
    found = with_moderated(RUNS, alone, primary, log.metrics, pools)
    return Judged(found, verdicts, beside, audit(log, claims))
