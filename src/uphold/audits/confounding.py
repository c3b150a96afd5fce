"""Checks of claims whose arms differ in more than what is claimed about."""

from collections.abc import Iterable, Mapping

from uphold.audits.flag import AuditFlag
from uphold.audits.tested import each_run_apart, weighed
from uphold.claims.claim import Claim
from uphold.claims.forms.anova import Variance
from uphold.claims.linear import Linear
from uphold.claims.log import Log
from uphold.claims.spread import Spread
from uphold.format import named
from uphold.statistics.matching import Matching
from uphold.statistics.scores import distinct

MOST_TOLD = 5


def confounded(log: Log, claims: Mapping[str, Claim]) -> AuditFlag | None:
    """Claims whose arms also differ in another factor, in every run."""
    tests = each_run_apart(log, claims)
    alone = {
        claim: test.runs.confounded if isinstance(test, Variance) else test.matching.confounded
        for claim, test in tests.items()
        if isinstance(test, Linear | Spread | Variance)
    }
    together = {
        claim: test.matching.together
        for claim, test in tests.items()
        if isinstance(test, Linear | Spread)
    }
    found = {claim: named(others) for claim, others in alone.items() if others}
    found |= {claim: f"{named(others)} together" for claim, others in together.items() if others}
    if not found:
        return None
    told = listed(f"{claim} ({others})" for claim, others in found.items())
    return AuditFlag(
        "confounded",
        "error",
        len(found),
        "claims",
        f"The arms that claims compare also differ in another factor, in every run: {told}. What"
        " either does cannot be told from what the other does, so that nothing is shown. Run an arm"
        f" with another's {' or '.join(dict.fromkeys(found.values()))} as well.",
        tuple(f"{claim}: also {others} in every run" for claim, others in found.items()),
        tuple(found),
    )


def partly_matched(log: Log, claims: Mapping[str, Claim]) -> AuditFlag | None:
    """Claims whose arms were not run in the same settings throughout."""
    found = {
        claim: text
        for claim, test in weighed(log, claims).items()
        if (text := _unequal(log, test.matching))
    }
    if not found:
        return None
    return AuditFlag(
        "partly-matched",
        "warning",
        len(found),
        "claims",
        "The arms that claims compare were not run in the same settings throughout:"
        f" {listed(f'{claim}, {text}' for claim, text in found.items())}. Runs without a partner"
        " are left out, and what cannot be told apart counts as part of the arm.",
        tuple(f"{claim}: {text}" for claim, text in found.items()),
        tuple(found),
    )


def _unequal(log: Log, m: Matching) -> str:
    """Return in which way the arms' settings differ, nothing where they do not."""
    if m.confounded or m.together or not m.value.size:
        return ""
    parts = []
    if m.nested:
        parts.append(f"each level of {named(m.nested)} belongs to one side")
    if m.side is not None:
        parts.append(
            f"no setting was run with every arm, which are adjusted for {named(m.adjusted)}"
        )
    elif (alone := m.context < 0).any() and not alone.all():
        runs = distinct(m.row[alone[m.cell]])
        parts.append(
            f"{runs} of {distinct(m.row)} runs are in settings that not every arm was run in"
        )
    return " and ".join(parts)


def listed(texts: Iterable[str]) -> str:
    """Return the first of some texts in one, and how many more there are."""
    every = list(texts)
    more = [f"and {len(every) - MOST_TOLD} more"] if len(every) > MOST_TOLD else []
    return "; ".join([*every[:MOST_TOLD], *more])
