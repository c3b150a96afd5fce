"""Two sources → all that changed between them, and what of it is an alarm.

An alarm is a verdict that changed with an estimate that moved by more than noise, a claim that can
no longer be judged, and a score that moved by more than noise.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from uphold.comparison.causes import Causes, causes
from uphold.comparison.declared import Redeclared, redeclared
from uphold.comparison.findings import Findings
from uphold.comparison.noise import holm
from uphold.comparison.scores import Compared, Place, compare_scores
from uphold.comparison.sources import Source
from uphold.comparison.verdicts import Verdict, compare_verdicts
from uphold.error_rates import ALPHA

Named = list[tuple[str, str]]
"""Write-ups, each with a name in it."""


@dataclass(frozen=True)
class CameAndWent:
    """What one side has alone, each with the write-up that it is of."""

    came: Named
    went: Named


@dataclass(frozen=True)
class Promoted:
    """A sweep that promotes another configuration than before."""

    writeup: str
    sweep: str
    before: str
    after: str


@dataclass(frozen=True)
class Changes:
    """What changed between two sources.

    Attributes
    ----------
    before, after : Source
    verdicts : list of (Verdict, float or None)
        Every claim whose numbers changed, with the adjusted p of its estimates' difference.
    scores : list of (Compared, float)
        Every score that was compared, with its adjusted p.
    unchanged : int
        Scores of configurations that were not run again.
    without_spread : list
        Scores that differ and could not be compared.
    claims, configurations, writeups : CameAndWent
    promoted : list of Promoted
    behind : mapping of str to Causes
        By write-up, of revisions alone.
    declared : mapping of (str, str) to Redeclared
        By write-up and claim, of revisions alone.
    judged : int
        Claims that both sides judge.
    """

    before: Source
    after: Source
    verdicts: list[tuple[Verdict, float | None]]
    scores: list[tuple[Compared, float]]
    unchanged: int
    without_spread: list[Place]
    claims: CameAndWent
    configurations: CameAndWent
    writeups: CameAndWent
    promoted: list[Promoted]
    judged: int
    behind: Mapping[str, Causes] = field(default_factory=dict)
    declared: Mapping[tuple[str, str], Redeclared] = field(default_factory=dict)

    @cached_property
    def alarming(self) -> list[Verdict]:
        """Verdicts that changed by more than noise, or became void."""
        changed = [(v, p) for v, p in self.verdicts if v.changed]
        return [v for v, p in changed if v.became_void or (p is not None and p < ALPHA)]

    @cached_property
    def flipped(self) -> list[Verdict]:
        """Verdicts that changed, with estimates that noise tells apart as well."""
        return [v for v, _ in self.verdicts if v.changed and v not in self.alarming]

    @cached_property
    def moved(self) -> list[tuple[Compared, float]]:
        """Scores that moved by more than noise, the surest first."""
        found = [one for one in self.scores if one[1] < ALPHA]
        return sorted(found, key=lambda one: (one[1], -abs(one[0].difference.value)))

    @property
    def alarm(self) -> bool:
        """Whether anything is one."""
        return bool(self.alarming or self.moved)


def changes(before: Source, after: Source) -> Changes:
    """Return what changed between two sources."""
    a, b = before.pages, after.pages
    both = [name for name in a if name in b]
    declared: dict[tuple[str, str], Redeclared] = {}
    behind: dict[str, Causes] = {}
    if before.revision and after.revision:
        for name in both:
            if a[name] != b[name]:
                behind[name] = causes(before.revision.lock, after.revision.lock, name)
                for claim in (c for c in a[name].claims if c in b[name].claims):
                    declared[name, claim] = redeclared(before.revision, after.revision, name, claim)

    def same_test(writeup: str, claim: str) -> bool:
        return (writeup, claim) not in declared or declared[writeup, claim].same_test

    verdicts = compare_verdicts(a, b, same_test)
    scores = compare_scores(a, b)
    told = [i for i, verdict in enumerate(verdicts) if verdict.difference is not None]
    families = bool(told) + bool(scores.compared)
    of_claims = holm([_p(verdicts[i]) for i in told], families)
    of_scores = holm([one.difference.p for one in scores.compared], families)
    adjusted = dict(zip(told, of_claims, strict=True))
    return Changes(
        before,
        after,
        [(verdict, adjusted.get(i)) for i, verdict in enumerate(verdicts)],
        list(zip(scores.compared, of_scores, strict=True)),
        scores.unchanged,
        scores.without_spread,
        claims=_came_and_went({n: (a[n].claims, b[n].claims) for n in both}),
        configurations=_came_and_went(
            {n: (a[n].configurations, b[n].configurations) for n in both}
        ),
        writeups=_came_and_went({"": (a, b)}),
        promoted=[one for n in both for one in _promoted(n, a[n], b[n])],
        judged=sum(c in b[n].claims for n in both for c in a[n].claims),
        behind=behind,
        declared=declared,
    )


def _p(verdict: Verdict) -> float:
    assert verdict.difference is not None
    return verdict.difference.p


def _came_and_went(
    sides: Mapping[str, tuple[Mapping[str, object], Mapping[str, object]]],
) -> CameAndWent:
    return CameAndWent(
        [(n, name) for n, (a, b) in sides.items() for name in b if name not in a],
        [(n, name) for n, (a, b) in sides.items() for name in a if name not in b],
    )


def _promoted(writeup: str, a: Findings, b: Findings) -> Iterable[Promoted]:
    for sweep, chosen in a.promoted.items():
        if (now := b.promoted.get(sweep, chosen)) != chosen:
            yield Promoted(writeup, sweep, chosen, now)
