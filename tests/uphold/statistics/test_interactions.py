import numpy as np
import pandas as pd
import pytest

from uphold.statistics.contrasts import contrast
from uphold.statistics.interactions import Step, interaction
from uphold.statistics.scores import Scores

AMOUNT, MODE = Step("amount", "low", "high"), Step("mode", "x", "y")


def test_matched_differences_of_differences(scores):
    # R (data in conftest.py): d <- (y[high, y] - y[low, y]) - (y[high, x] - y[low, x]); t.test(d)
    e = interaction(scores, "f1", AMOUNT, MODE)
    assert (e.n, e.runs, e.df, e.method) == (3, 12, 2, "paired t")
    assert e.value == pytest.approx(0.08, rel=1e-9)
    assert e.p == pytest.approx(0.2325646, rel=1e-6)
    assert (e.ci_low, e.ci_high) == pytest.approx((-0.123335435, 0.283335435), rel=1e-8)


def test_it_is_symmetric_and_the_difference_of_two_contrasts(scores):
    one, other = interaction(scores, "f1", AMOUNT, MODE), interaction(scores, "f1", MODE, AMOUNT)
    assert one.value == pytest.approx(other.value) and one.p == pytest.approx(other.p)
    at = [contrast(scores, "f1", *AMOUNT, {"mode": m}).value for m in ("x", "y")]
    assert one.value == pytest.approx(at[1] - at[0])


def test_welch_over_four_arms_where_nothing_matches():
    # R: g <- list(c(.61,.64,.58), c(.55,.63), c(.66,.71,.60,.7), c(.70,.69,.74));
    # w <- c(1,-1,-1,1); v <- sapply(g, var) / lengths(g); se <- sqrt(sum(v));
    # df <- sum(v)^2 / sum(v^2 / (lengths(g) - 1)); 2 * pt(-abs(sum(w * sapply(g, mean)) / se), df)
    arms = {
        ("low", "x"): [0.61, 0.64, 0.58],
        ("low", "y"): [0.55, 0.63],
        ("high", "x"): [0.66, 0.71, 0.6, 0.7],
        ("high", "y"): [0.7, 0.69, 0.74],
    }
    rows = [(a, m, y) for (a, m), values in arms.items() for y in values]
    table = pd.DataFrame(rows, columns=["amount", "mode", "f1"]).assign(seed=range(12))
    e = interaction(Scores(table, ("amount", "mode"), "seed"), "f1", AMOUNT, MODE)
    assert e.method == "Welch t"
    assert e.value == pytest.approx(0.0625, abs=1e-9)
    assert (e.se, e.df) == pytest.approx((0.0525, 2.750946279), rel=1e-8)
    assert e.p == pytest.approx(0.3263858315, rel=1e-8)


def test_a_run_without_a_mode_stands_for_every_mode():
    table = pd.DataFrame(
        {
            "ratio": [0, 0, 0.5, 0.5, 0.5, 0.5],
            "mode": [None, None, "x", "x", "y", "y"],
            "seed": [1, 2] * 3,
            "f1": [0.5, 0.6, 0.55, 0.66, 0.6, 0.75],
        }
    )
    scores = Scores(table, ("ratio", "mode"), "seed")
    of_ratio = interaction(scores, "f1", Step("ratio", 0, 0.5), Step("mode", "x", "y"))
    of_mode = interaction(scores, "f1", Step("mode", "x", "y"), Step("ratio", 0, 0.5))
    # by hand: y - x at .5 is (.05, .09); at 0 it is nothing
    assert of_ratio.n == 2 and of_ratio.value == pytest.approx(0.07)
    assert of_mode.value == pytest.approx(0.07) and of_mode.p == pytest.approx(of_ratio.p)


def test_matches_that_are_nothing_by_construction_do_not_count():
    # Width 1 was run with both modes and both ratios; width 2 never had a mode: its difference of
    # differences is 0 whatever the runs say.
    rows = [(1, m, r, s) for m in ("x", "y") for r in (0, 1) for s in (1, 2, 3)]
    rows += [(2, None, r, s) for r in (0, 1) for s in (1, 2, 3)]
    table = pd.DataFrame(rows, columns=["width", "mode", "ratio", "seed"])
    table["f1"] = np.random.default_rng(0).normal(0.5, 0.1, len(table))
    scores = Scores(table, ("width", "mode", "ratio"), "seed")
    whole = interaction(scores, "f1", Step("mode", "x", "y"), Step("ratio", 0, 1))
    one = interaction(scores, "f1", Step("mode", "x", "y"), Step("ratio", 0, 1), {"width": 1})
    assert (whole.n, whole.value, whole.p) == (3, pytest.approx(one.value), pytest.approx(one.p))


def test_a_missing_arm_gives_no_test(table):
    scores = Scores(table.iloc[:9], ("amount", "mode"), "seed")
    e = interaction(scores, "f1", AMOUNT, MODE)
    assert e.method == "none" and np.isnan([e.value, e.p]).all()
