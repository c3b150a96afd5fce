"""Power: what counts as found, and that more finds more."""

import numpy as np

from uphold.calibration import power
from uphold.calibration.tables import NOISE


def test_a_third_of_a_family_has_the_effect():
    case = power.KINDS["tasks"](3, 3)
    assert sorted(case.effect.values()) == [0.0] * 20 + [3 * NOISE] * 10
    table = case.draw(np.random.default_rng(1))
    assert table.groupby("task")["seed"].nunique().tolist() == [3] * 30
    against = power.KINDS["control"](3, 3)
    assert against.effect == case.effect
    assert sorted(against.draw(np.random.default_rng(1))["arm"].unique()) == list(range(31))


def test_the_effects_that_are_found_are_counted_and_no_others():
    rate = power.power(power.KINDS["tasks"](20, 10), range(1), 1)
    assert (rate.hits, rate.draws) == (10, 10)
    assert power.power(power.KINDS["alone"](20, 5), range(5), 1).hits == 5


def test_larger_effects_are_found_more_often():
    small, large = (power.power(power.KINDS["alone"](effect, 5), range(40), 1) for effect in (1, 3))
    assert small.value < large.value
