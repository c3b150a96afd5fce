"""Leaving runs out of a matching must be the same as never having had them."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ttest_rel

from uphold.statistics.contrasts import DIFFERENCE, match_levels
from uphold.statistics.scores import Scores


@pytest.fixture
def repeated(table) -> Scores:
    more = pd.concat([table, table.iloc[:2].assign(f1=[0.7, 0.5])], ignore_index=True)
    return Scores(more, ("amount", "mode"), "seed")


@pytest.mark.parametrize("left_out", range(14))
def test_leaving_one_run_out_is_never_having_had_it(repeated, left_out):
    keep = np.arange(14) != left_out
    whole = match_levels(repeated, "f1", "amount", "low", "high").estimate(DIFFERENCE, keep)
    without = match_levels(repeated.only(keep), "f1", "amount", "low", "high").estimate(DIFFERENCE)
    assert (whole.value, whole.se, whole.p) == pytest.approx((without.value, without.se, without.p))
    assert (whole.n, whole.runs, whole.method) == (without.n, without.runs, without.method)


def test_leaving_all_but_one_pair_out_falls_back_on_welch(repeated):
    m = match_levels(repeated, "f1", "amount", "low", "high")
    keep = np.zeros(14, dtype=bool)
    keep[[0, 3, 4]] = True  # low seed 1; high seeds 1 and 2
    assert m.estimate(DIFFERENCE, keep).method == "none"
    keep[12] = keep[1] = True
    assert m.estimate(DIFFERENCE, keep).method == "paired t"


def test_a_column_with_an_odd_name_is_just_a_column(table):
    odd = table.rename(columns={"amount": "arm", "mode": "group"})
    m = match_levels(Scores(odd, ("arm", "group"), "seed"), "f1", "arm", "low", "high")
    assert np.unique(m.context).tolist() == [0, 1] and m.estimate(DIFFERENCE).n == 3


def test_an_averaged_side_counts_each_cell_once():
    # At ratio .5 mode x was run twice and y once: the mean is over modes, (.6 + .9) / 2.
    table = pd.DataFrame(
        {
            "ratio": [0, 0.5, 0.5, 0.5],
            "mode": [None, "x", "x", "y"],
            "seed": 1,
            "f1": [0.5, 0.5, 0.7, 0.9],
        }
    )
    m = match_levels(Scores(table, ("ratio", "mode"), "seed"), "f1", "ratio", 0, 0.5)
    assert m.means().value.tolist() == pytest.approx([0.5, 0.75])
    without = m.means(np.array([True, True, True, False]))
    assert without.value.tolist() == pytest.approx([0.5, 0.6])


def test_inner_replicates_are_averaged_within_their_unit():
    """Three data sets with seeds each: the paired t over data sets, however many seeds."""
    rng = np.random.default_rng(0)
    rows = [(a, d, s) for a in "lh" for d in "pqr" for s in range(4)]
    table = pd.DataFrame(rows, columns=["a", "dataset", "seed"])
    table["f1"] = rng.normal(0.5, 0.02, len(table)) + 0.1 * (table.dataset == "q")
    scores = Scores(table, ("a",), "dataset", within=("seed",))
    e = match_levels(scores, "f1", "a", "l", "h").estimate(DIFFERENCE)
    by = table.pivot_table("f1", "dataset", "a")
    assert (e.n, e.runs, e.df) == (3, 24, 2)
    assert e.p == pytest.approx(ttest_rel(by["h"], by["l"]).pvalue)


def test_a_failed_inner_replicate_takes_its_partner_with_it():
    """Else an easy seed that failed on one side would pass for an effect of the other."""
    rows = [(a, d, s, 0.5 + 0.1 * s) for a in "lh" for d in "pqr" for s in range(3)]
    table = pd.DataFrame(rows, columns=["a", "dataset", "seed", "f1"])
    scores = Scores(table.drop(index=0), ("a",), "dataset", within=("seed",))
    m = match_levels(scores, "f1", "a", "l", "h")
    assert m.estimate(DIFFERENCE).value == pytest.approx(0)
    assert scores.run_names(m.unmatched(DIFFERENCE)) == ["a=h, dataset=p, seed=0"]


def test_units_are_numbered_over_the_log_and_contexts_within_the_matching(repeated):
    m = match_levels(repeated, "f1", "amount", "low", "high", {"mode": "x"})
    groups = m.groups()
    assert np.unique(groups).size == 3 and np.bincount(groups).tolist() == [3, 3, 2]
