import numpy as np
import pandas as pd
import pytest

from uphold.statistics import Scores, contrast, equivalent
from uphold.statistics.equivalence import prepare_levels


def random_scores(seed: int, drop: int = 0) -> Scores:
    rng = np.random.default_rng(seed)
    rows = [(a, b, s) for a in "pqrs" for b in "xy" for s in range(4)]
    table = pd.DataFrame(rows, columns=["a", "b", "seed"])
    table["f1"] = rng.normal(0.5, 0.02, size=len(table))
    kept = rng.permutation(len(table))[drop:]
    return Scores(table.iloc[kept].reset_index(drop=True), ("a", "b"), "seed")


@pytest.mark.parametrize("drop", [0, 9])
def test_every_pair_is_the_contrast_of_its_two_levels(drop):
    scores = random_scores(0, drop)
    levels = prepare_levels(scores, "f1", "a")
    p = levels.equivalence_p(0.02)
    name = dict(zip(levels.level, scores.table["a"], strict=True))
    for i in range(4):
        for j in range(4):
            if i != j:
                c = contrast(scores, "f1", "a", name[j], name[i])
                assert p[i, j] == pytest.approx(c.equivalence_p(0.02), rel=1e-8)


def test_levels_without_a_common_seed_are_compared_by_welch():
    table = pd.DataFrame(
        {
            "a": ["l"] * 4 + ["h"] * 3,
            "seed": range(7),
            "f1": [0.61, 0.64, 0.58, 0.7, 0.66, 0.71, 0.6],
        }
    )
    scores = Scores(table, ("a",), "seed")
    p = prepare_levels(scores, "f1", "a").equivalence_p(0.1)
    assert p[0, 1] == pytest.approx(contrast(scores, "f1", "a", "l", "h").equivalence_p(0.1))
    # R: pt((.02416667 - .1) / (.02416667 / .59183673), 4.2461833)
    assert p[0, 1] == pytest.approx(0.06634742191, rel=1e-6)


def test_all_inside_asks_for_every_pair():
    scores = random_scores(1)
    levels = prepare_levels(scores, "f1", "a")
    p = levels.equivalence_p(0.05)
    worst = np.nanmax(p)
    assert levels.all_inside(0.05, alpha=worst * 1.01)
    assert not levels.all_inside(0.05, alpha=worst * 0.99)
    assert not levels.all_inside(0.001)


def test_leaving_runs_out_is_never_having_had_them():
    scores = random_scores(2)
    keep = np.random.default_rng(0).random(len(scores.table)) > 0.2
    whole = prepare_levels(scores, "f1", "configuration").equivalence_p(0.05, keep)
    without = prepare_levels(scores.only(keep), "f1", "configuration").equivalence_p(0.05)
    # the levels may be numbered otherwise
    assert np.sort(whole, axis=None) == pytest.approx(np.sort(without, axis=None), nan_ok=True)


def test_identical_levels_are_equivalent_and_noiseless_differences_are_not_judged():
    table = pd.DataFrame({"a": ["x", "x", "y", "y"], "seed": [1, 2] * 2, "f1": [0.5, 0.7] * 2})
    assert prepare_levels(Scores(table, ("a",), "seed"), "f1", "a").all_inside(0.02)
    table["f1"] = [0.5, 0.7, 0.51, 0.71]
    assert not prepare_levels(Scores(table, ("a",), "seed"), "f1", "a").all_inside(0.02)


def test_one_level_or_one_run_is_not_equivalent():
    table = pd.DataFrame({"a": ["x", "x"], "seed": [1, 2], "f1": [0.5, 0.5]})
    assert not prepare_levels(Scores(table, ("a",), "seed"), "f1", "a").all_inside(0.02)
    table = pd.DataFrame({"a": ["x", "y"], "seed": [1, 1], "f1": [0.5, 0.51]})
    assert not prepare_levels(Scores(table, ("a",), "seed"), "f1", "a").all_inside(0.02)


def test_too_many_levels_are_not_found_equivalent(monkeypatch):
    monkeypatch.setattr("uphold.statistics.equivalence.MOST_ENTRIES", 10)
    assert not prepare_levels(random_scores(3), "f1", "a").all_inside(0.5)


def test_the_public_word_for_it():
    scores = random_scores(1)
    assert equivalent(scores, "f1", "a", 0.2) and not equivalent(scores, "f1", "a", 0.001)


@pytest.mark.parametrize("where", [{"mode": "repeat"}, None])
def test_a_level_without_a_factor_is_matched_with_those_that_have_it(where):
    """Ratio 0 has no mode. Where every ratio scores the same, seed by seed, all are equivalent,
    however far the seeds are apart."""
    rows = [
        {"ratio": ratio, "mode": mode, "seed": seed, "f1": f1}
        for ratio, modes in {0: [None], 0.5: ["repeat", "linear"], 1: ["repeat", "linear"]}.items()
        for mode in modes
        for seed, f1 in {123: 0.5, 456: 0.7, 789: 0.9}.items()
    ]
    scores = Scores(pd.DataFrame(rows), ("ratio", "mode"), "seed")
    assert equivalent(scores, "f1", "ratio", 0.02, where)


def test_levels_agree_where_each_matches_another_and_all_matches_are_equal():
    rows = [(a, s, 0.1 * s) for a in "xyz" for s in (1, 2, 3)]
    table = pd.DataFrame(rows, columns=["a", "seed", "f1"])
    levels = prepare_levels(Scores(table, ("a",), "seed"), "f1", "a")
    assert levels.agree()
    assert levels.agree(np.arange(9) != 4)
    assert not levels.agree(table["a"].eq("x").to_numpy())
    # z shares no seed with the others.
    assert not levels.agree(((table["seed"] > 1) == (table["a"] == "z")).to_numpy())
    table.loc[8, "f1"] = 0.31
    assert not prepare_levels(Scores(table, ("a",), "seed"), "f1", "a").agree()
