import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from scipy.stats import ttest_rel
from statsmodels.stats.anova import anova_lm

from uphold.errors import InputError
from uphold.statistics.contrasts import contrast
from uphold.statistics.factorial import anova
from uphold.statistics.interactions import Step, interaction
from uphold.statistics.oneway import anova_oneway
from uphold.statistics.scores import Scores


def test_each_term_is_held_against_its_own_stratum(scores):
    # R (data in conftest.py): S <- factor(s); summary(aov(y ~ a * m + Error(S / (a * m))))
    found = {t.term: t for t in anova(scores, "f1")}
    assert list(found) == [("amount",), ("mode",), ("amount", "mode")]
    expected = [62.883720930, 0.265560166, 2.86567164]
    assert [t.F for t in found.values()] == pytest.approx(expected, rel=1e-8)
    assert [t.p for t in found.values()] == pytest.approx([0.015533, 0.65763, 0.23256], rel=1e-4)
    assert all(t.blocked and t.df == 1 and t.df_resid == 2 for t in found.values())


def test_a_term_of_one_degree_of_freedom_has_the_p_of_the_claim(scores):
    """One question has one p on a page."""
    amount, mode, both = anova(scores, "f1")
    assert amount.p == pytest.approx(contrast(scores, "f1", "amount", "low", "high").p)
    assert mode.p == pytest.approx(contrast(scores, "f1", "mode", "x", "y").p)
    of, by = Step("amount", "low", "high"), Step("mode", "x", "y")
    assert both.p == pytest.approx(interaction(scores, "f1", of, by).p)


def test_units_with_gaps_are_left_out_where_most_have_none(table):
    # R (data in conftest.py): d <- data.frame(y, a, m, S)[s != 2, ]
    # summary(aov(y ~ a * m + Error(S / (a * m)), d))
    scores = Scores(table.drop(index=[1, 4]), ("amount", "mode"), "seed")
    found = anova(scores, "f1")
    assert [t.F for t in found] == pytest.approx([1521, 0.5377777778, 25], rel=1e-8)
    assert [t.df_resid for t in found] == [1, 1, 1]


def test_where_few_units_have_every_cell_the_noise_is_what_the_full_model_leaves(table):
    # R: y, a, m, s of conftest.py without rows 2 and 4 (seeds 2 and 1)
    # full <- lm(y ~ factor(s) + a * m, d)
    # for a: anova(lm(y ~ factor(s) + m, d), lm(y ~ factor(s) + a + m, d)), over the full model's
    scores = Scores(table.drop(index=[1, 3]), ("amount", "mode"), "seed")
    d = table.drop(index=[1, 3])
    full = smf.ols("f1 ~ C(seed) + C(amount) * C(mode)", d).fit()
    both = smf.ols("f1 ~ C(seed) + C(amount) + C(mode)", d).fit()
    without = [smf.ols(f"f1 ~ C(seed) + C({name})", d).fit() for name in ("mode", "amount")]
    squares = [without[0].ssr - both.ssr, without[1].ssr - both.ssr, both.ssr - full.ssr]
    expected = [ss / full.mse_resid for ss in squares]
    assert [t.F for t in anova(scores, "f1")] == pytest.approx(expected, rel=1e-8)


def test_as_statsmodels_on_an_unbalanced_three_way_design():
    rng = np.random.default_rng(0)
    table = pd.DataFrame(rng.integers(0, [2, 3, 2], size=(60, 3)), columns=list("abc"))
    table["seed"], table["f1"] = range(60), rng.normal(size=60) + table.a * 0.5
    expected = anova_lm(smf.ols("f1 ~ C(a) * C(b) * C(c)", table).fit(), typ=2)
    found = anova(Scores(table, tuple("abc"), "seed"), "f1")
    assert [t.df for t in found] == expected["df"][:-1].astype(int).tolist()
    by_name = {
        frozenset(n.replace("C(", "").replace(")", "").split(":")): f
        for n, f in expected["F"].items()
    }
    ours = {frozenset(term.term): term.F for term in found}
    del by_name[frozenset({"Residual"})]
    assert ours == pytest.approx(by_name, rel=1e-8)


def test_order_limits_interactions(scores):
    assert [t.term for t in anova(scores, "f1", order=1)] == [("amount",), ("mode",)]


def test_missing_cells_get_the_degrees_of_freedom_they_have(table):
    # Without (high, y) there is no interaction to estimate.
    scores = Scores(table.iloc[:9], ("amount", "mode"), "seed")
    found = anova(scores, "f1")
    assert [t.term for t in found] == [("amount",), ("mode",)]
    # R, each adjusted for the other: t.test(c(.05, .07, .02))$statistic^2, of high less low in
    # mode x, and t.test(c(.06, .01, .01))$statistic^2, of the modes at low
    assert [t.F for t in found] == pytest.approx([10.3157894737, 2.56], rel=1e-9)
    assert all(t.df == 1 and t.df_resid == 2 for t in found)


def test_a_factor_without_effect_at_one_level_of_another():
    # mode exists only at ratio .5: its effect has one degree of freedom and no interaction
    table = pd.DataFrame(
        {
            "ratio": [0, 0, 0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
            "mode": [None] * 3 + ["x"] * 3 + ["y"] * 3,
            "seed": [1, 2, 3] * 3,
            "f1": [0.5, 0.6, 0.4, 0.52, 0.66, 0.44, 0.6, 0.64, 0.49],
        }
    )
    found = {t.term: t for t in anova(Scores(table, ("ratio", "mode"), "seed"), "f1")}
    assert found["mode",].df == 1 and ("ratio", "mode") not in found


def test_one_factor_is_the_one_way_test(scores):
    one, other = anova(scores, "f1", ("amount",))[0], anova_oneway(scores, "f1", "amount")
    assert (one.F, one.p, one.df_resid) == pytest.approx((other.F, other.p, other.df_resid))


def test_what_a_seed_does_to_all_runs_of_one_setting_is_noise_for_that_setting():
    """One effect a seed and amount, the same in 16 contexts, is no more than one value a seed."""
    rng = np.random.default_rng(2)
    rows = [(a, b, s) for a in "lh" for b in range(16) for s in range(4)]
    table = pd.DataFrame(rows, columns=["a", "b", "seed"])
    own = rng.normal(size=(2, 4))
    table["f1"] = own[(table.a == "h").astype(int), table.seed] + rng.normal(0, 1e-3, len(table))
    scores = Scores(table, ("a", "b"), "seed")
    found = anova(scores, "f1", order=1)[0]
    # R, close to: t.test(own[2, ], own[1, ], paired=TRUE)$p.value
    assert found.p == pytest.approx(ttest_rel(own[1], own[0]).pvalue, rel=0.02)


def test_too_many_columns_are_refused():
    table = pd.DataFrame({"a": range(2000), "seed": 1, "f1": 0.5})
    with pytest.raises(InputError, match="fewer factors"):
        anova(Scores(table, ("a",), "seed"), "f1")


def test_without_scores_there_is_no_term_to_test(table):
    scores = Scores(table.assign(f1=np.nan), ("amount", "mode"), "seed")
    assert anova(scores, "f1") == []
    assert anova(scores, "f1", factors=()) == []
