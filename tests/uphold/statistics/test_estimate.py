import numpy as np
import pytest

from uphold.statistics.estimate import Estimate, mean_and_error


def of(value, se, df):
    return Estimate.from_t(value, se, df, n=6, runs=12, seeds=3, method="paired t")


def test_t_estimate():
    # R: y, a, m, s of conftest.py; t.test(y[a=="high"], y[a=="low"], paired=TRUE)
    e = of(0.08666666667, 0.05955389716 / np.sqrt(6), 5)
    assert e.p == pytest.approx(0.01613476, rel=1e-6)
    assert (e.ci_low, e.ci_high) == pytest.approx((0.02416868449, 0.14916464884), rel=1e-7)


def test_one_sided_bounds_reach_less_far_than_the_interval():
    # R: .5 + c(-1, 1) * qt(.95, 4) * .1
    e = of(0.5, 0.1, 4)
    assert (e.lower(), e.upper()) == pytest.approx((0.2868153, 0.7131847), abs=1e-6)
    assert e.ci_low < e.lower() < e.upper() < e.ci_high


def test_equivalence():
    # R: pt((.08666666667 - .15) / (.05955389716 / sqrt(6)), 5)
    e = of(0.08666666667, 0.05955389716 / np.sqrt(6), 5)
    assert e.equivalence_p(0.15) == pytest.approx(0.02398105907, rel=1e-6)
    assert e.inside(0.15) and not e.inside(0.13)


def test_tost_agrees_with_its_90_percent_interval():
    e = of(0.01, 0.005, 7)
    edge = e.upper()  # the 90 % interval's end
    assert e.inside(edge + 1e-9) and not e.inside(edge - 1e-9)


def test_no_noise_and_no_difference_is_certain():
    e = of(0.0, 0.0, 3)
    assert (e.p, e.ci_low, e.ci_high) == (1.0, 0.0, 0.0)
    assert e.inside(0.01)


def test_no_noise_and_a_difference_is_no_test():
    e = of(0.02, 0.0, 3)
    assert np.isnan([e.p, e.ci_low, e.ci_high, e.lower(), e.upper()]).all()
    assert not e.inside(0.5)


def test_unknown_error_decides_nothing():
    e = of(0.02, np.nan, 1)
    assert np.isnan([e.p, e.ci_low, e.lower()]).all() and not e.inside(1)


def test_rounding_is_not_a_tiny_standard_error():
    differences = np.array([0.3 - 0.1, 0.9 - 0.7, 0.5 - 0.3])
    assert differences.std() > 0
    assert mean_and_error(differences) == (pytest.approx(0.2), 0.0)
    assert mean_and_error(np.array([0.5, 0.6]))[1] == pytest.approx(0.005 / 2)
    assert np.isnan(mean_and_error(np.array([0.5]))[1])
    assert np.isnan(mean_and_error(np.array([])))[0]
