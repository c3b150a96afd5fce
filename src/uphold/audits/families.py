"""The checks of how many claims share one error rate: too many, or none."""

from collections.abc import Mapping

from uphold.audits.flag import AuditFlag
from uphold.claims.claim import Claim
from uphold.claims.log import Log
from uphold.error_rates import ALPHA, POWER
from uphold.format import counted, name, number, percent, rough
from uphold.statistics.power import minimum_detectable_effect

MOST = 10
DEAR = 2.0
"""Times an effect has to be as large as for a single claim: from there on it is a warning."""


def many_primaries(log: Log, claims: Mapping[str, Claim]) -> AuditFlag | None:
    """More than ten primary claims: each makes all of them harder to show.

    Claims that are one and the same test count once.
    """
    primary = {claim: c.same_test() for claim, c in claims.items() if c.role == "primary"}
    many = len(set(primary.values()))
    if many <= MOST:
        return None
    units = log.scores.table[log.scores.replicate].nunique()
    of_units = counted(units, name(log.scores.replicate))
    level = ALPHA / many
    times = minimum_detectable_effect(1.0, units - 1, level) / minimum_detectable_effect(
        1.0, units - 1
    )
    cost = ""
    if times > 1:
        cost = (
            f" With {of_units} an effect that is to be found with {percent(POWER)} power has to be"
            f" {number(times, 1)} times as large as for a single claim, as far as it rests on its"
            " own spread alone."
        )
    return AuditFlag(
        "many-primaries",
        "warning" if times >= DEAR else "info",
        many,
        "claims",
        f"{many} claims are primary and share one error rate: the first of them needs a p below"
        f" {number(ALPHA, 2)} / {many} = {rough(level)}.{cost} Keep the few that the write-up"
        " stands on, and give the others `role: secondary`.",
        tuple(primary),
        tuple(primary),
    )


def no_primaries(log: Log, claims: Mapping[str, Claim]) -> AuditFlag | None:
    """Claims about a log of which none is primary: nothing was declared that it could show."""
    if not claims or any(claim.role == "primary" for claim in claims.values()):
        return None
    return AuditFlag(
        "no-primaries",
        "info",
        len(claims),
        "claims",
        f"No claim about these runs is primary: {_all_of(len(claims))} exploratory, and what it"
        " finds is a lead to follow and no result. Give the few that were meant before the runs"
        " were seen `role: primary`, and test the others on new runs.",
        tuple(claims),
        tuple(claims),
    )


def _all_of(many: int) -> str:
    return "the one that is made is" if many == 1 else f"each of the {many} is"
