"""How an effect differs by context: the effects, and the p that they are not all one."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t, ttest_rel

from uphold.statistics.contrasts import DIFFERENCE, match_levels
from uphold.statistics.heterogeneity import NO_CONTEXTS, Contexts, contexts
from uphold.statistics.scores import Scores


def matched(effects, seeds=6, noise=0.01, treated_by_seed=0.0, rng=0, drop=()):
    """Match two arms in as many contexts as there are effects."""
    random = np.random.default_rng(rng)
    rows = [(a, c, s) for c in range(len(effects)) for a in (0, 1) for s in range(seeds)]
    table = pd.DataFrame(rows, columns=["a", "c", "seed"])
    own = random.normal(0, treated_by_seed, seeds)
    table["f1"] = random.normal(0.6, noise, len(table)) + 0.1 * np.sin(table.seed)
    table["f1"] += table.a * (np.array(effects)[table.c] + own[table.seed])
    return match_levels(Scores(table.drop(index=list(drop)), ("a", "c"), "seed"), "f1", "a", 0, 1)


def test_two_contexts_differ_by_the_paired_t_of_their_effects():
    m = matched([0.02, 0.05])
    found = contexts(m, DIFFERENCE)
    means = m.means()
    cells = np.empty((2, 2, 6))
    cells[means.arm, means.context, means.unit] = means.value
    effect = cells[1] - cells[0]
    assert found.effect == pytest.approx(effect.mean(axis=1))
    assert found.p == pytest.approx(ttest_rel(effect[0], effect[1]).pvalue)


def test_a_row_names_each_context():
    m = matched([0.0, 0.1, 0.2])
    found = contexts(m, DIFFERENCE)
    assert found.effect == pytest.approx([0.0, 0.1, 0.2], abs=0.02) and found.row.size == 3
    # rows are context by context, twelve runs each
    assert (found.row // 12).tolist() == [0, 1, 2]


def test_what_a_seed_does_in_all_contexts_alike_makes_no_context_differ():
    """Rejections of one common effect that seeds move alike: 5 %, and 200 logs."""
    p = [
        contexts(matched([0.0] * 4, treated_by_seed=0.05, rng=k), DIFFERENCE).p for k in range(200)
    ]
    assert 0.01 <= np.mean(np.array(p) < 0.05) <= 0.1


def test_contexts_of_unequal_spread_do_not_pass_for_different_ones():
    rejected = 0
    for k in range(200):
        m = matched([0.0] * 4, seeds=5, rng=k)
        wild = np.where(m.context[m.cell] == 0, 4.0, 1.0)
        rejected += contexts(type(m)(**{**vars(m), "value": m.value * wild}), DIFFERENCE).p < 0.05
    assert rejected / 200 <= 0.1


def test_units_with_one_arm_do_not_count_where_others_have_both():
    whole, gap = matched([0.0, 0.1]), matched([0.0, 0.1], drop=[0])
    found = contexts(gap, DIFFERENCE)
    keep = ~np.isin(np.arange(24), [0, 6])  # the failed run and its partner
    assert found.effect == pytest.approx(contexts(whole, DIFFERENCE, whole.means(keep)).effect)


def test_where_no_unit_has_both_arms_effects_are_told_and_not_tested():
    rows = [(a, c, s + 10 * a) for c in range(2) for a in (0, 1) for s in range(3)]
    table = pd.DataFrame(rows, columns=["a", "c", "seed"])
    table["f1"] = 0.1 * table.a * table.c + 0.01 * np.cos(table.index)
    found = contexts(match_levels(Scores(table, ("a", "c"), "seed"), "f1", "a", 0, 1), DIFFERENCE)
    assert found.effect == pytest.approx([0, 0.1], abs=0.03) and np.isnan(found.p)


def test_many_contexts_are_not_tested_and_each_is_as_unsure_as_before(monkeypatch):
    m = matched([0.0, 0.1])
    tested = contexts(m, DIFFERENCE)
    assert contexts(m, DIFFERENCE, m.means(np.ones(24, dtype=bool))).p == tested.p
    monkeypatch.setattr("uphold.statistics.heterogeneity.MOST_TESTED", 1)
    found = contexts(m, DIFFERENCE)
    assert np.isnan(found.p) and np.array_equal(found.unsure, tested.unsure)


def test_one_context_and_one_arm_have_none():
    assert contexts(matched([0.1]), DIFFERENCE) is NO_CONTEXTS
    m = matched([0.1, 0.2])
    one = type(m)(**{**vars(m), "arms": 1})
    assert contexts(one, (1.0,)) is NO_CONTEXTS


def test_inside_asks_for_every_context():
    def of(*effects):
        effect = np.array(effects)
        return Contexts(effect, np.arange(effect.size), np.nan, np.zeros(effect.size))

    assert of(0.01, -0.01).inside(0.02) and not of(0.03, -0.03).inside(0.02)
    assert not of(0.0, 0.02).inside(0.02)
    assert of(0.5).inside(0.02) and NO_CONTEXTS.inside(0.02)  # one effect is judged by itself


def test_bounds_are_those_of_the_paired_t_with_the_pooled_or_the_larger_own_variance():
    m = matched([0.0, 0.03])
    means = m.means()
    cells = np.empty((2, 2, 6))
    cells[means.arm, means.context, means.unit] = means.value
    d = cells[1] - cells[0]
    variance = np.maximum(d.var(axis=1, ddof=1), d.var(axis=1, ddof=1).mean())
    assert contexts(m, DIFFERENCE).unsure == pytest.approx(t.ppf(0.95, 10) * np.sqrt(variance / 6))


def test_own_seeds_have_the_error_of_two_means():
    rows = [(a, c, s + 10 * a) for c in range(2) for a in (0, 1) for s in range(3)]
    table = pd.DataFrame(rows, columns=["a", "c", "seed"])
    table["f1"] = np.tile([0.0, 0.01, 0.02], 4)  # of variance .0001 in every cell
    found = contexts(match_levels(Scores(table, ("a", "c"), "seed"), "f1", "a", 0, 1), DIFFERENCE)
    assert found.unsure == pytest.approx(t.ppf(0.95, 8) * np.sqrt(2 * 1e-4 / 3))


def share_inside(effects, margin=0.05, logs=300, **kind):
    return np.mean(
        [contexts(matched(effects, rng=k, **kind), DIFFERENCE).inside(margin) for k in range(logs)]
    )


@pytest.mark.parametrize("others", [1, 3, 15])
def test_one_context_at_the_margin_is_seldom_taken_to_be_inside(others):
    """At most 5 % of 300 logs, and two and a half standard errors of such a share."""
    assert share_inside([0.05] + [0.0] * others, seeds=3) <= 0.08


def test_contexts_that_go_apart_beyond_the_margin_are_seldom_taken_to_be_inside():
    """Of effects .03, -.01, -.01 and -.01, whose mean is 0, the first is beyond a margin of .02."""
    assert share_inside([0.03, -0.01, -0.01, -0.01], 0.02, seeds=10, noise=0.02) <= 0.08


def test_contexts_that_are_all_well_inside_are_taken_to_be():
    """Sixteen contexts, each with a standard error of a sixth of the margin."""
    assert share_inside([0.0] * 16, seeds=3, logs=100) >= 0.9


def test_each_side_is_looked_at_by_itself():
    high = Contexts(np.array([0.0, 0.019]), np.arange(2), 0.001, np.full(2, 0.002))
    assert not high.below(0.02) and high.above(-0.02) and not high.inside(0.02)
    assert high.outside(0.02).tolist() == [False, True]
    assert NO_CONTEXTS.inside(0.01)
