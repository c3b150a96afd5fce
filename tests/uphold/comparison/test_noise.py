"""The tests between two estimates, against SciPy's and the framework's own."""

import numpy as np
import pytest
from scipy import stats

from uphold.comparison.noise import Side, difference, facing, holm
from uphold.statistics.families import step_down


def sides(*samples: np.ndarray) -> list[Side]:
    return [Side(x.mean(), x.std(ddof=1) / np.sqrt(len(x)), len(x) - 1) for x in samples]


@pytest.mark.parametrize(("n", "m"), [(8, 8), (3, 8), (2, 30), (12, 5)])
def test_the_more_careful_of_two_t_tests_counts(n, m):
    rng = np.random.default_rng(n)
    for _ in range(20):
        a, b = rng.normal(size=n), rng.normal(0.5, 3, size=m)
        tests = [stats.ttest_ind(b, a, equal_var=equal) for equal in (False, True)]
        careful = max(tests, key=lambda test: test.pvalue)
        found = difference(*sides(a, b))
        assert found.p == pytest.approx(careful.pvalue)
        ends = careful.confidence_interval()
        assert (found.ci_low, found.ci_high) == pytest.approx((ends.low, ends.high))
        if n == m:
            assert found.p == pytest.approx(tests[0].pvalue)


def test_without_noise_any_difference_is_one():
    assert difference(Side(1, 0, 4), Side(1, 0, 4)).p == 1
    assert difference(Side(1, 0, 4), Side(2, 0, 4)) == (1, 1, 1, 0)


def test_tiny_scores_are_tested_as_large_ones_are():
    a, b = Side(1, 0.1, 4), Side(1.2, 0.05, 4)
    small = difference(*(Side(s.value * 1e-100, s.se * 1e-100, s.df) for s in (a, b)))
    assert small.p == pytest.approx(difference(a, b).p)


def test_the_half_that_faces_the_other_estimate_counts():
    t = stats.t.ppf(0.975, 7)
    up, down = (facing(1, 0.9, 1.4, other, 8) for other in (2, 0))
    assert up and up.se == pytest.approx(0.4 / t)
    assert down and down.se == pytest.approx(0.1 / t)
    assert facing(1, 0.9, 1.1, 2, 1) is None
    assert facing(1, 0.9, np.inf, 2, 8) is None
    assert facing(1, 0.9, 1, 2, 8) is None


def test_holm_is_that_of_claims():
    ps = [0.01, 0.2, 0.013, 0.9, 0.013]
    expected = [float(p[0]) for p in step_down([np.array([p]) for p in ps])]
    assert holm(ps) == pytest.approx(expected)
    assert holm(ps, 2) == pytest.approx([min(1, 2 * p) for p in expected])
    assert holm([]) == []
