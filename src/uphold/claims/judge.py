"""Claims and the runs that they are about → verdicts.

In: one or several logs by name, and claims. Out: one `Judgement` a claim. Promised: p for a
difference are adjusted by Holm over all claims together, whichever log they are about; intervals
are not adjusted; a claim's verdict is computed again without each run and each seed; an
inconclusive verdict carries the seeds that it would take, or why no number of them can be given.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from uphold.claims.claim import Claim
from uphold.claims.fragility import leave_out
from uphold.claims.judgement import Judgement as Judgement
from uphold.claims.log import Log
from uphold.claims.outcomes import Outcome
from uphold.claims.sentences import sentence
from uphold.claims.spec import check_claim
from uphold.claims.training_identity import trained_alike
from uphold.claims.verdicts import Verdict, verdict
from uphold.errors import InputError
from uphold.statistics.adjustment import holm
from uphold.validation import known


def judge(
    logs: Mapping[str, Log], claims: Mapping[str, Claim], source: str = "claims"
) -> dict[str, Judgement]:
    """Judge all claims of a write-up.

    Parameters
    ----------
    logs : mapping of str to Log
        By the name that a claim's ``sweep`` gives. With one log ``sweep`` may be left out.
    claims : mapping of str to Claim
        By id.
    source : str
        Where the claims stand, for messages.

    Raises
    ------
    InputError
        A claim on a sweep, a metric or a factor that does not exist.
    """
    log_of = {name: _log_of(claim, logs, f"{source}.{name}") for name, claim in claims.items()}
    for name, claim in claims.items():
        log = logs[log_of[name]]
        check_claim(claim, log.metrics, log.scores.factors, f"{source}.{name}")
    alike = {name: trained_alike(log) for name, log in logs.items()}
    tests = {
        name: claim.test(logs[log_of[name]], alike[log_of[name]]) for name, claim in claims.items()
    }
    outcomes = {name: test.outcome() for name, test in tests.items()}
    margins = {name: logs[log_of[name]].metrics[c.metric].margin for name, c in claims.items()}

    def decide(outcomes: Mapping[str, Outcome]) -> dict[str, Verdict]:
        adjusted = adjust(claims, outcomes)
        return {
            name: verdict(claim, outcomes[name], adjusted[name], margins[name])
            for name, claim in claims.items()
        }

    adjusted, verdicts = adjust(claims, outcomes), decide(outcomes)
    depends_on = leave_out(logs, log_of, tests, outcomes, decide)
    judged = {}
    for name, claim in claims.items():
        outcome = outcomes[name]
        needed = None
        if verdicts[name] == "inconclusive" and not outcome.reason:
            needed = claim.seeds_it_takes(outcome, margins[name])
        found = Judgement(
            id=name,
            claim=claim,
            metric=logs[log_of[name]].metrics[claim.metric],
            log=log_of[name],
            verdict=verdicts[name],
            outcome=outcome,
            p_adjusted=adjusted[name],
            depends_on=depends_on[name],
            seeds_needed=needed,
            detectable=claim.detectable(outcome),
        )
        judged[name] = replace(found, sentence=sentence(found, logs[log_of[name]].scores.replicate))
    return judged


def adjust(claims: Mapping[str, Claim], outcomes: Mapping[str, Outcome]) -> dict[str, float]:
    """Return each claim's p adjusted over all claims that have one for a difference."""
    family = [name for name, claim in claims.items() if claim.for_difference]
    adjusted = holm(np.array([outcomes[name].p for name in family]))
    return dict.fromkeys(claims, np.nan) | dict(zip(family, adjusted.tolist(), strict=True))


def _log_of(claim: Claim, logs: Mapping[str, Log], place: str) -> str:
    if claim.sweep is not None:
        known(claim.sweep, logs, "sweep", f"{place}.sweep")
        return claim.sweep
    if len(logs) != 1:
        raise InputError(f"{place}.sweep is missing. Valid names: {', '.join(logs)}.")
    return next(iter(logs))
