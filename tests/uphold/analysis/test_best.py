"""How far configurations fall short of the best, from runs whose differences are known."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import stdtrit

from uphold.analysis import best
from uphold.analysis.analyze import analyze
from uphold.analysis.best import short_of_best
from uphold.claims.metric import Metric
from uphold.randomness import generator
from uphold.statistics.scores import Scores

METRIC = Metric(label="F1", better="higher", margin=0.01)
LOSS = Metric(label="loss", better="lower", margin=0.01)
# Each row a seed, each column an arm.
VALUES = np.array([[0.60, 0.63, 0.50], [0.70, 0.72, 0.61], [0.40, 0.44, 0.33], [0.55, 0.56, 0.44]])


def scores(values: np.ndarray, arms: str = "abc", lacking: tuple = ()) -> Scores:
    """Return a log of values, shape (seeds, arms), without the runs that are lacking."""
    rows = [
        (arm, seed, values[seed, i])
        for seed in range(len(values))
        for i, arm in enumerate(arms[: values.shape[1]])
        if (arm, seed) not in lacking
    ]
    return Scores(pd.DataFrame(rows, columns=["arm", "seed", "f1"]), ("arm",), "seed")


def reach(values: np.ndarray, one: int, other: int) -> float:
    """Return Bonferroni's t of the paired differences times their standard error."""
    difference = values[:, one] - values[:, other]
    n, k = values.shape
    return float(stdtrit(n - 1, 1 - 0.05 / (k - 1)) * difference.std(ddof=1) / np.sqrt(n))


def test_each_falls_short_of_the_best_by_its_difference_and_what_noise_allows():
    cells, found = short_of_best(scores(VALUES), "f1", METRIC)
    means = VALUES.mean(axis=0)
    assert cells.tolist() == [0, 1, 2] and found.candidate.tolist() == [False, True, False]
    for arm in (0, 2):
        assert -found.low[arm] == pytest.approx(means[1] - means[arm] + reach(VALUES, arm, 1))
    assert found.low[1] == 0


def test_lower_is_better_with_the_signs_turned():
    higher = short_of_best(scores(VALUES), "f1", METRIC)[1]
    lower = short_of_best(scores(-VALUES), "f1", LOSS)[1]
    assert lower.low.tolist() == higher.low.tolist()
    assert short_of_best(scores(VALUES), "f1", LOSS)[1].candidate.tolist() == [False, False, True]


def test_what_a_seed_does_to_all_is_no_noise():
    shifted = VALUES + np.array([[0.0], [5.0], [-7.0], [11.0]])
    one, other = (short_of_best(scores(v), "f1", METRIC)[1] for v in (VALUES, shifted))
    assert other.low == pytest.approx(one.low) and (other.candidate == one.candidate).all()


def test_repeats_of_a_run_and_other_runs_of_a_configuration_are_averaged_within_seeds():
    twice = scores(VALUES)
    table = pd.concat([twice.table.assign(f1=twice.table["f1"] + d) for d in (0.2, -0.2)])
    again = Scores(table.reset_index(drop=True), ("arm",), "seed")
    one, other = (short_of_best(s, "f1", METRIC)[1] for s in (twice, again))
    assert other.low == pytest.approx(one.low)


def test_cells_are_those_of_the_scores_where_some_have_no_score():
    lost = VALUES.copy()
    lost[:, 0] = np.nan
    cells, found = short_of_best(scores(lost), "f1", METRIC)
    assert cells.tolist() == [1, 2] and found.candidate.tolist() == [True, False]
    alone = short_of_best(scores(VALUES[:, 1:], "bc"), "f1", METRIC)[1]
    assert found.low == pytest.approx(alone.low)


def test_a_failed_run_leaves_the_others_compared_within_seeds():
    _, found = short_of_best(scores(VALUES, lacking=(("c", 2),)), "f1", METRIC)
    assert found.candidate.tolist() == [False, True, False]
    # The pair without a gap keeps its four seeds.
    expected = VALUES[:, 1].mean() - VALUES[:, 0].mean() + reach(VALUES, 0, 1)
    assert -found.low[0] == pytest.approx(expected)


def test_an_arm_with_fewer_seeds_is_not_blamed_for_the_seeds_that_it_lacks():
    """Seeds 3 to 7 are good ones, for both arms; on those that they share the arms are alike."""
    seed = np.array([0.0, 0.01, 0.02, 0.2, 0.2, 0.2, 0.2, 0.2])[:, None]
    noise = np.array([[0, 0.001], [0, -0.001], [0, 0], *[[0, 0]] * 5])
    lacking = tuple(("b", s) for s in range(3, 8))
    _, found = short_of_best(scores(0.5 + seed + noise, "ab", lacking), "f1", METRIC)
    assert found.candidate.all()
    # The mean difference is 0 in three seeds: t(.95; 2) × .001 / √3.
    assert -found.low == pytest.approx(2.919986 * 0.001 / np.sqrt(3), rel=1e-5)


def test_an_equal_arm_with_fewer_of_the_seeds_is_seldom_told_from_the_best():
    draw, told = generator(0, "fewer seeds"), 0
    for _ in range(200):
        values = 0.7 + draw.normal(0, 0.05, (8, 1)) + draw.normal(0, 0.005, (8, 2))
        lacking = tuple(("b", s) for s in range(3, 8))
        told += not short_of_best(scores(values, "ab", lacking), "f1", METRIC)[1].candidate.all()
    # Two arms, each excluded with .05 at most: 3 standard errors above .1.
    assert told <= 200 * 0.1 + 3 * np.sqrt(200 * 0.1 * 0.9)


@pytest.mark.parametrize(
    "values", [VALUES[:, :1], VALUES[:1], np.full((4, 3), np.nan)], ids=["one", "seed", "none"]
)
def test_nothing_is_compared_with_nothing(values):
    assert short_of_best(scores(values), "f1", METRIC) is None


def test_too_many_configurations_are_not_gone_through(monkeypatch):
    monkeypatch.setattr(best, "MOST_COMPARED", 2)
    assert short_of_best(scores(VALUES), "f1", METRIC) is None
    assert short_of_best(scores(VALUES[:, :2], "ab"), "f1", METRIC) is not None


@pytest.mark.parametrize("copies", [2, 3])
def test_configurations_by_several_names_are_compared_once(make, copies):
    """All copies of the best are as good as it, and one configuration alone has no better."""
    values = 0.7 + generator(0, "copies").normal(0, 0.01, (3, 4))
    rows = [
        {"arm": f"{arm}{copy}", "seed": seed, "f1": values[seed, arm]}
        for copy in range(copies)
        for arm in range(4)
        for seed in range(3)
    ]
    table = pd.DataFrame(rows)
    alone = analyze(make(table[table.arm.str.endswith("0")], ["arm"]), "f1")
    found = analyze(make(table, ["arm"]), "f1")
    shorts = {c.levels["arm"]: c.short for c in alone.configurations}
    assert {c.levels["arm"]: c.short for c in found.configurations} == {
        f"{arm}{copy}": shorts[f"{arm}0"] for arm in range(4) for copy in range(copies)
    }
    assert found.best.compared == copies * alone.best.compared
    assert found.best.candidates == copies * alone.best.candidates
    of_one = analyze(make(table[table.arm.str.startswith("0")], ["arm"]), "f1")
    assert (of_one.best.compared, of_one.best.candidates) == (copies, copies)
    assert {c.short.most for c in of_one.configurations} == {0}
