import numpy as np
import pytest

from uphold.statistics.estimate import Estimate


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


def test_tost_agrees_with_its_90_percent_interval():
    e = of(0.01, 0.005, 7)
    edge = e.upper()  # the 90 % interval's end
    assert e.equivalence_p(edge) == pytest.approx(0.05)
    assert e.equivalence_p(edge + 1e-9) < 0.05 < e.equivalence_p(edge - 1e-9)


def test_beyond_and_above_a_margin():
    # R: d <- .08666666667; se <- .05955389716 / sqrt(6)
    # pt(-(d + .02) / se, 5) + pt(-(d - .02) / se, 5); pt(-(d - .02) / se, 5)
    e = of(0.08666666667, 0.05955389716 / np.sqrt(6), 5)
    assert e.beyond_p(0.02) == pytest.approx(0.02389958396, rel=1e-8)
    assert e.above_p(0.02) == pytest.approx(0.02034656554, rel=1e-8)
    assert e.beyond_p(0.0) == pytest.approx(e.p)


def test_another_error_brings_another_interval_and_p():
    # R: 2 * pt(-.5 / .2, 7); .5 + c(-1, 1) * qt(.975, 7) * .2
    e = of(0.5, 0.1, 4).with_error(0.2, 7)
    assert (e.value, e.se, e.df, e.n, e.method) == (0.5, 0.2, 7, 6, "paired t")
    assert e.p == pytest.approx(0.04099221859, rel=1e-8)
    assert (e.ci_low, e.ci_high) == pytest.approx((0.02707514968, 0.97292485032), rel=1e-8)


def test_no_noise_and_no_difference_is_certain():
    e = of(0.0, 0.0, 3)
    assert (e.p, e.ci_low, e.ci_high) == (1.0, 0.0, 0.0)
    assert e.equivalence_p(0.01) == 0


def test_no_noise_and_a_difference_is_no_test():
    e = of(0.02, 0.0, 3)
    assert np.isnan([e.p, e.ci_low, e.ci_high, e.lower(), e.upper()]).all()
    assert e.equivalence_p(0.5) != 0 and not e.beyond_p(0.01) < 1 and not e.above_p(0) < 1


def test_unknown_error_decides_nothing():
    e = of(0.02, np.nan, 1)
    assert np.isnan([e.p, e.ci_low, e.lower()]).all()
    assert np.isnan([e.equivalence_p(1), e.beyond_p(0), e.above_p(0)]).all()
