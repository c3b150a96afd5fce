import numpy as np
import pytest
from scipy.special import stdtrit

from uphold.error_rates import MOST_SEEDS
from uphold.statistics import power


def test_power_of_t_tests():
    # R: power.t.test(n=5, delta=.1, sd=.08, strict=TRUE)$power, then type="paired", then
    # type="one.sample", alternative="one.sided"
    two = power.t_power(0.1, 0.08 * np.sqrt(2 / 5), 8)
    paired = power.t_power(0.1, 0.08 / np.sqrt(5), 4)
    one_sided = power.t_power(0.1, 0.08 / np.sqrt(5), 4, sides=1)
    expected = [0.4130373991, 0.5621718247, 0.7414619802]
    assert [two, paired, one_sided] == pytest.approx(expected, rel=1e-6)


def test_large_df_go_over_to_the_normal_without_a_step():
    below, above = (power.t_power(0.02, 0.0071, df) for df in (1999.0, 2001.0))
    assert below == pytest.approx(above, abs=1e-5)


def test_three_runs_an_arm_see_three_standard_deviations():
    # R: power.t.test(n=3, power=.8, sd=1, strict=TRUE)$delta, and type="paired"
    two = power.minimum_detectable_effect(np.sqrt(2 / 3), 4)
    paired = power.minimum_detectable_effect(1 / np.sqrt(3), 2)
    assert [two, paired] == pytest.approx([3.070908, 3.264048], rel=1e-5)
    assert np.isnan(power.minimum_detectable_effect(np.nan, 3))
    assert np.isnan(power.minimum_detectable_effect(0.0, 3))


def test_seeds_for_a_difference():
    # R, at both ends of the 80 % interval of the SD, .06 * sqrt(2 / qchisq(c(.9, .1), 2)):
    # sapply(sd, function(x) power.t.test(delta=.05, sd=x, power=.8, type="paired",
    #   strict=TRUE)$n) is 7.06 and 109.2; for delta=.08 it is 4.18 and 43.86
    low, high = power.seeds_needed(0.06 / np.sqrt(3), 2, 3, 0.05)
    assert (low, high) == (8, None)
    assert power.seeds_needed(0.06 / np.sqrt(3), 2, 3, 0.08) == (5, 44)


def test_the_range_narrows_as_the_spread_is_known():
    # R: 1 / sqrt(qchisq(c(.9, .1), df) / df)
    assert power.spread_interval(2) == pytest.approx((0.659010229, 3.080782625), rel=1e-8)
    assert power.spread_interval(29) == pytest.approx((0.8613511141, 1.2112127943), rel=1e-8)
    se = [0.06 / np.sqrt(n) for n in (3, 30)]
    few, many = (power.seeds_needed(s, n - 1, n, 0.08) for s, n in zip(se, (3, 30), strict=True))
    assert few.low < many.low <= many.high < few.high


def test_a_stricter_level_takes_more_seeds():
    se = 0.06 / np.sqrt(10)
    one, of_ten = (power.seeds_needed(se, 9, 10, 0.08, alpha=a) for a in (0.05, 0.005))
    assert of_ten.low > one.low and of_ten.high > one.high


@pytest.mark.parametrize("truth", [5, 18, 40])
def test_the_range_holds_the_truth_in_eight_of_ten_plans(truth):
    """Planned from 3 or 8 seeds of a spread for which ``truth`` seeds are needed."""
    rng = np.random.default_rng(truth)
    effect = power.minimum_detectable_effect(1 / np.sqrt(truth), truth - 1)
    for seeds in (3, 8):
        held = 0
        for sd in np.sqrt(rng.chisquare(seeds - 1, 200) / (seeds - 1)):
            # The effect is found by so many; the one that is asked for is a hair's breadth larger.
            found = power.seeds_needed(sd / np.sqrt(seeds), seeds - 1, seeds, effect * (1 + 1e-9))
            held += (found.low or np.inf) <= truth <= (found.high or np.inf)
        assert 0.72 <= held / 200 <= 0.9


def test_seeds_for_a_bound_and_for_equivalence():
    # R: power.t.test(delta=.05, sd=x, power=.8, type="one.sample", alternative="one.sided")$n
    # is 5.49 and 85.87 for x <- .06 * sqrt(2 / qchisq(c(.9, .1), 2))
    se = 0.06 / np.sqrt(3)
    assert power.seeds_needed(se, 2, 3, 0.05, "bound") == (6, 86)
    sure = 0.06 / np.sqrt(3000), 2999, 3000, 0.05
    low, n = power.seeds_needed(*sure, "equivalence")
    assert 11 <= low <= n <= low + 1
    rng = np.random.default_rng(0)
    x = rng.normal(0, 0.06, size=(20_000, n))
    t = (np.abs(x.mean(1)) - 0.05) / (x.std(1, ddof=1) / np.sqrt(n))
    # The share of 20,000 simulated data sets that pass; the formula is an approximation.
    assert 0.79 < (t < stdtrit(n - 1, 0.05)).mean() < 0.86


def test_what_cannot_be_planned_is_none():
    assert power.seeds_needed(np.nan, 2, 3, 0.05) is None
    assert power.seeds_needed(0.0, 2, 3, 0.05) is None
    assert power.anova_seeds_needed(0.0, 4, 1, 0.1, 8) is None
    assert power.anova_seeds_needed(np.nan, 4, 1, 0.1, 8) is None


def test_more_than_a_hundred_seeds_are_not_counted():
    assert power.seeds_needed(1.0, 2, 3, 1e-6) == (None, None)
    assert power.anova_seeds_needed(1.0, 4, 1, 1e-6, 8) == (None, None)
    assert power.seeds_needed(0.001, 2, 3, 0.5) == (2, 2)
    seen = {power.seeds_needed(0.06, 200, 3, m / 1000).high or 0 for m in range(20, 80)}
    assert max(seen) <= power.MOST_SEEDS == 100 and max(seen) > 90


def test_power_of_the_f_test():
    # R: power.anova.test(groups=4, n=5, between.var=.1^2/2/3, within.var=.08^2)$power
    assert power.anova_power(0.1, 0.08, 4, 5) == pytest.approx(0.2815935498, rel=1e-6)
    # R: power.anova.test(groups=4, between.var=.1^2/2/3, within.var=.08^2, power=.8)$n is 14.97
    # (with so many degrees of freedom the SD is known, and the range is one number)
    assert power.anova_seeds_needed(0.08, 4, 1, 0.1, 1e9) == (15, 15)
    assert power.anova_seeds_needed(0.08, 4, 2, 0.1, 1e9) == (8, 8)
    # R: the same for within.var=(.08 * sqrt(8 / qchisq(c(.9, .1), 8)))^2: 9.39 and 32.99
    assert power.anova_seeds_needed(0.08, 4, 1, 0.1, 8) == (10, 33)


def test_what_the_f_test_could_have_seen():
    # R: f <- function(d) power.anova.test(groups=11, n=3, between.var=d^2/2/10, within.var=1)$power
    # uniroot(function(d) f(d) - .8, c(.1, 20), tol=1e-12)$root
    found = power.anova_minimum_detectable_effect(1.0, 11, 3)
    assert found == pytest.approx(3.968073456, rel=1e-6)
    assert np.isnan(power.anova_minimum_detectable_effect(np.nan, 11, 3))


def test_power_where_spreads_may_differ():
    # by hand for 4 levels of 3 runs: E(Σv)² = 16 + 4 = 20, EΣv² = 4 · 2 = 8, so that the degrees of
    # freedom are 20 · 9/16 / (8/2 + 20/16) = 2.142857 and 20 · 2 / 8 = 5
    # R: pf(qf(.95, 2.142857142857, 5), 3, 8, ncp=3 * 2.5^2 / 2, lower=FALSE)
    assert power.anova_power(2.5, 1.0, 4, 3, unequal=True) == pytest.approx(
        0.330642908909, rel=1e-6
    )
    classic = power.anova_minimum_detectable_effect(1.0, 4, 3)
    assert power.anova_minimum_detectable_effect(1.0, 4, 3, unequal=True) > 1.1 * classic
    assert power.anova_seeds_needed(1.0, 4, 1, 1.5, 1e9, unequal=True) == (12, 12)


def test_a_smaller_spread_or_a_larger_margin_never_takes_more_seeds():
    """The library has no value of the noncentral t at shifts of about 40."""
    for alpha in (0.05, 0.0167, 0.0125):
        for df, seeds in ((2, 3), (4, 5), (9, 10)):
            for aim in ("difference", "equivalence", "bound"):
                before = (1, 1)
                for se in np.geomspace(1e-4, 0.05, 60):
                    low, high = power.seeds_needed(se, df, seeds, 0.05, aim, alpha)
                    now = (low or MOST_SEEDS + 1, high or MOST_SEEDS + 1)
                    assert before[0] <= now[0] <= now[1] and before[1] <= now[1]
                    before = now
