import numpy as np
import pandas as pd
import pytest
from scipy.stats import f
from statsmodels.stats.oneway import anova_oneway as statsmodels_oneway

from uphold.statistics.block_anova import BlockAnova
from uphold.statistics.contrasts import contrast
from uphold.statistics.level_means import prepare_levels
from uphold.statistics.oneway import anova_oneway, one_way
from uphold.statistics.permutation import permuted_within
from uphold.statistics.scores import Scores


def cells(values: dict) -> Scores:
    rows = [(a, s, y) for a, ys in values.items() for s, y in enumerate(ys)]
    return Scores(pd.DataFrame(rows, columns=["a", "seed", "f1"]), ("a",), "seed")


def apart(values: dict) -> Scores:
    """Every run with a seed of its own."""
    together = cells(values)
    return Scores(together.table.assign(seed=range(len(together.table))), ("a",), "seed")


def test_blocked_by_seed_where_every_seed_is_in_every_cell(scores):
    # R (data in conftest.py): anova(lm(y ~ factor(s) + interaction(a, m)))
    a = anova_oneway(scores, "f1")
    assert a.blocked and (a.df, a.df_resid, a.n, a.levels) == (3, 6, 12, 4)
    assert (a.F, a.p) == pytest.approx((6.894845361, 0.02266586202), rel=1e-8)
    ss, rss = 0.02786666667, 0.008083333333
    assert a.eta_sq_partial == pytest.approx(ss / (ss + rss), rel=1e-8)
    mse = rss / 6
    assert a.omega_sq_partial == pytest.approx((ss - 3 * mse) / (ss + 9 * mse), rel=1e-8)
    assert a.mean_square_error == pytest.approx(mse, rel=1e-8)


def test_gaps_leave_the_blocks(table):
    # R: y, a, m, s of conftest.py without rows 2 and 5; c <- interaction(a, m)
    # fit <- lm(y ~ factor(s) + c); anova(fit); shapiro.test(resid(fit)); kruskal.test(y, c)
    scores = Scores(table.drop(index=[1, 4]), ("amount", "mode"), "seed")
    a = anova_oneway(scores, "f1")
    assert a.blocked and (a.df, a.df_resid) == (3, 4)
    assert (a.F, a.p) == pytest.approx((5.52307, 0.066128), rel=1e-5)
    assert a.kruskal_p == pytest.approx(0.08788702, rel=1e-6)
    assert a.shapiro_p == pytest.approx(0.422810862, rel=1e-8)
    assert np.isnan(a.p_permutation) and a.verdict_p == a.p_unequal


def test_a_block_design_that_lost_a_run(scores):
    # R: ys <- y[-2]; anova(lm(ys ~ Ss + As))
    runs = prepare_levels(scores, "f1", "configuration")
    a = one_way(runs.means(np.arange(12) != 1), ("configuration",))
    assert (a.df, a.df_resid) == (3, 5)
    assert (a.F, a.p) == pytest.approx((5.54896, 0.047712), rel=1e-5)


def test_one_failed_run_of_thirty_keeps_the_blocks():
    """Ten configurations × three seeds far apart: p is 7e-7 with all runs, .99 without blocks."""
    rng = np.random.default_rng(0)
    y = np.linspace(0, 0.09, 10)[:, None] + rng.normal(0, 0.01, (10, 3)) + [0.0, 0.5, -0.7]
    scores = cells({f"c{i}": own for i, own in enumerate(y)})
    gap = Scores(scores.table.drop(index=14), ("a",), "seed")
    whole, without = anova_oneway(scores, "f1"), anova_oneway(gap, "f1")
    assert whole.blocked and without.blocked
    assert whole.p < 1e-5 and whole.p / 10 < without.p < whole.p * 10
    own_seeds = Scores(gap.table.assign(seed=range(29)), ("a",), "seed")
    assert anova_oneway(own_seeds, "f1").p > 0.9


@pytest.mark.parametrize(("levels", "blocks"), [(7, 3), (3, 7)])
def test_few_blocks_and_few_levels_give_what_the_hat_matrices_give(levels, blocks):
    # A projects on what levels explain beside blocks. E[y'Ay] under each level's own variance is
    # tr(AV), and Box's degrees of freedom of y'Ay are tr(AV)² / tr(AVAV).
    rng = np.random.default_rng(1)
    level = np.concatenate([np.arange(levels), rng.integers(levels, size=14)])
    block = np.concatenate([np.arange(blocks), rng.integers(blocks, size=level.size - blocks)])
    y, rss = rng.normal(size=level.size), rng.chisquare(3, size=levels)
    x, z = np.eye(levels)[level], np.eye(blocks)[block]
    hat_z = z @ np.linalg.pinv(z)
    a = np.column_stack([x, z]) @ np.linalg.pinv(np.column_stack([x, z])) - hat_z
    fit = BlockAnova(level, block, levels, blocks)
    q = fit.adjusted(x.T @ y, z.T @ y)
    assert q @ fit.effects(q) == pytest.approx(y @ a @ y, rel=1e-9)
    per_level = x.T @ np.diag(a)
    count = x.T @ z
    df = x.sum(0) - (count / count.sum(0)).sum(1) - per_level
    shown = df > 1e-9
    df = np.where(shown, df, df.sum())
    variance = np.where(shown, rss, rss.sum()) / df
    v = np.diag(variance[level])
    part = per_level * variance
    df1 = part.sum() ** 2 / np.trace(a @ v @ a @ v)
    df2 = part.sum() ** 2 / (part**2 / df).sum()
    expected = f.sf(2.0 / part.sum(), df1, df2)
    assert fit.unequal_p(2.0, rss) == pytest.approx(expected, rel=1e-9)


def test_one_factor_of_several_is_over_one_mean_a_unit(scores):
    # R (data in conftest.py): u <- tapply(y, list(s, a), mean)
    # t.test(u[, 1], u[, 2], paired=TRUE)$statistic^2
    a = anova_oneway(scores, "f1", "amount")
    assert (a.df, a.df_resid, a.levels) == (1, 2, 2)
    assert (a.blocked, a.F) == (True, pytest.approx(62.8837209302, rel=1e-10))
    assert a.verdict_p == pytest.approx(contrast(scores, "f1", "amount", "low", "high").p)


def test_repeats_are_averaged_and_a_run_logged_twice_is_one(table, scores):
    twice = Scores(pd.concat([table, table]), scores.factors, "seed")
    assert anova_oneway(twice, "f1") == anova_oneway(scores, "f1")
    repeated = Scores(pd.concat([table, table.assign(f1=table.f1 + 0.01)]), scores.factors, "seed")
    again = anova_oneway(repeated, "f1")
    assert (again.n, again.F) == (12, pytest.approx(anova_oneway(scores, "f1").F))


def test_runs_in_which_the_factor_has_no_effect_take_no_part(table):
    table.loc[table["mode"] == "x", "amount"] = None
    a = anova_oneway(Scores(table, ("amount", "mode"), "seed"), "f1", "amount")
    assert a.n == 6 and a.levels == 2


def test_residuals_that_are_not_normal_bring_a_permutation_p():
    rng = np.random.default_rng(0)
    scores = cells({a: rng.exponential(size=12) ** 3 for a in "abc"})
    a = anova_oneway(scores, "f1")
    assert a.shapiro_p < 0.01 and a.blocked
    assert 0 < a.p_permutation <= 1 and a.verdict_p == max(a.p_permutation, a.p_unequal)
    assert a == anova_oneway(scores, "f1")


def test_the_permutation_p_is_the_exact_share_of_arrangements():
    # Two levels × two seeds, blocked: 2 × 2 arrangements, of which two (this and its mirror
    # image) have the largest F: p = 1/2. Without blocks, of 6 splits 2 are as large: p = 1/3.
    y = np.array([0.0, 1.0, 0.1, 1.3])
    means = prepare_levels(cells({"a": [0.0, 0.1], "b": [1.0, 1.3]}), "f1", "a").means()
    values = np.concatenate(list(permuted_within(means.value, means.unit, 4000)))
    gap = np.abs(values[:, :2].sum(1) - values[:, 2:].sum(1))
    assert (gap >= 2.2 - 1e-9).mean() == pytest.approx(0.5, abs=0.03)
    values = np.concatenate(list(permuted_within(np.sort(y), np.zeros(4, int), 4000)))
    gap = np.abs(values[:, :2].sum(1) - values[:, 2:].sum(1))
    assert (gap >= 2.2 - 1e-9).mean() == pytest.approx(1 / 3, abs=0.03)


def test_the_permutation_p_agrees_with_the_classic_one_where_that_is_right(monkeypatch):
    rng = np.random.default_rng(4)
    shifts = {"a": 0.0, "b": 0.5, "c": 1.0}
    scores = cells({a: rng.normal(shift, 1, size=10) for a, shift in shifts.items()})
    monkeypatch.setattr("uphold.statistics.oneway.NORMALITY_LEVEL", 2.0)
    a = anova_oneway(scores, "f1")
    assert a.p_permutation == pytest.approx(a.p, abs=0.02) and 0.01 < a.p < 0.9


@pytest.mark.parametrize(
    "values",
    [
        {"a": [0.5], "b": [0.6]},  # no degrees of freedom left
        {"a": [0.5, 0.6]},  # one level
        {"a": [0.5, 0.5], "b": [0.5, 0.5]},  # nothing varies
        {"a": [0.5, 0.5], "b": [0.6, 0.6]},  # no noise
        {},
    ],
)
def test_what_cannot_be_tested_is_nan(values):
    a = anova_oneway(cells(values) if values else cells({"a": []}), "f1")
    assert np.isnan([a.F, a.p, a.eta_sq_partial, a.omega_sq_partial]).all()


def test_many_runs_need_no_normality_test():
    rng = np.random.default_rng(5)
    a = anova_oneway(cells({k: rng.exponential(size=2600) for k in "ab"}), "f1")
    assert np.isnan(a.shapiro_p) and np.isnan(a.p_permutation) and a.p >= 0


def test_unequal_spread_without_blocks_agrees_with_statsmodels(table):
    groups = {"a": [0.1, 0.4, -0.3, 0.9], "b": [0.5, 0.6, 0.55], "c": [2.0, 0.1, 1.2, 0.4, 1.9]}
    a = anova_oneway(apart(groups), "f1")
    # statsmodels' Brown-Forsythe with Mehrotra's degrees of freedom
    expected = statsmodels_oneway(list(groups.values()), use_var="bf")
    assert not a.blocked and a.p_unequal == pytest.approx(expected.pvalue, rel=1e-10)
    assert a.verdict_p == a.p_unequal != a.p and a.verdict_test == "F*"


def test_two_levels_are_welch_and_in_blocks_the_paired_t():
    x, y = [0.1, 0.4, -0.3, 0.9], [0.5, 0.6, 0.8, 1.55, 0.7]
    a = anova_oneway(apart({"a": x, "b": y}), "f1")
    # R: t.test(c(.1,.4,-.3,.9), c(.5,.6,.8,1.55,.7))$p.value
    assert a.p_unequal == pytest.approx(0.129166350307, rel=1e-8)
    b = anova_oneway(cells({"a": x, "b": y[:4]}), "f1")
    # R: t.test(c(.1,.4,-.3,.9), c(.5,.6,.8,1.55), paired=TRUE)$p.value
    assert b.blocked and b.p_unequal == pytest.approx(b.p)
    assert b.p == pytest.approx(0.0564209963788, rel=1e-8)


@pytest.mark.parametrize("keep", [slice(None), np.arange(12) != 4])
def test_unequal_spread_in_blocks_by_the_full_matrices(scores, keep):
    # The same moments from the n × n projections, which the code never forms.
    kept = np.zeros(12, dtype=bool)
    kept[keep] = True
    means = prepare_levels(scores, "f1", "configuration").means(kept)
    y, level, block = means.value, means.level, means.unit

    def projection(*codes):
        columns = np.column_stack([np.equal.outer(c, np.unique(c)) for c in codes]).astype(float)
        return columns @ np.linalg.pinv(columns)

    a = projection(level, block) - projection(block)
    b = np.eye(y.size) - projection(level, block)
    member = np.equal.outer(np.unique(level), level).astype(float)
    v = (member @ (b @ y) ** 2) / (member @ np.diag(b))
    av = a * (v @ member)
    part = v * (member @ np.diag(a))
    df = (
        np.trace(av) ** 2 / np.trace(av @ av),
        part.sum() ** 2 / (part**2 / (member @ np.diag(b))).sum(),
    )
    expected = f.sf(y @ a @ y / np.trace(av), *df)
    assert one_way(means, ("configuration",)).p_unequal == pytest.approx(expected, rel=1e-9)


def test_a_level_of_one_run_takes_the_spread_of_all():
    # by hand: SS 25.2, MSE 2; weights .6, .6, .8, so that F* = 25.2 / 4 = 6.3 = F, on
    # 16 / 8 = 2 and 16 / (1.44 + 1.44 + 2.56 / 2) degrees of freedom
    # R: pf(6.3, 2, 16 / 4.16, lower=FALSE)
    a = anova_oneway(apart({"a": [0.0, 2.0], "b": [1.0, 3.0], "c": [7.0]}), "f1")
    assert (a.df, a.df_resid, a.F) == (2, 2, pytest.approx(6.3))
    assert a.p_unequal == pytest.approx(0.0611597875583, rel=1e-9)
