import numpy as np
import pytest
from scipy.special import stdtrit

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
    # R: power.t.test(delta=.05, sd=.06, power=.8, type="paired", strict=TRUE)$n is 13.35;
    # here 6 pairs come from 3 seeds, so that 7 seeds bring 14 pairs.
    se = 0.06 / np.sqrt(6)
    assert power.seeds_needed(se, 5, 3, 0.05) == 7
    assert power.seeds_needed(0.06 / np.sqrt(3), 2, 3, 0.05) == 14


def test_seeds_for_a_bound_and_for_equivalence():
    # R: power.t.test(delta=.05, sd=.06, power=.8, type="one.sample", alternative="one.sided")$n
    # is 10.397
    se = 0.06 / np.sqrt(3)
    assert power.seeds_needed(se, 2, 3, 0.05, "bound") == 11
    n = power.seeds_needed(se, 2, 3, 0.05, "equivalence")
    assert n > 11
    rng = np.random.default_rng(0)
    x = rng.normal(0, 0.06, size=(20_000, n))
    t = (np.abs(x.mean(1)) - 0.05) / (x.std(1, ddof=1) / np.sqrt(n))
    # The share of 20,000 simulated data sets that pass; the formula is an approximation.
    assert 0.79 < (t < stdtrit(n - 1, 0.05)).mean() < 0.86


def test_what_cannot_be_planned_is_none():
    assert power.seeds_needed(np.nan, 2, 3, 0.05) is None
    assert power.seeds_needed(0.0, 2, 3, 0.05) is None
    assert power.seeds_needed(1.0, 2, 3, 1e-6) is None
    assert power.seeds_needed(0.001, 2, 3, 0.5) == 2


def test_power_of_the_f_test():
    # R: power.anova.test(groups=4, n=5, between.var=.1^2/2/3, within.var=.08^2)$power
    assert power.anova_power(0.1, 0.08, 4, 5) == pytest.approx(0.2815935498, rel=1e-6)
    # R: power.anova.test(groups=4, between.var=.1^2/2/3, within.var=.08^2, power=.8)$n is 14.97
    assert power.anova_seeds_needed(0.08, 4, 1, 0.1) == 15
    assert power.anova_seeds_needed(0.08, 4, 2, 0.1) == 8


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
    assert power.anova_seeds_needed(1.0, 4, 1, 1.5, unequal=True) == 12
