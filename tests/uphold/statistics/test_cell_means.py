import numpy as np
import pandas as pd
import pytest

from uphold.statistics.cell_means import prepare_cells
from uphold.statistics.scores import Scores


def test_each_mean_has_the_error_of_its_own_runs():
    # R, for each of x <- c(.4,.42,.41), c(.3,.35,.28): c(mean(x), sd(x) / sqrt(3)); with two
    # configurations there is too little to moderate by
    table = pd.DataFrame(
        {
            "a": ["x"] * 3 + ["y"] * 3,
            "seed": [1, 2, 3] * 2,
            "f1": [0.4, 0.42, 0.41, 0.3, 0.35, 0.28],
        }
    )
    means = prepare_cells(Scores(table, ("a",), "seed"), "f1").means()
    assert means.mean.tolist() == pytest.approx([0.41, 0.31])
    assert means.sem.tolist() == pytest.approx([0.00577350269, 0.02081665999], rel=1e-8)
    assert means.df.tolist() == [2, 2] and means.n.tolist() == [3, 3]


def test_many_configurations_of_one_spread_share_what_they_know_of_it():
    rng = np.random.default_rng(0)
    table = pd.DataFrame([(a, s) for a in range(40) for s in range(3)], columns=["a", "seed"])
    table["f1"] = rng.normal(0.5, 0.02, 120)
    means = prepare_cells(Scores(table, ("a",), "seed"), "f1").means()
    own = table.groupby("a").f1.sem().to_numpy()
    assert (means.df > 4).all()
    assert np.std(means.sem) < 0.5 * np.std(own)


def test_one_mean_a_unit_however_many_inner_replicates():
    table = pd.DataFrame([(d, s) for d in "pqr" for s in range(5)], columns=["dataset", "seed"])
    table["f1"] = np.random.default_rng(0).normal(0.5, 0.02, 15)
    scores = Scores(table.assign(a="x"), ("a",), "dataset", within=("seed",))
    means = prepare_cells(scores, "f1").means()
    by = table.groupby("dataset").f1.mean()
    assert (means.n.tolist(), means.runs.tolist(), means.df.tolist()) == ([3], [15], [2])
    assert means.sem[0] == pytest.approx(by.sem())


def test_one_run_has_no_error_and_a_run_logged_twice_is_one_run():
    table = pd.DataFrame({"a": ["x", "x", "y"], "seed": [1, 1, 1], "f1": [0.5, 0.5, 0.6]})
    means = prepare_cells(Scores(table, ("a",), "seed"), "f1").means()
    assert means.n.tolist() == [1, 1] and np.isnan([means.sem, means.df]).all()


def test_left_out_runs_and_rows_that_were_not_chosen():
    table = pd.DataFrame(
        {"a": list("xxyyz"), "seed": [1, 2, 1, 2, 1], "f1": [0.5, 0.7, 0.6, 0.8, 0.1]}
    )
    scores = Scores(table, ("a",), "seed")
    cells = prepare_cells(scores, "f1", scores.selects({"a": ["x", "y"]}))
    assert cells.means().mean.tolist() == pytest.approx([0.6, 0.7])
    without = cells.means(np.array([False, False, True, True, True]))
    assert without.mean.tolist() == pytest.approx([0.7])


def test_repeats_are_averaged_first():
    # R, for x <- c(mean(c(.4, .6)), .9, .7): sd(x) / sqrt(3)
    table = pd.DataFrame({"a": "x", "seed": [1, 1, 2, 3], "f1": [0.4, 0.6, 0.9, 0.7]})
    cells = prepare_cells(Scores(table, ("a",), "seed"), "f1")
    means = cells.means()
    assert (means.n.tolist(), means.runs.tolist(), cells.seeds()) == ([3], [4], 3)
    assert (means.mean[0], means.sem[0]) == pytest.approx((0.7, 0.115470053838), rel=1e-10)


def test_replicates_that_agree_have_no_error():
    table = pd.DataFrame({"a": list("xxyy"), "seed": [1, 2] * 2, "f1": [0.1 + 0.2, 0.3, 0.5, 0.6]})
    means = prepare_cells(Scores(table, ("a",), "seed"), "f1").means()
    assert np.isnan(means.sem).tolist() == [True, False]
