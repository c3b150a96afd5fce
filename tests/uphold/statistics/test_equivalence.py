import numpy as np
import pandas as pd
import pytest
from scipy.special import stdtr

from uphold.statistics.contrasts import contrast
from uphold.statistics.equivalence import agree, equivalence_p, equivalent, pairs, some_beyond_p
from uphold.statistics.level_means import LevelMeans, prepare_levels
from uphold.statistics.scores import Scores


def random_scores(seed: int, drop: int = 0) -> Scores:
    rng = np.random.default_rng(seed)
    rows = [(a, b, s) for a in "pqrs" for b in "xy" for s in range(4)]
    table = pd.DataFrame(rows, columns=["a", "b", "seed"])
    table["f1"] = rng.normal(0.5, 0.02, size=len(table))
    kept = rng.permutation(len(table))[drop:]
    return Scores(table.iloc[kept].reset_index(drop=True), ("a", "b"), "seed")


def means_of(table: pd.DataFrame, over: str = "a", keep=None) -> LevelMeans:
    factors = tuple(name for name in ("a", "b") if name in table)
    return prepare_levels(Scores(table, factors, "seed"), "f1", over).means(keep)


def test_every_pair_is_the_contrast_of_its_two_levels():
    """One question has one p on a page."""
    scores = random_scores(0)
    found = pairs(prepare_levels(scores, "f1", "a").means())
    inside, beyond = found.inside_p(0.02), found.beyond_p(0.02)
    names = scores.table["a"].unique()
    for i, high in enumerate(names):
        for j, low in enumerate(names):
            if i != j:
                c = contrast(scores, "f1", "a", low, high)
                assert found.difference[i, j] == pytest.approx(c.value)
                assert inside[i, j] == pytest.approx(c.equivalence_p(0.02), rel=1e-8)
                assert beyond[i, j] == pytest.approx(c.beyond_p(0.02), rel=1e-8)


def having(mean: float, sd: float, n: int) -> np.ndarray:
    """Return n values of this mean and SD."""
    x = np.arange(n) - (n - 1) / 2
    return mean + sd * x / x.std(ddof=1)


@pytest.mark.parametrize(
    ("one", "other", "paired", "margin", "df", "p"),
    [
        # R's data set sleep: t_TOST(extra ~ group, sleep, low_eqbound = -1, high_eqbound = 1,
        # paired = TRUE) has t -1.491161 and -6.633095
        (
            [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0],
            [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4],
            True,
            1.0,
            9,
            (0.9149441, 4.778596e-05),
        ),
        # Lakens, Improving Your Statistical Inferences, ch. 9: tsum_TOST(m1 = 4.55, m2 = 4.87,
        # sd1 = 1.05, sd2 = 1.11, n1 = 15, n2 = 15, low_eqbound = -.5, high_eqbound = .5)
        (
            having(4.55, 1.05, 15),
            having(4.87, 1.11, 15),
            False,
            0.5,
            27.91398,
            (0.32586680, 0.02348582),
        ),
    ],
    ids=["paired t", "Welch t"],
)
def test_tost_as_toster_prints_it(one, other, paired, margin, df, p):
    """Both one-sided p are those that R's TOSTER printed in its authors' pages."""
    n = len(one)
    table = pd.DataFrame({"a": ["x"] * n + ["y"] * n, "seed": range(2 * n), "f1": [*one, *other]})
    table["seed"] %= n if paired else 2 * n
    scores = Scores(table, ("a",), "seed")
    c = contrast(scores, "f1", "a", "y", "x")
    assert c.method == ("paired t" if paired else "Welch t")
    assert c.df == pytest.approx(df, rel=1e-6) and c.value < 0
    assert c.equivalence_p(margin) == pytest.approx(p[0], rel=1e-6)
    assert 1 - c.above_p(margin) == pytest.approx(p[1], rel=1e-6)
    of_levels = equivalence_p(prepare_levels(scores, "f1", "a").means(), margin)
    assert of_levels == pytest.approx(p[0], rel=1e-6)


def test_pairs_with_gaps_are_compared_over_the_units_that_they_share():
    table = pd.DataFrame([(a, s) for a in "xyz" for s in range(6)], columns=["a", "seed"])
    table["f1"] = np.random.default_rng(0).normal(0.5, 0.02, 18) + 0.1 * np.sin(table.seed)
    table = table.drop(index=[1, 9])
    p = pairs(means_of(table)).inside_p(0.05)
    by = table.pivot_table("f1", "seed", "a")
    for (i, one), (j, other) in ((0, "x"), (1, "y")), ((0, "x"), (2, "z")), ((1, "y"), (2, "z")):
        d = (by[one] - by[other]).dropna()
        expected = stdtr(d.size - 1, (abs(d.mean()) - 0.05) / d.sem())
        assert p[i, j] == p[j, i] == pytest.approx(expected)


def test_levels_without_a_common_seed_are_compared_by_welch():
    table = pd.DataFrame(
        {
            "a": ["l"] * 4 + ["h"] * 3,
            "seed": range(7),
            "f1": [0.61, 0.64, 0.58, 0.7, 0.66, 0.71, 0.6],
        }
    )
    scores = Scores(table, ("a",), "seed")
    p = equivalence_p(prepare_levels(scores, "f1", "a").means(), 0.1)
    assert p == pytest.approx(contrast(scores, "f1", "a", "l", "h").equivalence_p(0.1))
    # R: pt((.02416667 - .1) / (.02416667 / .59183673), 4.2461833)
    assert p == pytest.approx(0.06634742191, rel=1e-6)


def test_all_are_inside_where_the_worst_pair_is():
    means = means_of(random_scores(1).table)
    p = pairs(means).inside_p(0.05)
    assert equivalence_p(means, 0.05) == np.nanmax(p) > np.nanmin(p)
    assert equivalence_p(means, 0.001) == 1


def test_some_are_beyond_where_the_best_pair_is_by_bonferroni():
    means = means_of(random_scores(1).table.assign(f1=lambda t: t.f1 + 0.2 * (t.a == "q")))
    p = pairs(means).beyond_p(0.05)
    assert some_beyond_p(means, 0.05) == pytest.approx(6 * np.nanmin(p))
    assert some_beyond_p(means, 0.05) < 0.05
    assert some_beyond_p(means, 0.5) == 1 and equivalence_p(means, 0.05) == 1


def test_a_difference_at_the_margin_is_rarely_beyond_it_and_rarely_inside():
    rng = np.random.default_rng(7)
    inside = beyond = 0
    for y in rng.normal(0, 0.02, (1000, 2, 4)):
        means = LevelMeans(
            (y + np.array([[0.0], [0.05]])).ravel(),
            np.repeat([0, 1], 4),
            np.tile(range(4), 2),
            2,
            4,
            8,
        )
        inside += equivalence_p(means, 0.05) < 0.05
        beyond += some_beyond_p(means, 0.05) < 0.05
    # three standard errors of Monte Carlo on top of .05
    assert max(inside, beyond) / 1000 <= 0.071 and min(inside, beyond) / 1000 >= 0.029


def test_leaving_runs_out_is_never_having_had_them():
    scores = random_scores(2)
    keep = np.random.default_rng(0).random(len(scores.table)) > 0.2
    runs, fewer = (prepare_levels(s, "f1", "configuration") for s in (scores, scores.only(keep)))
    whole = pairs(runs.means(keep)).inside_p(0.05)
    without = pairs(fewer.means()).inside_p(0.05)
    # the levels may be numbered otherwise
    assert np.sort(whole, axis=None) == pytest.approx(np.sort(without, axis=None), nan_ok=True)


def test_identical_levels_are_equivalent_and_noiseless_differences_are_not_judged():
    table = pd.DataFrame({"a": ["x", "x", "y", "y"], "seed": [1, 2] * 2, "f1": [0.5, 0.7] * 2})
    assert equivalence_p(means_of(table), 0.02) == 0
    table["f1"] = [0.5, 0.7, 0.51, 0.71]
    assert np.isnan([equivalence_p(means_of(table), 0.02), some_beyond_p(means_of(table), 0)]).all()


def test_one_level_or_one_run_is_not_equivalent():
    table = pd.DataFrame({"a": ["x", "x"], "seed": [1, 2], "f1": [0.5, 0.5]})
    assert np.isnan([equivalence_p(means_of(table), 0.02), some_beyond_p(means_of(table), 0)]).all()
    table = pd.DataFrame({"a": ["x", "y"], "seed": [1, 1], "f1": [0.5, 0.51]})
    assert np.isnan([equivalence_p(means_of(table), 0.02), some_beyond_p(means_of(table), 0)]).all()


def test_too_many_levels_are_not_found_equivalent(monkeypatch):
    monkeypatch.setattr("uphold.statistics.equivalence.MOST_ENTRIES", 10)
    means = means_of(random_scores(3).table)
    assert pairs(means) is None
    assert np.isnan([equivalence_p(means, 0.5), some_beyond_p(means, 0.001)]).all()


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
    assert agree(means_of(table))
    assert agree(means_of(table, keep=np.arange(9) != 4))
    assert not agree(means_of(table, keep=table["a"].eq("x").to_numpy()))
    # z shares no seed with the others.
    alone = ((table["seed"] > 1) == (table["a"] == "z")).to_numpy()
    assert not agree(means_of(table, keep=alone))
    table.loc[8, "f1"] = 0.31
    assert not agree(means_of(table))
