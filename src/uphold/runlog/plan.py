"""What the open claims and the gaps of a log would take → what to run next.

What comes in: a log, its judged claims and its audit. What goes out: one entry a thing to run, with
the number of runs where it can be told and the reason. What is promised: nothing is proposed that
the claims or the audit do not ask for.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from uphold.audits import AuditFlag
from uphold.claims.judge import Judgement
from uphold.claims.log import Log
from uphold.claims.parts import taken_for_unit
from uphold.claims.would_take import enough_text, next_look_text, seeds_text
from uphold.error_rates import MOST_SEEDS
from uphold.format import count, counted, name, several
from uphold.runlog.rows import first_rows


@dataclass(frozen=True)
class Next:
    """One thing to run.

    Attributes
    ----------
    what, why : str
    runs : int or None
        How many runs it takes, None where that cannot be told.
    """

    what: str
    why: str
    runs: int | None = None


def plan(log: Log, judged: Mapping[str, Judgement], flags: Iterable[AuditFlag]) -> list[Next]:
    """Return what to run next: repairs of the log, open claims, and what is only noted of it."""
    seed = name(log.scores.replicate)
    asked = [r for r in flags if r.check in _REPAIRS and not _only_noted(r)]
    repairs = [_REPAIRS[r.check](r, log) for r in asked if r.severity != "info"]
    notes = [_REPAIRS[r.check](r, log) for r in asked if r.severity == "info"]
    if taken_for_unit(log.scores):
        # No claim is tested before the spec is mended.
        return [*repairs, *notes]
    open_claims = [
        _seeds(j, j.claim.unit(seed)) for j in judged.values() if j.verdict == "inconclusive"
    ]
    return [*repairs, *open_claims, *notes]


def _only_noted(flag: AuditFlag) -> bool:
    """Whether there is nothing to run for it: seeds of its own, a score that does not exist."""
    return flag.severity == "info" and flag.check in ("unpaired-seeds", "nonfinite")


def _seeds(j: Judgement, seed: str) -> Next:
    """Plan the seeds of an inconclusive claim; each brings as many runs as those before."""
    says = j.claim.says.rstrip(".")
    o, claim = j.outcome, f"“{says}” is open." if says else f"{j.id}."
    if not o.seeds_help:
        what = (
            "arms that differ in what is claimed" if not j.claim.numeric() else "nothing more yet"
        )
        return Next(what, f"{claim} {_ended(o.reason)} {o.takes}")
    if j.differs:
        what = "nothing more of the same: claim it context by context, or its interaction"
        return Next(what, f"{claim} {j.differs}")
    if j.looks:
        after = j.next_look
        what = f"up to the next declared look, {counted(after, seed)}" if after else "nothing more"
        return Next(what, f"{claim} {next_look_text(j, seed)}.")
    needed = j.seeds_needed
    if needed is None:
        least = max(2 - o.seeds, 1)
        return Next(
            f"{least} more {seed}{'s' if least > 1 else ''} at least, to see the spread",
            f"{claim} {_ended(o.reason or 'no spread is known to plan with')}",
        )
    if needed.low is None:
        return Next(
            "rather less noise, or a wider margin",
            f"{claim} It would take more than {MOST_SEEDS} {several(seed)}.",
        )
    if needed.low <= o.seeds:
        return Next(
            f"another {o.seeds} {several(seed)}, then judge again",
            f"{claim} It takes {seeds_text(needed, seed)}, and there were {o.seeds}"
            f"{enough_text(needed, o.seeds)}.",
            o.runs,
        )
    further = needed.low - o.seeds
    return Next(
        f"{counted(further, f'more {seed}')} at least",
        f"{claim} It takes {seeds_text(needed, seed)}, and there are {o.seeds}.",
        math.ceil(further * o.runs / max(o.seeds, 1)),
    )


def _ended(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _disagreeing(flag: AuditFlag, log: Log) -> Next:
    seed = name(log.scores.replicate)
    return Next(
        f"one configuration twice with one {seed}, once the {seed} decides the result",
        f"{counted(flag.count, 'pair')} of runs with one configuration and {seed} differ in the"
        f" result: what the {seed} does not control, no pairing can remove.",
        2,
    )


def _no_unit(flag: AuditFlag, log: Log) -> Next:
    return Next("nothing, before the spec names the unit", flag.message)


def _failed(flag: AuditFlag, log: Log) -> Next:
    return Next(
        "the runs without a score again, or say why they cannot have one",
        f"{counted(flag.count, 'run is', 'runs are')} left out of every mean and test.",
        flag.count,
    )


def _missing(flag: AuditFlag, log: Log) -> Next:
    seeds = log.scores.table[log.scores.replicate].nunique()
    if flag.severity == "info":
        return Next(
            "cells beside those that were run, if effects are to hold beyond them",
            f"{_combinations(flag)} not run: the design is not a grid.",
        )
    return Next(
        f"the missing cells: {_named(flag)}",
        f"{_combinations(flag)} not run, or without a score.",
        flag.count * seeds,
    )


def _unpaired(flag: AuditFlag, log: Log) -> Next:
    seed = name(log.scores.replicate)
    if flag.severity == "error":
        return Next(
            f"at least two more {several(seed)} of every configuration",
            f"All runs share one {seed}: how much a retrained run would differ is unknown.",
            2 * flag.count,
        )
    return Next(
        f"the {several(seed)} that configurations lack: {_named(flag)}",
        f"{counted(flag.count, 'pair')} of configuration and {seed} not run, or without a score.",
        flag.count,
    )


def _combinations(flag: AuditFlag) -> str:
    return counted(flag.count, "combination of levels was", "combinations of levels were")


def _named(flag: AuditFlag, most: int = 3) -> str:
    named, more = first_rows(flag, most)
    return "; ".join(named) + (f"; and {count(more)} more" if more > 0 else "")


_REPAIRS = {
    "not-a-unit": _no_unit,
    "same-seed-disagrees": _disagreeing,
    "nonfinite": _failed,
    "missing-cells": _missing,
    "unpaired-seeds": _unpaired,
}
