"""Slopes, against statsmodels and on data of which the truth is known."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.special import stdtr

from uphold.statistics.slope import FEWEST_LEFT, Fit, slope


@pytest.fixture
def data():
    rng = np.random.default_rng(5)
    x, others = rng.uniform(2, 6, 30), rng.normal(size=(30, 2))
    return x, 3 + 0.5 * x + others @ [1.0, -2.0] + x * rng.normal(size=30), others


def test_it_is_least_squares_with_hc3(data):
    x, y, others = data
    found = slope(x, y, others)
    design = sm.add_constant(np.column_stack([x, others]))
    peer = sm.OLS(y, design).fit(cov_type="HC3", use_t=True)
    assert found.line.value == pytest.approx(peer.params[1], rel=1e-9)
    assert found.line.se == pytest.approx(peer.bse[1], rel=1e-9)
    assert found.line.df == peer.df_resid == 26
    assert found.line.p == pytest.approx(peer.pvalues[1], rel=1e-6)


def test_a_parabola_tells_the_bend_and_the_slopes_at_both_ends(data):
    x, y, others = data
    found = slope(x, y, others)
    design = sm.add_constant(np.column_stack([x, x**2, others]))
    peer = sm.OLS(y, design).fit(cov_type="HC3", use_t=True)
    assert found.bend.p == pytest.approx(peer.pvalues[2], rel=1e-6)
    assert found.turn == pytest.approx(-peer.params[1] / (2 * peer.params[2]), rel=1e-6)
    for end, at in zip((found.low, found.high), found.ends, strict=True):
        test = peer.t_test([0, 1, 2 * at, 0, 0])
        assert end.value == pytest.approx(float(test.effect[0]), rel=1e-6)
        assert end.se == pytest.approx(float(test.sd[0, 0]), rel=1e-6)
    assert found.ends == (pytest.approx(np.quantile(x, 0.1)), pytest.approx(np.quantile(x, 0.9)))


def test_a_summit_is_where_it_is():
    x = np.linspace(-1, 3, 40)
    y = -((x - 0.7) ** 2) + 0.01 * np.random.default_rng(1).normal(size=40)
    found = slope(x, y, np.empty((40, 0)))
    assert found.turn == pytest.approx(0.7, abs=0.01)
    assert found.bend.value < 0 and found.bend.p < 1e-6
    assert found.low.value > 0 > found.high.value


def test_what_other_columns_tell_whole_has_no_slope(data):
    x, y, others = data
    told = slope(x, y, np.column_stack([others, 2 * x - 1]))
    assert told.told and np.isnan(told.line.se) and np.isnan(told.bend.p)
    assert slope(np.ones(30), y, others).told
    assert not slope(x, y, others).told


def test_two_values_have_a_slope_and_no_bend():
    x = np.repeat([0.0, 1.0], 10)
    found = slope(x, x + np.random.default_rng(1).normal(size=20), np.empty((20, 0)))
    assert found.line.se > 0 and np.isnan(found.bend.se) and np.isnan(found.low.se)


def test_an_error_takes_units_beyond_the_columns(data):
    x, y, others = data
    enough = 4 + FEWEST_LEFT
    assert slope(x[:enough], y[:enough], others[:enough]).line.se > 0
    fewer = slope(x[: enough - 1], y[: enough - 1], others[: enough - 1])
    assert np.isnan(fewer.line.se) and np.isfinite(fewer.line.value)


def test_a_unit_with_a_column_of_its_own_counts_not_at_all(data):
    x, y, others = data
    own = np.eye(30)[:, :1]
    without = slope(x[1:], y[1:], others[1:])
    for value in (y[0], y[0] + 100):
        changed = np.append(value, y[1:])
        found = slope(x, changed, np.column_stack([others, own]))
        assert found.line.value == pytest.approx(without.line.value, rel=1e-9)
        assert found.line.se == pytest.approx(without.line.se, rel=1e-9)


def test_columns_that_stand_twice_change_nothing(data):
    x, y, others = data
    once, twice = (slope(x, y, np.column_stack([others] * times)).line for times in (1, 2))
    assert once == pytest.approx(twice, rel=1e-9)


@pytest.mark.parametrize("spread", [lambda x: 1.0, lambda x: np.exp(1.2 * x), lambda x: 0.2 + x**2])
@pytest.mark.parametrize("units", [15, 30])
def test_it_is_wrong_in_a_twentieth_at_most_where_noise_spreads_unequally(spread, units):
    rng = np.random.default_rng([3, units])
    wrong = 0
    for _ in range(600):
        x, others = rng.uniform(-1, 1, units), rng.uniform(-1, 1, (units, 3))
        y = others @ [1.0, 2.0, 0.0] + spread(x) * rng.normal(size=units)
        wrong += slope(x, y, others).line.p < 0.05
    assert wrong / 600 < 0.065


def test_a_sum_of_coefficients(data):
    x, y, others = data
    design = np.column_stack([x, others])
    found = Fit(design, y).combination(1.0, 1.0)
    peer = sm.OLS(y, design).fit(cov_type="HC3", use_t=True).t_test([1, 1, 0])
    assert found.value == pytest.approx(float(peer.effect[0]), rel=1e-9)
    assert found.p == pytest.approx(2 * stdtr(27, -abs(float(peer.tvalue[0, 0]))), rel=1e-6)
