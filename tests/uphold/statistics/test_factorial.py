import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from statsmodels.stats.anova import anova_lm

from uphold.errors import InputError
from uphold.statistics import Scores, anova, anova_oneway


def test_balanced_and_blocked(scores):
    # R (data in conftest.py): summary(aov(y ~ factor(s) + a * m))
    found = {t.term: t for t in anova(scores, "f1")}
    assert list(found) == [("amount",), ("mode",), ("amount", "mode")]
    assert [t.F for t in found.values()] == pytest.approx([16.72577, 0.39588, 3.56289], rel=1e-5)
    assert [t.p for t in found.values()] == pytest.approx(
        [0.0064313, 0.5524134, 0.1080168], rel=1e-4
    )
    assert all(t.blocked and t.df == 1 and t.df_resid == 6 for t in found.values())


def test_unbalanced_is_type_two(table):
    # R: yy, aa, mm without rows 2 and 5; RSS full <- .007116666667 on 6 df; for each main effect
    # anova(lm(yy ~ other), lm(yy ~ aa + mm)): SS .02025 and .0028016667; interaction .0050416667
    scores = Scores(table.drop(index=[1, 4]), ("amount", "mode"), "seed")
    mse = 0.007116666667 / 6
    expected = [0.02025 / mse, 0.0028016667 / mse, 0.0050416667 / mse]
    assert [t.F for t in anova(scores, "f1")] == pytest.approx(expected, rel=1e-6)


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
    assert all(t.df == 1 and t.df_resid == 4 for t in found)


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


def test_residuals_that_are_not_normal_bring_a_permutation_p():
    rng = np.random.default_rng(1)
    rows = [(a, b, s) for a in "lh" for b in "xy" for s in range(8)]
    table = pd.DataFrame(rows, columns=["a", "b", "seed"])
    table["f1"] = rng.exponential(size=len(table)) ** 4 + 3000.0 * (table.a == "h")
    found = {t.term: t for t in anova(Scores(table, ("a", "b"), "seed"), "f1", draws=1000)}
    assert found["a",].shapiro_p < 0.01
    assert found["a",].p_permutation == pytest.approx(1 / 1001) and found["b",].p_permutation > 0.05


def test_too_many_columns_are_refused():
    table = pd.DataFrame({"a": range(2000), "seed": 1, "f1": 0.5})
    with pytest.raises(InputError, match="fewer factors"):
        anova(Scores(table, ("a",), "seed"), "f1")


def test_without_scores_there_is_no_term_to_test(table):
    scores = Scores(table.assign(f1=np.nan), ("amount", "mode"), "seed")
    assert anova(scores, "f1") == []
    assert anova(scores, "f1", factors=()) == []
