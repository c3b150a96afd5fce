import numpy as np
import pandas as pd
import pytest

from uphold.statistics import Scores
from uphold.statistics.simultaneous import prepare_cells


def test_intervals_hold_for_all_configurations_at_once():
    # R, for each of x <- c(.4,.42,.41), c(.3,.35,.28):
    # mean(x) + c(-1, 1) * qt(1 - .05 / 4, 2) * sd(x) / sqrt(3)
    table = pd.DataFrame(
        {
            "a": ["x"] * 3 + ["y"] * 3,
            "seed": [1, 2, 3] * 2,
            "f1": [0.4, 0.42, 0.41, 0.3, 0.35, 0.28],
        }
    )
    means = prepare_cells(Scores(table, ("a",), "seed"), "f1").means()
    assert means.mean.tolist() == pytest.approx([0.41, 0.31])
    assert means.low.tolist() == pytest.approx([0.3741734135, 0.1808254052], rel=1e-8)
    assert means.high.tolist() == pytest.approx([0.4458265865, 0.4391745948], rel=1e-8)
    assert means.n.tolist() == [3, 3]


def test_one_run_has_no_interval_and_a_run_logged_twice_is_one_run():
    table = pd.DataFrame({"a": ["x", "x", "y"], "seed": [1, 1, 1], "f1": [0.5, 0.5, 0.6]})
    means = prepare_cells(Scores(table, ("a",), "seed"), "f1").means()
    assert means.n.tolist() == [1, 1] and np.isnan(means.high).all()


def test_left_out_runs_and_rows_that_were_not_chosen():
    table = pd.DataFrame(
        {"a": list("xxyyz"), "seed": [1, 2, 1, 2, 1], "f1": [0.5, 0.7, 0.6, 0.8, 0.1]}
    )
    scores = Scores(table, ("a",), "seed")
    cells = prepare_cells(scores, "f1", scores.selects({"a": ["x", "y"]}))
    assert cells.means().mean.tolist() == pytest.approx([0.6, 0.7])
    without = cells.means(np.array([False, False, True, True, True]))
    assert without.mean.tolist() == pytest.approx([0.7])


def test_repeats_are_averaged_first_and_the_interval_ends_at_the_extent():
    # R, for x <- c(mean(c(.4, .6)), .9, .7): mean(x) + c(-1, 1) * qt(.975, 2) * sd(x) / sqrt(3)
    table = pd.DataFrame({"a": "x", "seed": [1, 1, 2, 3], "f1": [0.4, 0.6, 0.9, 0.7]})
    cells = prepare_cells(Scores(table, ("a",), "seed"), "f1")
    free, cut = cells.means(), cells.means(extent=(0.0, 1.0))
    assert (free.n.tolist(), free.runs.tolist(), cells.seeds()) == ([3], [4], 3)
    assert free.mean[0] == pytest.approx(0.7)
    assert (free.low[0], free.high[0]) == pytest.approx((0.2031724576, 1.196827542), rel=1e-8)
    assert (cut.low[0], cut.high[0]) == pytest.approx((0.2031724576, 1.0))


def test_replicates_that_agree_have_no_interval():
    table = pd.DataFrame({"a": list("xxyy"), "seed": [1, 2] * 2, "f1": [0.1 + 0.2, 0.3, 0.5, 0.6]})
    means = prepare_cells(Scores(table, ("a",), "seed"), "f1").means()
    assert np.isnan(means.low).tolist() == [True, False]
