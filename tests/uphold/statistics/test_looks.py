import numpy as np
import pytest
from scipy.special import ndtr, ndtri, stdtr
from scipy.stats import multivariate_normal

from uphold.error_rates import ALPHA
from uphold.randomness import generator
from uphold.statistics.looks import nominal_levels, p_over_looks

PLAN = [3, 5, 8, 12, 20]


@pytest.mark.parametrize(
    ("looks", "z"),
    [
        # R: gsDesign(k, test.type = 2, sfu = sfLDOF)$upper$bound, α = .05 on two sides.
        ([1, 2], [2.9626, 1.9686]),
        ([1, 2, 3], [3.7103, 2.5114, 1.9930]),
        ([1, 2, 3, 4], [4.3326, 2.9631, 2.3590, 2.0141]),
        ([1, 2, 3, 4, 5], [4.8769, 3.3570, 2.6803, 2.2898, 2.0310]),
    ],
)
def test_published_bounds(looks, z):
    assert -ndtri(nominal_levels(looks, 0.05, sides=2) / 2) == pytest.approx(z, abs=6e-5)


@pytest.mark.parametrize("looks", [PLAN, [3, 4, 30], [2, 9, 10, 11]])
@pytest.mark.parametrize("alpha", [0.05, 0.005])
def test_what_is_spent_by_each_look_is_what_the_spending_function_allows(looks, alpha):
    n = np.array(looks)
    z = -ndtri(nominal_levels(looks, alpha))
    correlation = np.sqrt(np.minimum.outer(n, n) / np.maximum.outer(n, n))
    for k in range(1, n.size + 1):
        stay = multivariate_normal.cdf(
            np.minimum(z[:k], 9), cov=correlation[:k, :k], abseps=1e-7, maxpts=2_000_000
        )
        spent = 2 - 2 * ndtr(ndtri(1 - alpha / 2) / np.sqrt(n[k - 1] / n[-1]))
        assert 1 - stay == pytest.approx(spent, abs=2e-6)


def test_one_look_has_the_whole_level_and_each_side_half_of_it():
    assert nominal_levels([5]) == pytest.approx([ALPHA], rel=1e-9)
    one = nominal_levels(PLAN, ALPHA / 2)
    assert nominal_levels(PLAN, ALPHA, sides=2) == pytest.approx(2 * one, rel=1e-12)


def test_a_look_with_next_to_no_information_stops_nothing():
    assert nominal_levels([1, 1000]) == pytest.approx([0, ALPHA], rel=1e-9)
    assert (p_over_looks(np.array([0.0, 1e-300]), [1, 1000], 1) >= 0.1).all()


@pytest.mark.parametrize(
    ("looks", "message"),
    [
        ([], "one look at least"),
        ([3, 5, 5], "5 follows 5"),
        ([5, 3], "3 follows 5"),
        ([0, 3], "not 0"),
        ([3, 5.5], "not 5.5"),
        ([True, 3], "not True"),
    ],
)
def test_looks_that_are_no_plan(looks, message):
    with pytest.raises(ValueError, match=message):
        nominal_levels(looks)
    with pytest.raises(ValueError, match=message):
        p_over_looks(np.array([0.1]), looks, 3)


@pytest.mark.parametrize("sides", [1, 2])
def test_a_p_over_looks_is_the_level_at_which_the_look_stops(sides):
    for alpha in (0.02, 0.05, 0.1):
        for look, level in zip(PLAN, nominal_levels(PLAN, alpha, sides), strict=True):
            found = p_over_looks(np.array([level]), PLAN, look, sides)
            assert found[0] == pytest.approx(alpha, rel=5e-4)


def test_p_over_looks_rise_with_p_from_0_to_1_and_are_no_smaller():
    p = np.array([0, 1e-12, 1e-6, 0.001, 0.04, 0.3, 0.5, 0.9, 0.97, 1.0])
    for look in PLAN:
        for sides in (1, 2):
            found = p_over_looks(p, PLAN, look, sides)
            assert (np.diff(found) >= 0).all() and (found >= p - 1e-12).all() and found[-1] == 1
    assert p_over_looks(p, [5], 5, 2)[2:] == pytest.approx(p[2:], rel=1e-6)
    assert np.isnan(p_over_looks(np.array([np.nan]), PLAN, 5)).all()


def test_a_large_p_stays_as_rare_as_it_was():
    # By p > .95 a claim leaves its family. Were p = .75 to become .95, too many would leave.
    for look in PLAN:
        for sides in (1, 2):
            assert p_over_looks(np.array([0.92]), PLAN, look, sides)[0] < 0.95


def test_a_look_that_was_not_declared():
    with pytest.raises(ValueError, match=r"7 units .* declared looks \[3, 5, 8, 12, 20\]"):
        p_over_looks(np.array([0.1]), PLAN, 7)


def test_t_tests_over_looks_err_as_one_test_does():
    # At .05 a look: 17 %, 15 % and 15 %.
    z = generator(0, "looks").standard_normal((20_000, PLAN[-1]))
    n = np.array(PLAN)
    mean = np.stack([z[:, :k].mean(axis=1) for k in n], axis=1)
    t = mean / np.stack([z[:, :k].std(axis=1, ddof=1) / np.sqrt(k) for k in n], axis=1)
    direction, bound = 2 * stdtr(n - 1, -np.abs(t)), stdtr(n - 1, -t)
    # TOST where the effect is one margin of 2 SD.
    equivalence = stdtr(n - 1, (np.abs(mean + 2) - 2) / (mean / t))
    for p, sides in ((direction, 2), (bound, 1), (equivalence, 1)):
        rate = (p < nominal_levels(PLAN, sides=sides)).any(axis=1).mean()
        assert 0.045 < rate < 0.056
        over = np.stack([p_over_looks(p[:, k], PLAN, PLAN[k], sides) for k in range(5)], axis=1)
        assert (over < ALPHA).any(axis=1).mean() == pytest.approx(rate, abs=1e-3)
