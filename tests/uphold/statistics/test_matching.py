"""Leaving runs out of a matching must be the same as never having had them."""

import numpy as np
import pandas as pd
import pytest

from uphold.statistics import Scores
from uphold.statistics.contrasts import DIFFERENCE, match_levels


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
    assert m.matches == 6


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
    assert m.matched()[0].tolist() == [[0.5, pytest.approx(0.75)]]
    assert m.matched(np.array([True, True, True, False]))[0].tolist() == [[0.5, pytest.approx(0.6)]]
