"""The ratio of two standard deviations over units, by brute force and as often as said."""

from itertools import combinations, product

import numpy as np
import pytest

from uphold.statistics.spread_ratio import spread_ratio


def laid(y: np.ndarray, own: bool = False) -> list[np.ndarray]:
    """Return scores of shape (2, contexts, units) as rows; ``own`` gives each run its unit."""
    arm, context, unit = (places.ravel() for places in np.indices(y.shape))
    return [arm, context, np.arange(y.size) if own else unit, y.ravel()]


def squares(y: np.ndarray) -> np.ndarray:
    """Return squared deviations from the medians of the last axis, corrected for their number."""
    n = y.shape[-1]
    return (y - np.median(y, -1, keepdims=True)) ** 2 * n / (n - 1)


@pytest.fixture
def y() -> np.ndarray:
    made = np.random.default_rng(3).normal(0.7, 0.01, (2, 3, 6))
    made[1] *= 1.7
    return made


def test_the_ratio_is_that_of_the_pooled_standard_deviations(y):
    found = spread_ratio(*laid(y))
    first, second = np.sqrt(y.var(axis=-1, ddof=1).mean(axis=1))
    assert found.sds == pytest.approx((first, second), rel=1e-12)
    assert found.value == pytest.approx(second / first, rel=1e-12)
    assert (found.units, found.runs, found.shared, found.rearrangements) == (6, 36, True, 64)


@pytest.mark.parametrize("ratio", [1.0, 1.5, 1 / 1.5, 3.0])
def test_shared_units_are_exchanged_in_all_ways(y, ratio):
    """Each way by itself: the arms of some units change places, in all contexts together."""
    found = spread_ratio(*laid(y))
    a, b = squares(y).sum(axis=1) / np.array([[1.0], [ratio**2]])
    seen, above, below = np.log(b.sum() / a.sum()), 0, 0
    for swapped in product((False, True), repeat=6):
        s = np.array(swapped)
        other = np.log(np.where(s, a, b).sum() / np.where(s, b, a).sum())
        above += other >= seen - 1e-12
        below += other <= seen + 1e-12
    assert found.above_p(ratio) == above / 64
    assert found.below_p(ratio) == below / 64


@pytest.mark.parametrize("ratio", [1.0, 1.5, 0.5])
def test_units_of_their_own_are_exchanged_within_their_context(ratio):
    y = np.random.default_rng(4).normal(0, 1, (2, 2, 4))
    found = spread_ratio(*laid(y, own=True))
    assert not found.shared and found.rearrangements == 70**2 and found.units == 8
    q = squares(y) / np.array([1.0, ratio**2]).reshape(2, 1, 1)
    pooled = np.concatenate(list(q), axis=-1)
    sums = [[p[list(c)].sum() for c in combinations(range(8), 4)] for p in pooled]
    totals = np.add.outer(*map(np.array, sums))
    seen = q[1].sum()
    assert found.above_p(ratio) == pytest.approx(np.mean(totals >= seen - 1e-12))
    assert found.below_p(ratio) == pytest.approx(np.mean(totals <= seen + 1e-12))


def test_own_units_that_cover_several_contexts_move_as_one():
    """Seeds 0 to 3 in one arm and 4 to 7 in the other, each in both contexts."""
    y = np.random.default_rng(5).normal(0, 1, (2, 2, 4))
    arm, context, unit, value = laid(y)
    found = spread_ratio(arm, context, unit + 4 * arm, value)
    assert found.rearrangements == 70 and found.critical.size == 70 and found.units == 4


def test_by_hand():
    """Deviations of 1, 2 and 4 against ones of 2, 2 and 2, about medians of 0."""
    first, second = [-1.0, -2.0, 0.0, 2.0, 4.0], [2.0, -2.0, 0.0, 2.0, -2.0]
    found = spread_ratio(*laid(np.array([[first], [second]])))
    # The squares of the units that are exchanged, second over first, in all 32 subsets.
    a, b = np.array([1, 4, 0, 4, 16.0]), np.array([4, 4, 0, 4, 4.0])
    ratios = [
        sum(b[list(s)]) / sum(a[list(s)])
        for size in range(1, 6)
        for s in combinations(range(5), size)
        if sum(a[list(s)])
    ]
    known = found.critical[~np.isnan(found.critical)]
    assert sorted(known.round(9)) == sorted(np.round(ratios, 9))
    # Ties: nothing moved, and the unit that lies on both medians.
    assert np.isnan(found.critical).sum() == 2
    assert found.above_p(1.0) == (2 + sum(r <= 1 for r in ratios)) / 32
    assert found.sds == (np.std(first, ddof=1), np.std(second, ddof=1))


def test_intervals_hold_what_the_test_does_not_reject(y):
    found = spread_ratio(*laid(y))
    low, high = found.interval()
    for inside, outside, p in (
        (low * 1.0001, low * 0.9999, found.above_p),
        (high * 0.9999, high * 1.0001, found.below_p),
    ):
        assert p(inside) > 0.025 >= p(outside)
    assert found.lower(0.95) > low and found.upper(0.95) < high


def test_too_few_units_leave_the_interval_open():
    few = spread_ratio(*laid(np.random.default_rng(1).normal(0, 1, (2, 4, 5))))
    assert few.interval() == (0.0, np.inf) and few.p() >= 2 / 32
    assert few.lower(0.95) > 0 and few.upper(0.95) < np.inf


def test_what_is_added_or_multiplied_changes_no_p(y):
    plain = spread_ratio(*laid(y))
    moved = spread_ratio(*laid(5 + 20 * y + np.arange(3)[:, None]))
    assert moved.value == pytest.approx(plain.value)
    np.testing.assert_allclose(moved.critical[1:], plain.critical[1:], rtol=1e-6)
    turned = spread_ratio(*laid(y[::-1]))
    assert turned.p() == plain.p() and turned.value == pytest.approx(1 / plain.value)
    assert turned.same_p(1.5) == plain.same_p(1.5)


def test_units_without_a_partner_are_left_out_and_told(y):
    arm, context, unit, value = laid(y)
    kept = ~((arm == 1) & (context == 0) & (unit == 2))
    found = spread_ratio(arm[kept], context[kept], unit[kept], value[kept])
    assert found.used.sum() == 34 and found.shared
    left_out = kept & ~((context == 0) & (unit == 2))
    same = spread_ratio(arm[left_out], context[left_out], unit[left_out], value[left_out])
    np.testing.assert_array_equal(found.critical, same.critical)


@pytest.mark.parametrize("y", [np.zeros((2, 1, 4)), np.full((2, 2, 6), 0.1) + 1e-17])
def test_scores_that_do_not_spread_have_no_ratio(y):
    found = spread_ratio(*laid(y))
    assert np.isnan(found.value) and found.p() == 1.0 and found.same_p(2.0) == 1.0


def test_no_context_with_two_units_of_either_arm():
    none = np.zeros(0, dtype=int)
    assert spread_ratio(none, none, none, np.zeros(0)) is None
    one = np.array([0, 1]), np.array([0, 0]), np.array([0, 0]), np.array([0.1, 0.2])
    assert spread_ratio(*one) is None


def test_the_error_that_is_planned_by_is_that_of_the_logarithm():
    """Of normal scores the logarithm of the ratio has a variance of 1 / (n - 1)."""
    rng = np.random.default_rng(8)
    for own in (False, True):
        found = [spread_ratio(*laid(rng.normal(0, 1, (2, 1, 60)), own)) for _ in range(40)]
        errors = [f.log_error()[0] for f in found]
        assert np.mean(errors) == pytest.approx(np.sqrt(1 / 59), rel=0.06)
        assert found[0].log_error()[1] == (118 if own else 59)


NOISE = {
    "normal": lambda rng, shape: rng.standard_normal(shape),
    "t3": lambda rng, shape: rng.standard_t(3, shape),
    "collapsed": lambda rng, shape: rng.standard_normal(shape) - 20 * (rng.random(shape) < 1 / 20),
}


def rejects(y: np.ndarray, p) -> float:
    return float(np.mean([p(spread_ratio(*laid(one))) < 0.05 for one in y]))


@pytest.mark.parametrize("noise", NOISE)
@pytest.mark.parametrize(("contexts", "units"), [(1, 6), (4, 6), (4, 10)])
def test_arms_that_spread_alike_are_seldom_told_apart(noise, contexts, units):
    rng = np.random.default_rng([6, contexts, units])
    shape = (600, 2, contexts, units)
    # A seed acts on all its runs, and on those of one arm.
    shift = 2 * rng.standard_normal((600, 1, 1, units)) * (noise == "normal")
    y = NOISE[noise](rng, shape) + shift + NOISE[noise](rng, (600, 2, 1, units))
    assert rejects(y, lambda f: f.p()) <= 0.05 + 2.6 * np.sqrt(0.05 * 0.95 / 600)


def test_a_ratio_at_the_limit_is_seldom_called_inside_or_beyond():
    rng = np.random.default_rng(7)
    y = rng.standard_normal((600, 2, 4, 10)) * np.array([1, 1.5]).reshape(2, 1, 1)
    most = 0.05 + 2.6 * np.sqrt(0.05 * 0.95 / 600)
    for p in (lambda f: f.same_p(1.5), lambda f: f.apart_p(1.5), lambda f: f.above_p(1.5)):
        assert rejects(y, p) <= most


def test_a_ratio_of_two_is_found():
    rng = np.random.default_rng(9)
    y = rng.standard_normal((200, 2, 4, 10)) * np.array([1, 2]).reshape(2, 1, 1)
    assert rejects(y, lambda f: f.p()) > 0.8


def test_the_test_of_pitman_and_morgan_rejects_too_often_where_this_one_does_not():
    """Its p is that of the correlation of sum and difference; one run in twenty fails."""
    from scipy.stats import pearsonr

    rng = np.random.default_rng(10)
    y = NOISE["collapsed"](rng, (400, 2, 1, 10))
    classic = np.mean([pearsonr(b[0] - a[0], b[0] + a[0]).pvalue < 0.05 for a, b in y])
    assert classic > 0.15 > 0.08 > rejects(y, lambda f: f.p())
