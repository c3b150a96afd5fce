import numpy as np
import pandas as pd
import pytest

from uphold.errors import InputError
from uphold.statistics import Scores, contrast
from uphold.statistics.contrasts import hedges_g


def test_matched_pairs(scores):
    # R (data in conftest.py): t.test(y[a=="high"], y[a=="low"], paired=TRUE)
    c = contrast(scores, "f1", "amount", "low", "high")
    assert c.method == "paired t" and (c.n, c.runs, c.seeds, c.df) == (6, 12, 3, 5)
    assert c.value == pytest.approx(0.08666666667, rel=1e-9)
    assert c.p == pytest.approx(0.01613476, rel=1e-6)
    assert (c.ci_low, c.ci_high) == pytest.approx((0.02416868449, 0.14916464884), rel=1e-8)
    assert c.to_mean - c.from_mean == pytest.approx(c.value)
    # R: (mean(h) - mean(l)) / sqrt((var(l) + var(h)) / 2) * (1 - 3 / 39)
    assert c.hedges_g == pytest.approx(1.882135868, rel=1e-8)
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
    assert (c.n, c.runs, c.df) == (6, 13, 5)
    assert (c.value, c.p) == pytest.approx((d.value, d.p))


def test_runs_without_a_partner_are_named(table):
    # Without the row (high, x, seed 2) its partner (low, x, seed 2) is left over.
    scores = Scores(table.drop(index=4), ("amount", "mode"), "seed")
    c = contrast(scores, "f1", "amount", "low", "high")
    assert c.n == 5 and c.unmatched == ("amount=low, mode=x, seed=2",)


def test_failed_runs_take_no_part(table):
    table.loc[4, "f1"] = np.nan
    scores = Scores(table, ("amount", "mode"), "seed")
    c = contrast(scores, "f1", "amount", "low", "high")
    assert c.n == 5 and c.unmatched == ("amount=low, mode=x, seed=2",)


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
    assert c.n == 6 and c.runs == 12


def test_unknown_factor_is_named(scores):
    with pytest.raises(InputError, match=r"'amont'.*'amount'"):
        contrast(scores, "f1", "amont", "low", "high")


def test_hedges_g_needs_two_values_a_side_and_some_spread():
    assert np.isnan(hedges_g(np.array([0.5]), np.array([0.5, 0.6])))
    assert np.isnan(hedges_g(np.array([0.5, 0.5]), np.array([0.6, 0.6])))
