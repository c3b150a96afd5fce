"""Claims of both sides, and whether their estimates differ."""

from uphold.comparison.findings import Findings, Judged
from uphold.comparison.verdicts import compare_verdicts

A = Judged("supported", 0.5, 0.4, 0.6, 0.001, 0.001, 8)
B = Judged("inconclusive", 0.1, 0.0, 0.2, 0.1, 0.2, 8)


def compared(a: Judged, b: Judged, same_test: bool = True):
    sides = ({"w": Findings({"c": one}, {}, {})} for one in (a, b))
    return compare_verdicts(*sides, lambda writeup, claim: same_test)


def test_what_is_the_same_is_left_out():
    assert compared(A, A) == []
    (one,) = compared(A, B)
    assert one.changed and one.difference and one.difference.p < 0.001


def test_another_test_and_missing_intervals_are_not_compared():
    assert compared(A, B, same_test=False)[0].difference is None
    assert compared(A, B._replace(ci_low=None, ci_high=None))[0].difference is None
    assert compared(A, B._replace(units=1))[0].difference is None


def test_a_claim_that_was_void_before_did_not_become_so():
    void = A._replace(verdict="void", p=None)
    assert compared(A, void)[0].became_void
    assert not compared(void, A)[0].became_void
