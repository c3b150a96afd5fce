import numpy as np
import pandas as pd
import pytest

from studies.statistics import Scores, anova_oneway
from studies.statistics.oneway import prepare_oneway
from studies.statistics.permutation import permuted_within


def cells(values: dict) -> Scores:
    rows = [(a, s, y) for a, ys in values.items() for s, y in enumerate(ys)]
    return Scores(pd.DataFrame(rows, columns=["a", "seed", "f1"]), ("a",), "seed")


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


def test_unbalanced_without_blocks(table):
    # R: yy <- y[-c(2, 5)]; c <- interaction(aa, mm); anova(lm(yy ~ c)); kruskal.test(yy, c)
    # shapiro.test(resid(lm(yy ~ c)))
    scores = Scores(table.drop(index=[1, 4]), ("amount", "mode"), "seed")
    a = anova_oneway(scores, "f1")
    assert not a.blocked and (a.df, a.df_resid) == (3, 6)
    assert (a.F, a.p) == pytest.approx((7.89508, 0.016633), rel=1e-4)
    assert a.kruskal_p == pytest.approx(0.08788702, rel=1e-6)
    assert a.shapiro_p == pytest.approx(0.2370358, rel=1e-5)
    assert np.isnan(a.p_permutation) and a.verdict_p == a.p


def test_a_block_design_that_lost_a_run(scores):
    # R: ys <- y[-2]; anova(lm(ys ~ Ss + As))
    design = prepare_oneway(scores, "f1", "configuration")
    keep = np.arange(12) != 1
    a = design.test(keep)
    assert (a.df, a.df_resid) == (3, 5)
    assert (a.F, a.p) == pytest.approx((5.54896, 0.047712), rel=1e-5)


def test_one_factor_of_several(scores):
    # R: anova(lm(y ~ factor(s) + a))
    a = anova_oneway(scores, "f1", "amount")
    assert (a.df, a.df_resid, a.levels) == (1, 8, 2)
    assert (a.blocked, a.F) == (True, pytest.approx(13.436024845, rel=1e-8))


def test_repeats_are_runs_but_a_run_logged_twice_is_one(table, scores):
    twice = Scores(pd.concat([table, table]), scores.factors, "seed")
    assert anova_oneway(twice, "f1") == anova_oneway(scores, "f1")
    repeated = Scores(pd.concat([table, table.assign(f1=table.f1 + 0.01)]), scores.factors, "seed")
    assert anova_oneway(repeated, "f1").n == 24


def test_runs_in_which_the_factor_has_no_effect_take_no_part(table):
    table.loc[table["mode"] == "x", "amount"] = None
    a = anova_oneway(Scores(table, ("amount", "mode"), "seed"), "f1", "amount")
    assert a.n == 6 and a.levels == 2


def test_residuals_that_are_not_normal_bring_a_permutation_p():
    rng = np.random.default_rng(0)
    scores = cells({a: rng.exponential(size=12) ** 3 for a in "abc"})
    a = anova_oneway(scores, "f1")
    assert a.shapiro_p < 0.01 and a.blocked
    assert 0 < a.p_permutation <= 1 and a.verdict_p == a.p_permutation
    assert a == anova_oneway(scores, "f1")


def test_the_permutation_p_is_the_exact_share_of_arrangements():
    # Two levels × two seeds, blocked: 2 × 2 arrangements, of which two (this and its mirror
    # image) have the largest F: p = 1/2. Without blocks, of 6 splits 2 are as large: p = 1/3.
    y = np.array([0.0, 1.0, 0.1, 1.3])
    design = prepare_oneway(cells({"a": [0.0, 0.1], "b": [1.0, 1.3]}), "f1", "a")
    values = np.concatenate(list(permuted_within(design.value, design.block, 4000)))
    gap = np.abs(values[:, :2].sum(1) - values[:, 2:].sum(1))
    assert (gap >= 2.2 - 1e-9).mean() == pytest.approx(0.5, abs=0.03)
    values = np.concatenate(list(permuted_within(np.sort(y), np.zeros(4, int), 4000)))
    gap = np.abs(values[:, :2].sum(1) - values[:, 2:].sum(1))
    assert (gap >= 2.2 - 1e-9).mean() == pytest.approx(1 / 3, abs=0.03)


def test_the_permutation_p_agrees_with_the_classic_one_where_that_is_right(monkeypatch):
    rng = np.random.default_rng(4)
    shifts = {"a": 0.0, "b": 0.5, "c": 1.0}
    scores = cells({a: rng.normal(shift, 1, size=10) for a, shift in shifts.items()})
    monkeypatch.setattr("studies.statistics.oneway.NORMALITY_LEVEL", 2.0)
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
