import numpy as np
import pytest
from scipy.special import stdtrit

from uphold.randomness import generator
from uphold.statistics.best import best, best_in_blocks, critical_value

HALF = (0.5,)


@pytest.mark.parametrize(
    ("df", "table"),
    [
        # Dunnett (1955), table 1a: one-sided, .05, for 1, 2, 3, 5 and 9 others.
        (5, [2.02, 2.44, 2.68, 2.98, 3.30]),
        (10, [1.81, 2.15, 2.34, 2.56, 2.81]),
        (20, [1.72, 2.03, 2.19, 2.39, 2.60]),
        (np.inf, [1.64, 1.92, 2.06, 2.23, 2.42]),
    ],
)
def test_dunnetts_table(df, table):
    found = [critical_value(HALF, (n,), df, 0.05) for n in (1, 2, 3, 5, 9)]
    assert found == pytest.approx(table, abs=0.0051)


def test_critical_values_of_many_digits():
    # R: mvtnorm::pmvt is .95 to 1e-5 at each.
    assert critical_value(HALF, (15,), 30) == pytest.approx(2.70178, abs=2e-5)
    # Five means of 3, 3, 5, 5 and 10 runs; the control is of 3, of 5 and of 10.
    runs = np.array([3, 5, 10])
    for own, count, value in (
        (3, (1, 2, 1), 2.25024),
        (5, (2, 1, 1), 2.31273),
        (10, (2, 2, 0), 2.36478),
    ):
        share = tuple(runs / (runs + own))
        assert critical_value(share, count, 20) == pytest.approx(value, abs=2e-5)


def test_a_published_example():
    # Minitab, one-way ANOVA, PaintHardness: 4 blends, 6 samples each, pooled SD 3.95012; the
    # intervals of blends 2 and 3 are (-14.5000, 0) and (-10.0833, 0), the others hold 0 inside.
    mean = np.array([88.4, 51.4, 77.9, 108.4]) / 6
    found = best(mean, 3.95012 * np.sqrt(2 / 6), 20)
    assert found.low[1:3] == pytest.approx([-14.5, -10.0833], abs=5e-4)
    assert found.high[1:3].tolist() == [0, 0]
    assert found.candidate.tolist() == [True, False, False, True]
    assert found.lead == pytest.approx([-10 / 3, -9.5, -61 / 12, 10 / 3])
    assert found.low[[0, 3]] == pytest.approx([-10 / 3 - 5, 10 / 3 - 5], abs=5e-4)
    assert found.high[[0, 3]] == pytest.approx([-10 / 3 + 5, 10 / 3 + 5], abs=5e-4)


def test_unequal_numbers_of_runs_as_r_has_them():
    """Hsu's intervals of four means of 3, 5, 4 and 6 runs.

    R: library(mvtnorm); g <- factor(rep(1:4, n)); s <- sigma(lm(y ~ g)); m <- tapply(y, g, mean)
    d <- sapply(1:4, function(i) {l <- n[-i] / (n[-i] + n[i]); R <- sqrt(outer(l, l)); diag(R) <- 1
      qmvt(.95, df=14, corr=R)$quantile}); se <- s * sqrt(outer(1/n, 1/n, "+"))
    up <- sapply(1:4, function(i) max(0, min(m[i] - m[-i] + d[i] * se[i, -i])))
    sapply(1:4, function(i) min(0, m[i] - m[J] - d[J] * se[i, J]))  # J: up > 0, less i
    By its random integration d is known to 4e-4; pmvt at ours is .95 to 1e-6.
    """
    n = np.array([3, 5, 4, 6])
    y = np.array([61, 64, 58, 70, 66, 73, 65, 68, 71, 69, 74, 66, 52, 55, 49, 50, 57, 53]) / 100
    group = np.repeat(range(4), n)
    mean = np.bincount(group, y) / n
    s = np.sqrt(((y - mean[group]) ** 2).sum() / 14)
    found = best(mean, s * np.sqrt(1 / n[:, None] + 1 / n), 14)
    assert s == pytest.approx(0.0314566973715, rel=1e-10)
    assert found.low == pytest.approx([-0.14392, -0.06336, -0.03181, -0.21890], abs=2e-5)
    assert found.high == pytest.approx([0, 0.03181, 0.06336, 0], abs=2e-5)
    assert found.candidate.tolist() == [False, True, True, False]


def test_one_that_leads_alone_is_no_worse_than_the_others():
    found = best(np.array([0.0, 9.0, 1.0]), 1.0, 20)
    reach = critical_value(HALF, (2,), 20)
    assert found.candidate.tolist() == [False, True, False]
    assert found.low == pytest.approx([-9 - reach, 0, -8 - reach])
    assert found.high == pytest.approx([0, 8 + reach, 0])


def test_unequal_numbers_of_runs_have_the_critical_value_of_the_one_compared_with():
    n = np.array([3, 5, 10])
    se = np.sqrt(1 / n[:, None] + 1 / n)
    mean = np.array([0.0, 0.4, 0.5])
    found = best(mean, se, 12)
    d = [
        critical_value(tuple(np.delete(n, i) / (np.delete(n, i) + n[i])), (1, 1), 12)
        for i in range(3)
    ]
    assert found.candidate.all() and len({round(x, 6) for x in d}) == 3
    assert found.high[0] == pytest.approx(min(-0.4 + d[0] * se[0, 1], -0.5 + d[0] * se[0, 2]))
    assert found.low[0] == pytest.approx(min(-0.4 - d[1] * se[0, 1], -0.5 - d[2] * se[0, 2]))


def test_other_standard_errors_take_bonferronis_t():
    mean = np.array([0.0, 0.1, 0.2, 0.25])
    se = np.array([[0, 1, 2, 4], [1, 0, 1, 1], [2, 1, 0, 1], [4, 1, 1, 0.0]])
    reach = stdtrit(9, 1 - 0.05 / 3)
    found = best(mean, se, 9)
    assert found.high[1] == pytest.approx(-0.15 + reach)
    # A number of degrees of freedom for each pair.
    df = np.full((4, 4), 9.0)
    df[1, 3] = df[3, 1] = 4
    found = best(mean, np.ones((4, 4)), df)
    assert found.low[1] == pytest.approx(-0.15 - stdtrit(4, 1 - 0.05 / 3))


def test_more_than_twelve_variances_take_bonferronis_t():
    for k, exact in ((12, True), (13, False)):
        variance = np.arange(1.0, k + 1)
        se = np.sqrt(variance[:, None] + variance)
        found = best(np.zeros(k), se, 20)
        reach = stdtrit(20, 1 - 0.05 / (k - 1)) * np.delete(se[0], 0).min()
        assert (found.high[0] < reach - 1e-3) == exact
        assert exact or found.high[0] == pytest.approx(reach)


def test_blocks_take_out_what_the_units_share():
    table = generator(0, "blocks").normal([0.0, 0.5, 1.0], size=(4, 3))
    # R: m <- aov(y ~ unit + configuration); sqrt(2 * deviance(m) / 6 / 4) with df = 6.
    left = table - table.mean(0) - table.mean(1, keepdims=True) + table.mean()
    se = np.sqrt(2 * (left**2).sum() / 6 / 4)
    expected = best(table.mean(0), se, 6)
    shifted = best_in_blocks(table + np.array([[0.0], [10.0], [-5.0], [70.0]]), alike=True)
    assert best_in_blocks(table, alike=True).low == pytest.approx(expected.low)
    assert shifted.low == pytest.approx(expected.low) and expected.low.min() < 0


def test_errors_of_their_own_are_those_of_paired_t_tests():
    table = generator(0, "own").normal([0.0, 0.1, 0.2], [1.0, 1.2, 1.5], (6, 3))
    found = best_in_blocks(table + 100 * np.arange(6)[:, None])
    differences = table[:, 0, None] - table[:, 1:]
    reach = stdtrit(5, 1 - 0.05 / 2) * differences.std(axis=0, ddof=1) / np.sqrt(6)
    assert found.candidate.all()
    assert found.high[0] == pytest.approx((differences.mean(axis=0) + reach).min())
    assert found.low[0] == pytest.approx((differences.mean(axis=0) - reach).min())


def test_lower_is_better_with_signs_turned():
    table = generator(0, "blocks").standard_normal((4, 3)) * 0.1 + [0.0, 0.5, 1.0]
    assert best_in_blocks(-table).candidate.tolist() == [True, False, False]


@pytest.mark.parametrize("alike", [True, False])
def test_differences_without_spread_leave_no_noise_to_judge_by(alike):
    # The last two agree but for rounding.
    table = np.array([[0.1, 0.3, 0.1 + 0.2], [0.2, 0.4, 0.4], [0.3, 0.5, 0.5]])
    found = best_in_blocks(table, alike=alike)
    assert found.candidate.all() and np.isnan([*found.low, *found.high]).all()
    found = best_in_blocks(table[:, 1:], alike=alike)
    assert found.candidate.all() and found.low.tolist() == found.high.tolist() == [0, 0]


@pytest.mark.parametrize("alike", [True, False])
def test_one_unit_tells_none_apart(alike):
    found = best_in_blocks(np.array([[0.1, 0.9, 0.4]]), alike=alike)
    assert found.candidate.all() and np.isnan([*found.low, *found.high]).all()
    assert found.lead == pytest.approx([-0.8, 0.5, -0.5])


def test_a_pair_without_a_standard_error_cannot_be_told_apart():
    se = np.ones((3, 3))
    se[0, 1] = se[1, 0] = np.nan
    found = best(np.array([0.0, 50.0, -50.0]), se, 20)
    assert found.candidate.tolist() == [True, True, False]
    assert np.isnan(found.low[:2]).all() and found.high[2] == 0


def test_one_configuration_and_none():
    assert best(np.array([0.5]), 1.0, 3).candidate.tolist() == [True]
    assert np.isnan(best(np.array([0.5]), 1.0, 3).low).all()
    assert best(np.array([]), 1.0, 3).candidate.size == 0


def test_two_configurations_take_the_plain_t():
    found = best(np.array([0.0, 1.0]), 1.0, 7)
    assert found.low == pytest.approx([-1 - stdtrit(7, 0.95), 1 - stdtrit(7, 0.95)])


def test_missing_values():
    with pytest.raises(ValueError, match="without a mean"):
        best(np.array([0.1, np.nan]), 1.0, 3)
    with pytest.raises(ValueError, match="complete"):
        best_in_blocks(np.array([[0.1, np.nan], [0.1, 0.2]]))


def test_the_best_is_left_out_as_rarely_as_said():
    # Of 8 configurations that are alike, each is the best. With the critical value of one
    # comparison, 23 % are left out; with Bonferroni's 4 %.
    tables = generator(0, "alike").standard_normal((4_000, 5, 8))
    tables += generator(0, "units").standard_normal((4_000, 5, 1)) * 3
    left_out = np.mean([~best_in_blocks(table, alike=True).candidate for table in tables])
    assert 0.046 < left_out < 0.054


def test_errors_of_their_own_bear_one_configuration_that_spreads_widely():
    # Pooled errors leave it out in 15 %.
    tables = generator(0, "wild").standard_normal((2_000, 5, 8))
    tables[:, :, 0] *= 8
    left_out = np.mean([not best_in_blocks(t).candidate[0] for t in tables])
    assert left_out < 0.06
