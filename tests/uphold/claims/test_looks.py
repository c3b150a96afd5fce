"""Claims that are judged at declared numbers of units."""

import numpy as np
import pytest

from uphold.claims.expectations import Decision
from uphold.claims.judge import judge
from uphold.claims.looks import over_looks
from uphold.statistics.looks import nominal_levels

from ..conftest import STEP

LOOKS = (3, 5, 8)
P = (Decision("supported", 0.01, sides=2), Decision("equivalent", 0.04))


def test_without_a_plan_and_with_one_look_p_stay():
    assert over_looks(P, (), 4) is P
    assert over_looks(P, (4,), 4) is P
    assert over_looks((), LOOKS, 4) == ()


def test_before_the_first_look_there_is_nothing_to_decide():
    assert over_looks(P, LOOKS, 2) == ()


@pytest.mark.parametrize("sides", [1, 2])
@pytest.mark.parametrize("units", LOOKS)
def test_p_at_the_level_of_a_look_is_the_level_of_the_plan(units, sides):
    """A p at the nominal level of its look is .05 for all looks together, and rises with p."""
    level = nominal_levels(LOOKS, 0.05, sides)[LOOKS.index(units)]
    three = tuple(Decision("supported", level * f, sides) for f in (0.5, 1.0, 2.0))
    below, at, above = (d.p for d in over_looks(three, LOOKS, units))
    assert below < at < above and at == pytest.approx(0.05, abs=5e-4)


def test_each_look_asks_for_more_than_one_look_alone_and_the_first_for_most():
    found = [over_looks((Decision("supported", 0.01, 2),), LOOKS, n)[0].p for n in LOOKS]
    assert found[0] > found[1] > found[2] > 0.01


def test_between_two_looks_the_last_one_counts():
    assert over_looks(P, LOOKS, 7) == over_looks(P, LOOKS, 5)
    assert over_looks(P, LOOKS, 12) == over_looks(P, LOOKS, 8)


def test_verdict_and_sides_stay():
    found = over_looks(P, LOOKS, 5)
    assert [(d.verdict, d.sides) for d in found] == [(d.verdict, d.sides) for d in P]


def judged(relog, claim, table, **keys):
    one = claim(contrast=STEP, expect="increase")
    return judge({"runs": relog(table, **keys)}, {"up": one})["up"]


def test_a_claim_that_one_look_decides_may_be_open_at_the_first_of_several(relog, claim, table):
    """.02, .05, .08 and .05 by seed: t = 4.08 with 3 degrees of freedom, p = .027."""
    by_seed = np.tile([0.02, 0.05, 0.08, 0.05], 4)
    table = table.assign(f1=0.6 + table["mixup"] * by_seed)
    alone = judged(relog, claim, table)
    assert (alone.verdict, round(alone.p_adjusted, 4)) == ("supported", 0.0265)
    early = judged(relog, claim, table, looks=[4, 8])
    assert early.verdict == "inconclusive" and early.p_adjusted > 0.1
    assert early.outcome.p == alone.outcome.p
    last = judged(relog, claim, table, looks=[2, 4])
    assert last.verdict == "supported" and 0.0265 < last.p_adjusted < 0.05


def test_too_few_seeds_for_the_first_look_decide_nothing(relog, claim, table):
    found = judged(relog, claim, table, looks=[5, 8])
    assert found.verdict == "inconclusive" and found.outcome.p < 1e-4
    assert judged(relog, claim, table).verdict == "supported"
