"""What may be decided about claims → their verdicts, with every decisive one controlled.

In: the decisions that the claims of a family allow, each with its p. Out: a verdict a claim, and
the p that it rests on, adjusted. Promised: a family starts at the number of its claims and not of
its tests, since of a claim at most one null hypothesis is true; primary claims share an error rate
of .05, secondary ones a rate of false discoveries of .05; what could not be tested is inconclusive
and counts all the same, since it was declared.
"""

from collections.abc import Hashable, Mapping
from typing import NamedTuple

import numpy as np

from uphold.claims.again import Verdict
from uphold.claims.expectations import Decisions
from uphold.claims.role import Role
from uphold.error_rates import ALPHA
from uphold.statistics.families import step_down, step_up


class Settled(NamedTuple):
    """A verdict, and the p that it rests on, or that came closest to one: adjusted, and alone."""

    verdict: Verdict
    p_adjusted: float
    p: float


def settle(
    decisions: Mapping[str, Decisions],
    role: Mapping[str, Role],
    same: Mapping[str, Hashable],
) -> dict[str, Settled]:
    """Return the verdict of each claim.

    Parameters
    ----------
    decisions : mapping of str to Decisions
        By claim; none where no test was possible.
    role : mapping of str to {"primary", "secondary"}
    same : mapping of str to hashable
        Equal for claims that are one and the same test, which counts once.
    """
    settled: dict[str, Settled] = {}
    adjust = {"primary": step_down, "secondary": step_up}
    for family in adjust:
        names = [name for name in decisions if role[name] == family]
        adjusted = adjust[family](
            [np.array([d.p for d in decisions[name]]) for name in names],
            [same[name] for name in names],
        )
        for name, found in zip(names, adjusted, strict=True):
            settled[name] = _settled(decisions[name], found)
    return {name: settled[name] for name in decisions}


def _settled(possible: Decisions, adjusted: np.ndarray) -> Settled:
    """Return what the adjusted p decide; equivalent goes before supported."""
    known = [
        (p >= ALPHA, d.verdict != "equivalent", p, d.p, d.verdict)
        for d, p in zip(possible, adjusted.tolist(), strict=True)
        if p >= 0
    ]
    if not known:
        return Settled("inconclusive", np.nan, np.nan)
    decided = [one for one in known if not one[0]]
    if not decided:
        return Settled("inconclusive", *min((p, own) for _, _, p, own, _ in known))
    _, _, p, own, verdict = min(decided)
    return Settled(verdict, p, own)
