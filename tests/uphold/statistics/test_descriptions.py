import numpy as np
import pandas as pd
import pytest

from uphold.statistics.descriptions import describe, marginal_means
from uphold.statistics.scores import Scores


def test_one_configuration_of_eight_runs():
    # R: x <- c(.61,.64,.58,.66,.71,.60,.95,.2)
    # c(mean(x), sd(x), t.test(x)$conf.int)
    values = [0.61, 0.64, 0.58, 0.66, 0.71, 0.60, 0.95, 0.2]
    table = pd.DataFrame({"a": "x", "seed": range(8), "f1": values})
    row = describe(Scores(table, ("a",), "seed"), "f1").iloc[0]
    expected = [0.61875, 0.2061509502, 0.4464034926, 0.7910965074]
    names = ["mean", "sd", "ci_low", "ci_high"]
    assert row[names].tolist() == pytest.approx(expected, rel=1e-9)
    assert row["sem"] == pytest.approx(0.2061509502 / np.sqrt(8))
    assert (row["n"], row["seeds"], row["failed"]) == (8, 8, 0)


def test_repeated_seeds_count_as_runs_and_are_told_from_seeds():
    table = pd.DataFrame({"a": "x", "seed": [1, 2, 3, 1, 2, 3], "f1": np.arange(6) / 10})
    row = describe(Scores(table, ("a",), "seed"), "f1").iloc[0]
    assert (row["n"], row["seeds"]) == (6, 3)


def test_failed_runs_are_counted_and_never_averaged_in():
    table = pd.DataFrame(
        {"a": ["x"] * 3 + ["y"], "seed": [1, 2, 3, 1], "f1": [0.4, np.nan, 0.6, np.inf]}
    )
    found = describe(Scores(table, ("a",), "seed"), "f1")
    assert found.loc["x", ["n", "failed", "mean"]].tolist() == [2, 1, 0.5]
    assert found.loc["y", ["n", "failed"]].tolist() == [0, 1]
    assert np.isnan(found.loc["y", ["mean", "sd", "ci_low"]].astype(float)).all()


def test_one_run_has_a_mean_and_no_interval():
    table = pd.DataFrame({"a": ["x"], "seed": [1], "f1": [0.4]})
    row = describe(Scores(table, ("a",), "seed"), "f1").iloc[0]
    assert row["mean"] == 0.4
    assert np.isnan(row[["sd", "sem", "ci_low"]].astype(float)).all()


def test_by_and_where(scores):
    found = describe(scores, "f1", by=("amount",), where={"mode": "y"})
    assert found.index.tolist() == ["low", "high"] and found["n"].tolist() == [3, 3]
    assert found["mean"].tolist() == pytest.approx([1.75 / 3, 2.13 / 3])


def test_a_factor_may_have_the_name_of_a_statistic(table, scores):
    named = Scores(table.rename(columns={"mode": "n", "amount": "mean"}), ("mean", "n"), "seed")
    found = describe(named, "f1")
    assert list(found.index.names) == ["mean", "n"] and found["n"].tolist() == [3, 3, 3, 3]
    assert found.to_numpy().tolist() == describe(scores, "f1").to_numpy().tolist()


def test_no_runs_is_no_rows(scores):
    assert describe(scores, "f1", where={"mode": "z"}).empty


def test_marginal_means_average_cells_within_seeds(scores):
    # R: t.test(c((.61+.55)/2, (.64+.63)/2, (.58+.57)/2))
    found = marginal_means(scores, "f1", "amount")
    assert list(found) == ["high", "low"]
    low = found["low"]
    assert low.value == pytest.approx(0.5966666667, rel=1e-9) and (low.n, low.runs) == (3, 6)
    assert (low.ci_low, low.ci_high) == pytest.approx((0.5139656468, 0.6793676865), rel=1e-8)


def test_marginal_means_count_every_cell_equally(table, scores):
    more = pd.concat([table, table[table["mode"] == "x"], table[table["mode"] == "x"]])
    again = marginal_means(Scores(more, scores.factors, "seed"), "f1", "amount")["low"]
    assert again.value == pytest.approx(0.5966666667, rel=1e-9)
    assert again.ci_low == pytest.approx(0.5139656468, rel=1e-8)


def test_marginal_means_without_common_seeds_combine_the_cells():
    # by hand: cells (.4, .6) and (.5, .8): mean (.5 + .65) / 2; variance (.02/2 + .045/2) / 4
    table = pd.DataFrame(
        {"a": "l", "b": ["x", "x", "y", "y"], "seed": range(4), "f1": [0.4, 0.6, 0.5, 0.8]}
    )
    e = marginal_means(Scores(table, ("a", "b"), "seed"), "f1", "a")["l"]
    assert e.value == pytest.approx(0.575) and e.se == pytest.approx(np.sqrt(0.0325 / 4))
    assert e.df == pytest.approx(0.0325**2 / (0.01**2 + 0.0225**2))
