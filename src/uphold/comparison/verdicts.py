"""Claims of two sides → the verdicts that changed, each with whether its estimate did.

An estimate is held against the other one by their intervals, Holm over all claims that both sides
judge, be their verdicts the same or not.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from uphold.comparison.findings import Findings, Judged
from uphold.comparison.noise import Difference, Side, difference, facing

VOID = "void"
Pages = Mapping[str, Findings]
SameTest = Callable[[str, str], bool]


class Verdict(NamedTuple):
    """A claim that both sides judge, whose numbers are not all the same.

    Attributes
    ----------
    writeup, claim : str
    before, after : Judged
    difference : Difference or None
        Of the estimates; None where intervals do not tell, or another test stands behind the name.
    """

    writeup: str
    claim: str
    before: Judged
    after: Judged
    difference: Difference | None

    @property
    def changed(self) -> bool:
        """Whether the verdict is another one."""
        return self.before.verdict != self.after.verdict

    @property
    def became_void(self) -> bool:
        """Whether it can no longer be judged."""
        return self.changed and self.after.verdict == VOID


def compare_verdicts(before: Pages, after: Pages, same_test: SameTest) -> list[Verdict]:
    """Return the claims that both sides judge and that are not the same in every number.

    Parameters
    ----------
    before, after : mapping of str to Findings
    same_test : callable
        Whether a claim of a write-up tests the same thing on both sides.
    """
    return [
        Verdict(writeup, name, a, b, _difference(a, b) if same_test(writeup, name) else None)
        for writeup in before
        if writeup in after
        for name, a in before[writeup].claims.items()
        if (b := after[writeup].claims.get(name)) is not None and a != b
    ]


def _difference(a: Judged, b: Judged) -> Difference | None:
    sides = _side(a, b.estimate), _side(b, a.estimate)
    return None if sides[0] is None or sides[1] is None else difference(sides[0], sides[1])


def _side(one: Judged, other: float | None) -> Side | None:
    if one.estimate is None or one.ci_low is None or one.ci_high is None or other is None:
        return None
    return facing(one.estimate, one.ci_low, one.ci_high, other, one.units)
