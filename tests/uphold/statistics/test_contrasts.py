import itertools

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from scipy.stats import ttest_rel

from uphold.errors import InputError
from uphold.statistics.clustered import plan
from uphold.statistics.contrasts import contrast, hedges_g, match_levels
from uphold.statistics.layout import laid_out
from uphold.statistics.scores import Scores


def test_pairs_of_unit_means(scores):
    # R (data in conftest.py): u <- tapply(y, list(s, a), mean); h <- u[, "high"]; l <- u[, "low"]
    # t.test(h, l, paired=TRUE)
    c = contrast(scores, "f1", "amount", "low", "high")
    assert c.method == "paired t" and (c.n, c.runs, c.seeds, c.df) == (3, 12, 3, 2)
    assert c.value == pytest.approx(0.08666666667, rel=1e-9)
    assert c.p == pytest.approx(0.0155328206384, rel=1e-10)
    assert (c.ci_low, c.ci_high) == pytest.approx((0.0396426987221, 0.1336906346113), rel=1e-10)
    assert c.to_mean - c.from_mean == pytest.approx(c.value)
    # R: (mean(h) - mean(l)) / sqrt((var(l) + var(h)) / 2) * (1 - 3 / 15)
    assert c.hedges_g == pytest.approx(2.67691612069, rel=1e-10)
    assert c.unmatched == ()


def test_order_of_rows_is_nothing(table, scores):
    shuffled = Scores(table.sample(frac=1, random_state=3), scores.factors, "seed")
    one, other = (contrast(s, "f1", "amount", "low", "high") for s in (scores, shuffled))
    assert one.value == pytest.approx(other.value) and one.p == pytest.approx(other.p)


def test_reversed_levels_reverse_the_sign(scores):
    one = contrast(scores, "f1", "amount", "low", "high")
    other = contrast(scores, "f1", "amount", "high", "low")
    assert other.value == pytest.approx(-one.value) and other.p == pytest.approx(one.p)
    assert other.hedges_g == pytest.approx(-one.hedges_g)


def test_where_narrows(scores):
    # R: t.test(c(.66,.71,.60) - c(.61,.64,.58))
    c = contrast(scores, "f1", "amount", "low", "high", {"mode": "x"})
    assert (
        c.n == 3
        and c.value == pytest.approx(0.14 / 3)
        and c.p == pytest.approx(0.08479136936, rel=1e-8)
    )


def test_repeats_are_averaged_before_they_are_matched(table, scores):
    # The low run of mode x, seed 1 (.61) is repeated as .65: its cell is .63.
    repeated = pd.concat([table, table.iloc[[0]].assign(f1=0.65)])
    once = table.assign(f1=[0.63, *table.f1[1:]])
    c = contrast(Scores(repeated, scores.factors, "seed"), "f1", "amount", "low", "high")
    d = contrast(Scores(once, scores.factors, "seed"), "f1", "amount", "low", "high")
    assert (c.n, c.runs, c.df) == (3, 13, 2)
    assert (c.value, c.p) == pytest.approx((d.value, d.p))


@pytest.mark.parametrize("failed", [False, True])
def test_a_gap_leaves_an_incomplete_block(table, failed):
    # R (data in conftest.py, as data frame d with the factor cell = interaction(a, m)):
    # library(clubSandwich); g <- d[-5, ]; fit <- lm(y ~ 0 + cell + factor(s), g)
    # linear_contrast(fit, vcovCR(fit, cluster=g$s, type="CR2"),
    #   matrix(c(-.5, .5, -.5, .5, 0, 0), 1), test="Satterthwaite")
    gap = table.assign(f1=table.f1.where(table.index != 4)) if failed else table.drop(index=4)
    c = contrast(Scores(gap, ("amount", "mode"), "seed"), "f1", "amount", "low", "high")
    assert (c.method, c.n, c.runs, c.unmatched) == ("incomplete blocks t", 3, 11, ())
    expected = (0.0780555555556, 0.0213594833371, 1.6896551724138)
    assert (c.value, c.se, c.df) == pytest.approx(expected, rel=1e-9)


def mixed() -> pd.DataFrame:
    """Two arms × two contexts × five units, which differ, and differ by arm."""
    rows = [(a, c, u) for a in (1, 2) for c in (1, 2) for u in range(1, 6)]
    table = pd.DataFrame(rows, columns=["a", "c", "u"])
    of_first = [61, 64, 58, 66, 60, 70, 74, 65, 75, 68]
    of_second = [66, 63, 60, 73, 59, 74, 75, 69, 80, 67]
    return table.assign(y=np.array([*of_first, *of_second]) / 100)


def test_without_gaps_it_is_the_mixed_model_of_lme4_and_kenward_and_roger():
    """R, to as many digits as the optimiser of lme4 finds:

    library(lme4); library(pbkrtest); for (x in c("u", "c", "a")) d[[x]] <- factor(d[[x]])
    m <- lmer(y ~ a + c + (1 | u / a), d, control=lmerControl(
      optCtrl=list(xtol_abs=1e-12, ftol_abs=1e-14)))
    V <- vcovAdj(m); L <- c(0, 1, 0); fixef(m)[2]; sqrt(V[2, 2]); Lb_ddf(L, vcov(m), V)
    """
    c = contrast(Scores(mixed(), ("a", "c"), "u"), "y", "a", 1, 2)
    assert (c.method, c.n, c.df) == ("paired t", 5, 4)
    assert (c.value, c.se) == pytest.approx((0.025, 0.013228759847964), rel=5e-7)


def test_data_sets_as_units_are_the_mixed_model_of_lme4_and_kenward_and_roger():
    """R, as above: lmer(y ~ a + (1 | d / a) + (1 | id), n), where id <- interaction(d, s)."""
    rows = [(a, d, s) for a in (1, 2) for d in range(4) for s in (1, 2)]
    table = pd.DataFrame(rows, columns=["a", "d", "s"])
    of_first = [71, 73, 52, 50, 88, 89, 64, 67]
    of_second = [75, 76, 53, 52, 88, 90, 69, 70]
    table["y"] = np.array([*of_first, *of_second]) / 100
    c = contrast(Scores(table, ("a",), "d", within=("s",)), "y", "a", 1, 2)
    assert (c.method, c.n, c.df) == ("paired t", 4, 3)
    assert (c.value, c.se) == pytest.approx((0.02375, 0.008260094288917), rel=5e-7)


@pytest.mark.parametrize(
    ("contexts", "ours", "of_lme4"),
    [
        # lmer(y ~ a + (1 | u), d[d$c == 1, ][-2, ]): the partner of the run that is gone counts.
        pytest.param(
            [1],
            (0.0325, 0.0175, 3),
            (0.031682641544639, 0.017344148761611, 3.1695746645621),
            id="one context",
        ),
        # lmer(y ~ a * c + (1 | u / a), d[-2, ]), contrasts "contr.sum", L <- c(0, -2, 0, 0).
        pytest.param(
            [1, 2],
            (0.0259166666667, 0.0140291471374, 3.812030075),
            (0.023810918938419, 0.014051617449778, 3.9937027358094),
            id="two contexts",
        ),
    ],
)
def test_with_a_gap_the_mixed_model_is_not_far(contexts, ours, of_lme4):
    """It takes units to be drawn and not fixed, which is worth little where they lie far apart.

    One run of 10 or 20 is gone: estimates are less than .16 standard errors apart, standard
    errors 1 %, degrees of freedom less than .2.
    """
    table = mixed().drop(index=1)
    c = contrast(Scores(table[table.c.isin(contexts)], ("a", "c"), "u"), "y", "a", 1, 2)
    assert (c.value, c.se, c.df) == pytest.approx(ours, rel=1e-9)
    value, se, df = of_lme4
    assert abs(c.value - value) < 0.16 * se and abs(c.df - df) < 0.2
    assert c.se == pytest.approx(se, rel=0.01)


def test_arms_without_a_common_context_are_those_of_emmeans():
    """A design with holes, adjusted for rate, size and seed.

    R: m <- lm(y ~ a + r + z + s, d); V <- vcovCR(m, cluster=d$s, type="CR2")  # all are factors
    library(emmeans); pairs(emmeans(m, "a", vcov.=V), reverse=TRUE)
    library(clubSandwich); linear_contrast(m, V, matrix(c(0, 1, 0, 0, 0, 0, 0), 1),
      test="Satterthwaite")$df
    """
    settings = [(0, 1, 1), (0, 2, 2), (1, 1, 2), (1, 2, 1)]
    rows = [(*setting, s) for setting in settings for s in range(1, 5)]
    table = pd.DataFrame(rows, columns=["a", "r", "z", "s"]).drop(index=[3, 8, 15])
    table["y"] = np.array([61, 64, 58, 55, 52, 59, 50, 70, 66, 73, 63, 66, 60]) / 100
    side = table[["r", "z"]].to_numpy() - 1
    arm, setting, unit = table.a.to_numpy(), side @ [2, 1], table.s.to_numpy() - 1
    layout, mean, _ = laid_out(arm, setting, unit, table.y.to_numpy(), 2, side)
    value, variance, df = plan(layout, (-1.0, 1.0)).estimate(mean)
    expected = (0.0890384615384615, 0.0196577763836178)
    assert (value, np.sqrt(variance)) == pytest.approx(expected, rel=1e-12)
    assert df == pytest.approx(2.61966961216254, rel=1e-9)


def test_runs_without_a_context_that_both_arms_have_are_named(table):
    # (high, y) was not run: mode y compares nothing.
    scores = Scores(table.drop(index=[9, 10, 11]), ("amount", "mode"), "seed")
    c = contrast(scores, "f1", "amount", "low", "high")
    assert (c.method, c.n, c.runs) == ("paired t", 3, 6)
    assert c.unmatched == tuple(f"amount=low, mode=y, seed={s}" for s in (1, 2, 3))


def test_one_failed_run_of_thirty_costs_little():
    """Seeds far apart hide the effect from whatever does not compare within them."""
    rng = np.random.default_rng(5)
    table = pd.DataFrame({"a": ["l"] * 15 + ["h"] * 15, "seed": [*range(15)] * 2})
    noise = rng.normal(0, 0.01, 30) + 0.1 * rng.normal(size=15)[table.seed]
    table["f1"] = 0.6 + noise + 0.02 * (table.a == "h")
    whole = contrast(Scores(table, ("a",), "seed"), "f1", "a", "l", "h")
    gap = contrast(Scores(table.drop(index=7), ("a",), "seed"), "f1", "a", "l", "h")
    assert whole.p < gap.p < 3 * whole.p < 1e-3 and (gap.n, gap.runs, gap.df) == (14, 28, 13)
    assert gap.unmatched == ("a=h, seed=7",)


def test_other_factors_that_are_confounded_are_named_and_nothing_is_compared():
    """Treated runs had one rate throughout, the others another: nobody knows which it was."""
    rows = [(m, r, s) for m, r in ((False, 0.1), (True, 0.01)) for s in range(6)]
    table = pd.DataFrame(rows, columns=["mixup", "rate", "seed"])
    table["f1"] = 0.5 + 0.1 * (table.rate < 0.1) + 0.01 * np.sin(table.index)
    scores = Scores(table, ("mixup", "rate"), "seed")
    matching = match_levels(scores, "f1", "mixup", False, True)
    assert matching.confounded == ("rate",) and not matching.nested
    c = contrast(scores, "f1", "mixup", False, True)
    assert c.method == "none" and np.isnan([c.value, c.p]).all()


def test_arms_with_levels_of_their_own_are_averaged_over_them_and_that_is_told():
    """Two depths of a network and three of a forest: part of what the two are."""
    rows = [(k, d, s) for k, d in zip("nnfff", (1, 2, 10, 20, 30), strict=True) for s in range(4)]
    table = pd.DataFrame(rows, columns=["kind", "depth", "seed"])
    table["f1"] = np.random.default_rng(0).normal(0.6, 0.02, len(table))
    scores = Scores(table, ("kind", "depth"), "seed")
    assert match_levels(scores, "f1", "kind", "n", "f").nested == ("depth",)
    c = contrast(scores, "f1", "kind", "n", "f")
    means = table.pivot_table("f1", "seed", "kind")
    expected = ttest_rel(means["f"], means["n"])
    assert (c.n, c.df, c.p) == (4, 3, pytest.approx(expected.pvalue))


def eighths(arm) -> pd.DataFrame:
    """Return runs with one arm at each combination of three factors, five seeds each."""
    rows = [
        (arm(*levels), *levels, s)
        for levels in itertools.product((0, 1), repeat=3)
        for s in range(5)
    ]
    return pd.DataFrame(rows, columns=["mixup", "rate", "size", "depth", "seed"])


def test_arms_that_share_levels_but_no_context_are_adjusted_side_by_side():
    """Rate, size and depth each do as much for either arm: least squares takes them out."""
    table = eighths(lambda rate, size, depth: rate ^ size ^ depth)
    noise = np.random.default_rng(3).normal(0, 1e-3, len(table))
    table["f1"] = 0.02 * table.mixup + 0.3 * table.rate + 0.1 * table["size"] + noise
    # One setting that failed leaves the factors out of balance.
    table = table[5:]
    fit = smf.ols("f1 ~ mixup + C(rate) + C(size) + C(depth) + C(seed)", table).fit()
    for rows in (table, table.sample(frac=1, random_state=1)):
        scores = Scores(rows, ("mixup", "rate", "size", "depth"), "seed")
        assert match_levels(scores, "f1", "mixup", 0, 1).adjusted == ("rate", "size", "depth")
        c = contrast(scores, "f1", "mixup", 0, 1)
        assert c.value == pytest.approx(fit.params["mixup"]) and c.p < 0.01
        assert (c.n, c.runs) == (5, 35)


def test_arms_that_go_with_two_factors_together_are_not_compared():
    """Only rate × size acts, which each arm has one half of."""
    table = eighths(lambda rate, size, depth: rate ^ size)
    table["f1"] = 0.3 * table.rate * table["size"] + 0.01 * np.sin(table.index)
    scores = Scores(table, ("mixup", "rate", "size", "depth"), "seed")
    matching = match_levels(scores, "f1", "mixup", 0, 1)
    assert matching.together == ("rate", "size")
    assert not (matching.confounded or matching.nested or matching.adjusted)
    c = contrast(scores, "f1", "mixup", 0, 1)
    assert c.method == "none" and np.isnan([c.value, c.p]).all()


def test_welch_where_nothing_matches():
    # R: t.test(c(.66,.71,.60), c(.61,.64,.58,.7))
    table = pd.DataFrame(
        {
            "a": ["l"] * 4 + ["h"] * 3,
            "seed": range(7),
            "f1": [0.61, 0.64, 0.58, 0.7, 0.66, 0.71, 0.6],
        }
    )
    c = contrast(Scores(table, ("a",), "seed"), "f1", "a", "l", "h")
    assert c.method == "Welch t" and (c.n, c.runs, c.seeds) == (7, 7, 3)
    assert c.df == pytest.approx(4.2461833, rel=1e-6)
    assert c.p == pytest.approx(0.5840419, rel=1e-6)
    assert (c.ci_low, c.ci_high) == pytest.approx((-0.08665904041, 0.13499237374), rel=1e-7)
    assert c.unmatched == ()


def test_a_level_without_runs_gives_no_test(scores):
    c = contrast(scores, "f1", "amount", "low", "middle")
    assert c.method == "none" and np.isnan([c.value, c.p, c.ci_low, c.hedges_g]).all()


def test_one_pair_gives_no_test(table):
    scores = Scores(table.iloc[[0, 3]], ("amount", "mode"), "seed")
    c = contrast(scores, "f1", "amount", "low", "high")
    assert c.method == "none" and np.isnan(c.p) and c.value == pytest.approx(0.05)


def test_ratio_zero_without_a_mode_is_one_partner_a_seed():
    # At ratio 0 there is one run a seed, at .5 one a mode: a pair a seed, of the modes' mean.
    table = pd.DataFrame(
        {
            "ratio": [0, 0, 0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
            "mode": [None] * 3 + ["repeat"] * 3 + ["linear"] * 3,
            "seed": [1, 2, 3] * 3,
            "f1": [0.5, 0.6, 0.4, 0.52, 0.66, 0.44, 0.6, 0.64, 0.46],
        }
    )
    scores = Scores(table, ("ratio", "mode"), "seed")
    c = contrast(scores, "f1", "ratio", 0, 0.5)
    # by hand: (.56, .65, .45) - (.5, .6, .4) = (.06, .05, .05)
    assert (c.n, c.df, c.runs) == (3, 2, 9) and c.value == pytest.approx(0.16 / 3)
    narrowed = contrast(scores, "f1", "ratio", 0, 0.5, {"mode": "linear"})
    assert narrowed.n == 3 and narrowed.value == pytest.approx(0.2 / 3)  # (.1, .04, .06)
    modes = contrast(scores, "f1", "mode", "repeat", "linear")
    assert modes.n == 3 and modes.runs == 6  # the runs without a mode compare nothing


def test_exact_partners_come_before_averaged_ones():
    # Two rates at ratio 0 (no mode) and at .5 (two modes): partners of equal mode throughout.
    rows = [
        (rate, ratio, mode, seed)
        for rate in ("slow", "fast")
        for ratio, mode in ((0, None), (0.5, "repeat"), (0.5, "linear"))
        for seed in (1, 2)
    ]
    table = pd.DataFrame(rows, columns=["rate", "ratio", "mode", "seed"])
    table["f1"] = np.linspace(0.4, 0.7, len(table)) ** 2
    c = contrast(Scores(table, ("rate", "ratio", "mode"), "seed"), "f1", "rate", "slow", "fast")
    assert c.n == 2 and c.runs == 12
    by = table.pivot_table("f1", "seed", "rate")
    assert c.value == pytest.approx((by["fast"] - by["slow"]).mean())


def test_unknown_factor_is_named(scores):
    with pytest.raises(InputError, match=r"'amont'.*'amount'"):
        contrast(scores, "f1", "amont", "low", "high")


def test_hedges_g_needs_two_values_a_side_and_some_spread():
    assert np.isnan(hedges_g(np.array([0.5]), np.array([0.5, 0.6])))
    assert np.isnan(hedges_g(np.array([0.5, 0.5]), np.array([0.6, 0.6])))
