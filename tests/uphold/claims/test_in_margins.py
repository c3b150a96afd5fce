"""Where outcomes lie on one scale: margins from no effect, or from a limit."""

from math import inf, isnan, nan

import pytest

from uphold.claims.in_margins import of_difference, of_ratio
from uphold.format import Ends


def test_a_difference_counts_margins_from_no_effect():
    found = of_difference(0.01, Ends(-0.02, 0.04), 0.02)
    assert found == pytest.approx((0.5, -1, 2, 0))


def test_a_bound_counts_them_from_its_limit_and_a_gain_says_what_is_claimed():
    assert of_difference(0.7, Ends(0.65, 0.75), 0.05, zero=0.6)[:3] == pytest.approx((2, 1, 3))
    assert of_difference(0.03, Ends(0.01, 0.05), 0.02, claimed=0.02).claimed == pytest.approx(1)


def test_a_ratio_lies_as_far_below_one_as_its_inverse_lies_above():
    up, down = (of_ratio(x, Ends(x, x), 1.5).value for x in (1.5, 1 / 1.5))
    assert (up, down) == pytest.approx((1, -1))


def test_ends_may_be_open_or_unknown():
    found = of_ratio(1.2, Ends(0.0, inf), 1.5)
    assert (found.ci_low, found.ci_high) == (-inf, inf)
    assert isnan(of_difference(0.1, Ends(nan, nan), 0.1).ci_low)
