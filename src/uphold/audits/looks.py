"""The check of claims that have other numbers of units than the declared looks."""

from collections.abc import Mapping

from uphold.audits.flag import AuditFlag
from uphold.audits.tested import each_run_apart
from uphold.claims.claim import Claim
from uphold.claims.log import Log
from uphold.claims.looks import Look, Looks
from uphold.claims.wording import counted
from uphold.format import name, several

MOST_TOLD = 5


def judged_again(log: Log, claims: Mapping[str, Claim]) -> AuditFlag | None:
    """Claims with units that no look has come to, which decide nothing yet, or ever.

    The configuration with the fewest units counts, as for the verdict, and where units are in no
    known order that with the most as well.
    """
    if not log.looks:
        return None
    looks = Looks(log)
    come_to = {claim: looks.come_to(c.rests_on(log.scores)) for claim, c in claims.items()}
    open_ones = {claim: claims[claim] for claim, at in come_to.items() if at.there != at.units}
    found = list(each_run_apart(log, open_ones))
    if not found:
        return None
    groups: dict[tuple[int, int, int], list[str]] = {}
    for claim in found:
        at = come_to[claim]
        groups.setdefault((at.there, at.units, at.unordered), []).append(claim)
    told = [
        f"{_told(come_to[named[0]], log)} ({', '.join([*named[:MOST_TOLD], *_more(named)])})."
        for _, named in sorted(groups.items())
    ]
    used_up = any(come_to[claim].after is None for claim in found)
    unordered = any(come_to[claim].unordered for claim in found)
    return AuditFlag(
        "judged-again",
        "warning" if used_up else "info",
        len(found),
        "claims",
        f"{' '.join(told)} The error rate is controlled at the declared looks alone:"
        f" {', '.join(map(str, log.looks))}."
        + " What lies beyond the last one decides nothing: a claim that is open needs a sweep with"
        " looks of its own."
        * used_up
        + f" An order of {several(name(log.scores.replicate))} is known where those of a"
        " configuration are numbered 0, 1, 2, … or 1, 2, 3, … without a gap, as they were run."
        * unordered,
        tuple(found),
        tuple(found),
    )


def _told(at: Look, log: Log) -> str:
    unit = name(log.scores.replicate)
    there = f"There {'is' if at.there == 1 else 'are'} {counted(at.there, unit)}"
    if at.after == log.looks[0]:
        return f"{there}; nothing is decided before the first look, at {at.after}"
    if not at.units:
        to = f" to {at.unordered}" * (at.unordered > at.there)
        there = f"There are {at.there}{to} {several(unit)} in no known order"
        if at.after:
            return f"{there}; claims are judged where there are exactly {at.after}"
        return f"{there}, more than any look has; nothing is decided"
    then = f"next at {at.after}" if at.after else "the plan is used up"
    return f"{there}; claims are judged on the first {at.units}, and {then}"


def _more(named: list[str]) -> list[str]:
    return ["…"] * (len(named) > MOST_TOLD)
