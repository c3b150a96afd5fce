"""Claims and the runs that they are about → verdicts.

In: one or several logs by name, and claims. Out: one `Judgement` a claim. Promised: every decisive
verdict is controlled together with those of all claims of its role, whichever log they are about;
a test that stands in a primary claim is primary wherever it stands, so that it has one verdict;
the variances of one metric's effects are moderated together; where looks are declared, a claim is
judged on the units of the look that all its configurations have come to; intervals are not
adjusted; where there are units enough, a verdict is computed again without each run and each unit;
an inconclusive verdict carries the seeds that it would take, or why no number of them can be given,
such as that the data have fewer.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from uphold import format
from uphold.claims.again import Verdict
from uphold.claims.as_seen import AsSeen
from uphold.claims.attainable import beyond_the_data
from uphold.claims.brief import answer, brief
from uphold.claims.claim import Claim
from uphold.claims.differing import beyond, differs
from uphold.claims.expectations import Decisions
from uphold.claims.fragility import leave_out
from uphold.claims.items import decided, rests
from uphold.claims.judgement import Judgement as Judgement
from uphold.claims.log import Log
from uphold.claims.looks import Look, Looks, level_at, over_looks
from uphold.claims.moderation import Effect, Pools, moderate, never_alone, pooled
from uphold.claims.outcomes import Outcome, Test, without_data
from uphold.claims.role import Role
from uphold.claims.sentences import sentence
from uphold.claims.spec import check_claim
from uphold.claims.training_identity import trained_alike
from uphold.claims.verdicts import Settled, settle
from uphold.error_rates import ALPHA
from uphold.errors import InputError
from uphold.statistics.power import SeedsNeeded
from uphold.validation import known


def judge(
    logs: Mapping[str, Log],
    claims: Mapping[str, Claim],
    source: str = "claims",
    beside: Sequence[tuple[Hashable, Effect]] = (),
    fragility: bool = True,
    single_runs: bool = True,
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
    beside : sequence of (hashable, Effect)
        Further effects, whose variances are moderated with those of the claims; each with the log
        and the metric that it is of.
    fragility : bool
        Whether verdicts are tried without each run and each unit, which changes none of them.
    single_runs : bool
        Whether without single runs as well, and not without units alone.

    Raises
    ------
    InputError
        A claim on a sweep, a metric or a factor that does not exist.
    """
    log_of = {name: _log_of(claim, logs, f"{source}.{name}") for name, claim in claims.items()}
    for name, claim in claims.items():
        log = logs[log_of[name]]
        known_items = log.items.scores if log.items else ()
        place, factors = f"{source}.{name}", log.scores.factors
        check_claim(claim, log.metrics, factors, place, known_items, log.numeric)
    alike = {name: trained_alike(log) for name, log in logs.items()}
    looks_of = {name: Looks(log) for name, log in logs.items()}
    look = {
        name: looks_of[log_of[name]].come_to(claim.rests_on(logs[log_of[name]].scores))
        for name, claim in claims.items()
    }
    seen = {name: looks_of[log_of[name]].at(look[name]) for name in claims}
    tests = {
        name: claim.test(seen[name], _of(look[name], alike[log_of[name]]))
        for name, claim in claims.items()
    }
    alone = {
        name: without_data(test.outcome(), claims[name].metric, logs[log_of[name]])
        for name, test in tests.items()
    }
    margins = {name: c.margin(logs[log_of[name]].metrics[c.metric]) for name, c in claims.items()}
    pool = {name: (log_of[name], claim.metric) for name, claim in claims.items()}
    same = {name: (log_of[name], claim.same_test()) for name, claim in claims.items()}
    first = {same[name] for name, claim in claims.items() if claim.role == "primary"}
    role: dict[str, Role] = {
        name: "primary" if same[name] in first else "secondary" for name in claims
    }

    def possible(name: str, outcome: Outcome, wide: bool) -> Decisions:
        decisions = decided(claims[name], outcome, margins[name], wide)
        return over_looks(decisions, logs[log_of[name]].looks, look[name].units)

    def settled(
        alone: Mapping[str, Outcome], outcomes: Mapping[str, Outcome], wide: bool = False
    ) -> dict[str, Settled]:
        decisions = {
            name: tuple(
                d._replace(p=never_alone(d.p, own.p))
                for d, own in zip(
                    possible(name, outcomes[name], wide),
                    possible(name, alone[name], wide),
                    strict=True,
                )
            )
            for name in claims
        }
        return settle(decisions, role, same)

    pools = pooled(alone, pool, beside)

    def decide(alone: Mapping[str, Outcome]) -> dict[str, Verdict]:
        found = settled(alone, moderate(alone, pool, beside, pools))
        return {name: one.verdict for name, one in found.items()}

    outcomes = moderate(alone, pool, beside, pools)
    verdicts = settled(alone, outcomes)
    like_these = settled(alone, outcomes, wide=True)
    depends_on = (
        leave_out(logs, log_of, tests, look, alone, decide, single_runs) if fragility else {}
    )
    level = _levels(role, same, verdicts)
    judged = {}
    for name, claim in claims.items():
        items = logs[log_of[name]].items
        outcome, found = rests(claim, outcomes[name], items), verdicts[name]
        plan = _Plan()
        if found.verdict == "inconclusive":
            log = logs[log_of[name]]
            plan = _plan(claim, outcome, alone[name], margins[name], level[name], log)
            outcome = replace(outcome, takes=plan.instead or outcome.takes)
        judgement = Judgement(
            id=name,
            claim=claim.model_copy(update={"role": role[name]}),
            metric=logs[log_of[name]].metrics[claim.metric],
            log=log_of[name],
            verdict=found.verdict,
            outcome=outcome,
            alone=alone[name],
            p_adjusted=found.p_adjusted,
            p=found.p,
            depends_on=depends_on.get(name, ()),
            seeds_needed=plan.needed,
            as_seen=plan.as_seen,
            most_units=plan.most,
            detectable=_detectable(
                claim, outcome, level_at(level[name], logs[log_of[name]].looks, look[name].units)
            ),
            level=level[name],
            family=len({same[other] for other in claims if role[other] == role[name]}),
            differs=differs(outcome, seen[name], margins[name]),
            beyond=() if outcome.reason else beyond(claim, outcome, seen[name], margins[name]),
            here=outcomes[name],
            over=items.over(claim, outcome.items) if items and not outcome.reason else "",
            look=look[name].units,
            looks=tuple(logs[log_of[name]].looks),
            next_look=look[name].after,
            like_these=like_these[name].verdict if outcome.items is not None else None,
            members=_members(seen[name], tests[name]),
            test=tests[name],
        )
        replicate = claim.unit(format.name(logs[log_of[name]].scores.replicate))
        judged[name] = replace(
            judgement,
            sentence=sentence(judgement, replicate),
            brief=brief(judgement, replicate),
            answer=answer(judgement),
        )
    return judged


class _Plan(NamedTuple):
    """What an open claim would take; or how many units there are, and what is said instead."""

    needed: SeedsNeeded | None = None
    as_seen: AsSeen | None = None
    most: int | None = None
    instead: str = ""


def _plan(
    claim: Claim, outcome: Outcome, alone: Outcome, margin: float, level: float, log: Log
) -> _Plan:
    needed, as_seen = None, None
    if claim.about == "these-items" and not outcome.reason:
        needed = claim.seeds_it_takes(alone, margin, level)
        as_seen = claim.seeds_as_seen(alone, margin, level)
    plans = [*filter(None, [needed, as_seen and as_seen.needed])]
    if log.units and (instead := beyond_the_data(outcome, plans, log)):
        return _Plan(most=log.units.most, instead=instead)
    return _Plan(needed, as_seen)


def pools_of(judged: Mapping[str, Judgement], beside: Sequence[tuple[Hashable, Effect]]) -> Pools:
    """Return what the errors of claims and of the effects beside them were moderated with."""
    claimed = [((j.log, j.claim.metric), j.alone) for j in judged.values() if not j.alone.reason]
    return Pools([*claimed, *beside])


def _levels(
    role: Mapping[str, Role], same: Mapping[str, Hashable], verdicts: Mapping[str, Settled]
) -> dict[str, float]:
    """Return the level that its family leaves each claim.

    Of m primary claims it is α / m, which holds whatever becomes of the others. Of m secondary ones
    it is α (r + 1) / m with the r others that are decided now: so it is read off by Benjamini and
    Hochberg, and rises as more of them are decided.
    """
    levels = {}
    for name, mine in same.items():
        family = [other for other in same if role[other] == role[name]]
        decided_now = {same[o] for o in family if verdicts[o].verdict != "inconclusive"} - {mine}
        rank = 1 if role[name] == "primary" else 1 + len(decided_now)
        levels[name] = ALPHA * rank / len({same[other] for other in family})
    return levels


def _members(log: Log, test: Test) -> int:
    """Return how many runs predict together in what a test uses, 0 where that differs."""
    sizes = np.unique(log.together()[test.rows])
    return int(sizes[0]) if sizes.size == 1 else int(sizes.size == 0)


def _detectable(claim: Claim, outcome: Outcome, level: float) -> float:
    return claim.detectable(outcome, level) if level > 0 else np.nan


def _of(look: Look, values: np.ndarray) -> np.ndarray:
    """Return the values of a look's runs, from those of all, shape (runs,)."""
    return values if look.runs is None else values[look.runs]


def _log_of(claim: Claim, logs: Mapping[str, Log], place: str) -> str:
    if claim.sweep is not None:
        known(claim.sweep, logs, "sweep", f"{place}.sweep")
        return claim.sweep
    if len(logs) != 1:
        raise InputError(f"{place}.sweep is missing. Valid names: {', '.join(logs)}.")
    return next(iter(logs))
