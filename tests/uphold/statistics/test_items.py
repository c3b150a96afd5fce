"""Runs × items against brute force, against lme4, and against what simulation knows."""

import numpy as np
import pandas as pd
import pytest

from uphold.statistics.contrasts import DIFFERENCE, match_levels
from uphold.statistics.estimate import interval_half_width
from uphold.statistics.items import Draw, ItemScores, OverItems, over_items
from uphold.statistics.matching import match
from uphold.statistics.scores import Scores

UNITS, ITEMS = 5, 40


@pytest.fixture
def rng():
    return np.random.default_rng(11)


def matched(score, seeds, first=UNITS):
    table = pd.DataFrame(
        {
            "arm": np.where(np.arange(len(score)) < first, "a", "b"),
            "seed": seeds,
            "score": np.nanmean(score, axis=1),
        }
    )
    return match_levels(Scores(table, ("arm",), "seed"), "score", "arm", "a", "b", {})


def two_way(y):
    """The parts of units, items and their interaction in the variance of a mean, by hand."""
    units, items = y.shape
    left = y - y.mean(axis=1, keepdims=True) - y.mean(axis=0) + y.mean()
    within = (left**2).sum() / ((units - 1) * (items - 1)) / y.size
    return y.mean(axis=1).var(ddof=1) / units, y.mean(axis=0).var(ddof=1) / items, within


def test_on_shared_seeds_it_is_the_two_way_analysis_of_the_differences(rng):
    score = rng.normal(size=(2 * UNITS, ITEMS))
    m = matched(score, [*range(UNITS)] * 2)
    e = m.estimate(DIFFERENCE)
    found = over_items(m, DIFFERENCE, ItemScores(score, np.zeros(ITEMS, dtype=int)))
    runs, items, both = two_way(score[UNITS:] - score[:UNITS])
    assert e.se**2 == pytest.approx(runs)
    assert found.items.variance == pytest.approx(items)
    assert found.items.shared == pytest.approx(both)
    assert (found.items.df, found.items.shared_df) == (ITEMS - 1, (ITEMS - 1) * (UNITS - 1))
    assert found.items.members == ITEMS
    assert found.groups is None
    assert not found.items.nested


def test_on_seeds_of_their_own_arms_add_up(rng):
    score = rng.normal(size=(2 * UNITS, ITEMS))
    m = matched(score, range(2 * UNITS))
    assert m.estimate(DIFFERENCE).method == "Welch t"
    found = over_items(m, DIFFERENCE, ItemScores(score, np.zeros(ITEMS, dtype=int)))
    both = sum(two_way(arm)[2] for arm in (score[:UNITS], score[UNITS:]))
    difference = score[UNITS:].mean(axis=0) - score[:UNITS].mean(axis=0)
    assert found.items.variance == pytest.approx(difference.var(ddof=1) / ITEMS)
    assert found.items.shared == pytest.approx(both)


def test_with_gaps_it_goes_by_the_same_weights_as_the_estimate(rng):
    score = rng.normal(size=(7, ITEMS))
    table = pd.DataFrame({"arm": list("aaaabbb"), "seed": [1, 2, 3, 4, 1, 2, 5]})
    table["score"] = score.mean(axis=1)
    m = match_levels(Scores(table, ("arm",), "seed"), "score", "arm", "a", "b", {})
    apart = m.apart(DIFFERENCE, score)
    for item in range(ITEMS):
        alone = table.assign(score=score[:, item])
        e = match_levels(Scores(alone, ("arm",), "seed"), "score", "arm", "a", "b", {}).estimate(
            DIFFERENCE
        )
        assert apart.effect[item] == pytest.approx(e.value)
        assert (apart.parts[:, item] ** 2).sum() == pytest.approx(e.se**2)


def test_left_out_runs_have_no_part(rng):
    score = rng.normal(size=(2 * UNITS, ITEMS))
    seeds = np.array([0, 0, 1, 2, 3] * 2)
    keep = np.arange(2 * UNITS) > 0  # a repeat of which the other is kept
    items = ItemScores(score, np.zeros(ITEMS, dtype=int))
    found = over_items(matched(score, seeds), DIFFERENCE, items, keep)
    score, seeds = score[keep], seeds[keep]
    alone = over_items(
        matched(score, seeds, UNITS - 1), DIFFERENCE, ItemScores(score, np.zeros(ITEMS, dtype=int))
    )
    assert found.items == pytest.approx(alone.items)


def test_items_are_drawn_within_groups_that_are_fixed(rng):
    group = np.repeat(np.arange(4), 10)
    score = rng.normal(size=(UNITS, ITEMS)) + 5.0 * group
    m = match(Scores(one_arm(score), (), "seed"), "score", [np.ones(UNITS, dtype=bool)], [])
    found = over_items(m, (1.0,), ItemScores(score, group))
    means = score.mean(axis=0).reshape(4, 10)
    assert found.items.variance == pytest.approx((means.var(axis=1, ddof=1) / 10).sum() / 16)
    assert found.items.df == 36


def one_arm(score):
    return pd.DataFrame({"seed": range(len(score)), "score": score.mean(axis=1)})


def test_accuracy_of_runs_by_items_and_by_groups_as_lme4_has_it():
    # R, lme4 1.1-31:
    # y <- as.integer(strsplit(paste0(ANSWERS...), "")[[1]])
    # d <- data.frame(y, unit=gl(4, 18), item=gl(18, 1, 72), group=gl(6, 3, 72))
    # sqrt(vcov(lmer(y ~ 1 + (1|unit) + (1|item), d)))                                   # .10083169
    # sqrt(vcov(lmer(y ~ 1 + (1|unit) + (1|group) + (1|unit:group) + (1|item), d)))      # .11385501
    answers = (
        "100111100111111000",
        "111111111111111100",
        "110111101111111110",
        "111010100101110100",
    )
    score = np.array([[float(answer) for answer in run] for run in answers])
    m = match(Scores(one_arm(score), (), "seed"), "score", [np.ones(4, dtype=bool)], [])
    e = m.estimate((1.0,))
    by_item = over_items(m, (1.0,), ItemScores(score, np.zeros(18, dtype=int))).items
    assert np.sqrt(by_item.together(e.se)) == pytest.approx(0.10083169, abs=2e-8)
    groups = over_items(m, (1.0,), ItemScores(score, np.repeat(np.arange(6), 3), True)).groups
    assert np.sqrt(groups.together(e.se)) == pytest.approx(0.11385501, abs=2e-8)
    assert groups.members == 6


def test_where_every_seed_has_items_of_its_own_nothing_is_added(rng):
    score = np.full((2 * UNITS, 8 * UNITS), np.nan)
    for unit in range(UNITS):
        own = slice(8 * unit, 8 * unit + 8)
        score[[unit, UNITS + unit], own] = rng.normal(size=(2, 8))
    m = matched(score, [*range(UNITS)] * 2)
    e = m.estimate(DIFFERENCE)
    found = over_items(m, DIFFERENCE, ItemScores(score, np.repeat(np.arange(20), 2), True))
    assert found.items.nested
    assert found.groups.nested
    assert found.total(e.se, e.df) == (e.se, e.df)
    # the moments say so by themselves
    assert found.items.shared == pytest.approx(found.items.variance)


def test_influences_sum_to_zero_and_leave_out_what_was_not_tested():
    influence = ItemScores(np.array([[1.0, 0.0, np.nan], [0.5, 0.5, 2.0]]), np.zeros(3)).influence
    np.testing.assert_allclose(influence, [[0.25, -0.25, 0], [-1 / 6, -1 / 6, 1 / 3]])


def test_the_total_counts_the_interaction_once():
    draw = Draw(variance=5.0, shared=1.0, df=40.0, shared_df=80.0, members=41, nested=False)
    se, df = draw.total(2.0, 20.0)
    assert se**2 == pytest.approx(4.0 + 5.0 - 1.0)
    assert df == pytest.approx(8.0**2 / (4.0**2 / 20 + 5.0**2 / 40 + 1.0**2 / 80))
    # a part that is below the interaction is taken for none
    se, _ = draw._replace(variance=0.5).total(2.0, 30.0)
    assert se**2 == pytest.approx(4.0)
    assert draw.together(0.5) == pytest.approx(5.0)


def test_an_interval_for_items_like_these_is_never_narrower():
    draw = Draw(variance=0.3, shared=0.1, df=400.0, shared_df=800.0, members=401, nested=False)
    # by Satterthwaite degrees of freedom rise faster than the error
    assert draw.total(1.0, 2.0) == (1.0, 2.0)
    assert draw.together(1.0) == pytest.approx(1.2)
    for variance in (0.1, 1.0, 10.0):
        total = draw._replace(variance=variance).total(1.0, 2.0)
        assert interval_half_width(*total) >= interval_half_width(1.0, 2.0)


def test_too_few_groups_leave_the_items():
    items = Draw(1.0, 0.1, 90.0, 180.0, 100, nested=False)
    few = OverItems(items, Draw(9.0, 0.1, 3.0, 6.0, 4, nested=False))
    assert few.too_few
    assert few.known == (items,)
    assert few.total(1.0, 9.0) == items.total(1.0, 9.0)
    enough = OverItems(items, Draw(9.0, 0.1, 4.0, 8.0, 5, nested=False))
    assert not enough.too_few
    assert enough.total(1.0, 9.0) == enough.groups.total(1.0, 9.0)


@pytest.mark.parametrize(("units", "groups"), [(3, 10), (3, 50), (10, 10), (10, 50)])
@pytest.mark.parametrize("sds", [(1, 1, 1), (0.3, 1, 0.3), (0, 0, 1)])
def test_the_interval_for_groups_like_these_holds_the_truth(rng, units, groups, sds):
    # SDs of what seeds, groups and seed × group do to the mean
    seed, group, both = sds
    hits = 0
    draws = 1500
    for _ in range(draws):
        y = (
            seed * np.sqrt(units) * rng.normal(size=(units, 1))
            + group * np.sqrt(groups) * rng.normal(size=(1, groups))
            + both * np.sqrt(units * groups) * rng.normal(size=(units, groups))
        )
        runs, over, shared = two_way(y)
        of = (groups - 1.0, (groups - 1.0) * (units - 1))
        draw = Draw(over, shared, *of, groups, nested=False)
        hits += abs(y.mean()) <= interval_half_width(*draw.total(np.sqrt(runs), units - 1.0))
    assert hits / draws >= 0.935
