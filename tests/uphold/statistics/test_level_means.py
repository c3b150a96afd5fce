"""One mean a level and unit: what is averaged, what is adjusted for, and what is compared how."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from uphold.statistics.equivalence import pairs
from uphold.statistics.level_means import LevelMeans, factors_of, prepare_levels
from uphold.statistics.scores import Scores


def means_of(levels, units) -> LevelMeans:
    level, unit = np.array(levels), np.array(units)
    value = np.zeros(level.size)
    return LevelMeans(value, level, unit, level.max() + 1, unit.max() + 1, level.size)


def test_one_mean_a_level_and_unit_over_the_other_factors(table, scores):
    means = prepare_levels(scores, "f1", "amount").means()
    expected = table.groupby(["amount", "seed"], sort=False).f1.mean()
    assert means.value.tolist() == pytest.approx(expected.tolist())
    assert means.level.tolist() == [0, 0, 0, 1, 1, 1] and means.unit.tolist() == [0, 1, 2] * 2
    assert (means.levels, means.units, means.runs) == (2, 3, 12)


def test_repeats_and_inner_replicates_come_first():
    # Data set q has two seeds, of which one was repeated: (.2 + .4) / 2 and .7.
    rows = [("x", "p", 1, 0.5), ("x", "q", 1, 0.2), ("x", "q", 1, 0.4), ("x", "q", 2, 0.7)]
    table = pd.DataFrame(rows, columns=["a", "dataset", "seed", "f1"])
    scores = Scores(table, ("a",), "dataset", within=("seed",))
    means = prepare_levels(scores, "f1", "a").means()
    assert means.value.tolist() == pytest.approx([0.5, 0.5]) and means.runs == 4


def test_contexts_are_adjusted_for_where_some_were_not_run():
    """A level does not look good for the company that it was run in."""
    rows = [(a, b, s) for a in "pqr" for b in "xyz" for s in range(4)]
    table = pd.DataFrame(rows, columns=["a", "b", "seed"])
    rng = np.random.default_rng(0)
    table["f1"] = rng.normal(0, 0.1, 36) + 5.0 * (table.b == "z") + (table.a == "q")
    # The best context is missing from level p.
    table = table[~((table.a == "p") & (table.b == "z"))].drop(index=[13, 25])
    means = prepare_levels(Scores(table, ("a", "b"), "seed"), "f1", "a").means()
    fit = smf.ols("f1 ~ C(b, Sum) + C(a) + C(seed)", table).fit()
    of_context = {b: fit.params[f"C(b, Sum)[S.{b}]"] for b in "xy"}
    of_context["z"] = -sum(of_context.values())
    left = table.f1 - table.b.map(of_context)
    expected = left.groupby([table.a, table.seed]).mean()
    shift = means.value.mean() - expected.mean()
    assert means.value.tolist() == pytest.approx((expected + shift).tolist(), abs=1e-9)
    by_level = np.bincount(means.level, means.value) / 4
    assert by_level - by_level[0] == pytest.approx([0, 1, 0], abs=0.2)


@pytest.mark.parametrize(
    ("gone", "of_emmeans", "apart"),
    [
        ([], [-0.0675, -0.0075, 0.06], 1e-9),
        # A run of q is gone as well: in emmeans runs count alike, and here units do. They are a
        # twelfth of the standard error apart, which emmeans has as .0213 for p - q.
        ([6], [-0.0523584905660379, -0.0024528301886794, 0.0499056603773585], 0.00165),
    ],
    ids=["each unit alike", "one run gone"],
)
def test_levels_in_unequal_company_are_those_of_emmeans(gone, of_emmeans, apart):
    """Level p was not run in context y.

    R: l <- expand.grid(u=1:4, b=c("x", "y"), a=c("p", "q", "r"))[-(5:8), ]; l$u <- factor(l$u)
    l$y <- y; library(emmeans); pairs(emmeans(lm(y ~ a + b + u, l), "a")), and with l[-7, ]
    """
    rows = [(a, b, u) for a in "pqr" for b in "xy" for u in range(4) if (a, b) != ("p", "y")]
    table = pd.DataFrame(rows, columns=["a", "b", "u"])
    of_p, of_q = [61, 64, 58, 66], [70, 66, 73, 65, 82, 80, 79, 84]
    table["y"] = np.array([*of_p, *of_q, 60, 69, 63, 62, 74, 75, 70, 78]) / 100
    found = pairs(prepare_levels(Scores(table.drop(index=gone), ("a", "b"), "u"), "y", "a").means())
    assert found.difference[[0, 0, 1], [1, 2, 2]] == pytest.approx(of_emmeans, abs=apart)


def test_leaving_runs_out_is_never_having_had_them(scores):
    keep = np.arange(12) % 5 != 1
    whole = prepare_levels(scores, "f1", "amount").means(keep)
    without = prepare_levels(scores.only(keep), "f1", "amount").means()
    # the units may be numbered otherwise
    assert np.sort(whole.value) == pytest.approx(np.sort(without.value))
    assert (whole.levels, whole.units, whole.runs) == (2, 3, without.runs)


def test_a_factor_without_effect_in_some_runs_makes_no_contexts():
    rows = [(0, None, s) for s in (1, 2)] + [(0.5, m, s) for m in "xy" for s in (1, 2)]
    table = pd.DataFrame(rows, columns=["ratio", "mode", "seed"])
    table["f1"] = [0.5, 0.6, 0.4, 0.5, 0.8, 0.9]
    means = prepare_levels(Scores(table, ("ratio", "mode"), "seed"), "f1", "ratio").means()
    assert means.value.tolist() == pytest.approx([0.5, 0.6, 0.6, 0.7])
    modes = prepare_levels(Scores(table, ("ratio", "mode"), "seed"), "f1", "mode").means()
    assert modes.levels == 2 and modes.runs == 4


@pytest.mark.parametrize(
    ("levels", "units", "within"),
    [
        ([0, 0, 1, 1], [0, 1, 0, 1], True),
        ([0, 0, 1, 1], [0, 1, 2, 3], False),  # every run its own unit
        ([0, 0, 0, 1, 1, 1], [0, 1, 2, 2, 3, 4], False),  # one unit in five is shared
        ([0, 1, 1, 2, 2, 0], [0, 0, 1, 1, 2, 2], True),  # incomplete blocks of two
        ([0, 1, 2, 3], [0, 0, 1, 1], False),  # two pairs that meet nowhere
        ([0, 1], [0, 0], False),  # one unit is none to compare within
        ([0, 0], [0, 1], False),  # one level
        ([0, 1, 2, 0, 1, 2, 0, 1], [0, 0, 0, 1, 1, 1, 2, 2], True),  # one failed run
    ],
)
def test_levels_are_compared_within_units_where_these_tell_half_of_what_they_could(
    levels, units, within
):
    assert means_of(levels, units).within_units is within


def test_without_runs_there_are_no_means(scores):
    means = prepare_levels(scores, "f1", "amount", {"mode": "z"}).means()
    assert (means.value.size, means.levels, means.units, means.runs) == (0, 0, 0, 0)
    assert not means.within_units


def test_what_makes_the_levels(scores):
    assert factors_of(scores, "configuration") == ("amount", "mode")
    assert factors_of(scores, "mode") == ("mode",)
    assert factors_of(scores, ("mode", "amount")) == ("mode", "amount")
