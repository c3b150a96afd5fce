"""The one estimator: against R's clubSandwich, and in clean designs the classic tests."""

import tracemalloc

import numpy as np
import pytest
from scipy.stats import t as student
from scipy.stats import ttest_1samp, ttest_ind, ttest_rel

from uphold.statistics import clustered
from uphold.statistics.clustered import Plan, plan
from uphold.statistics.layout import Layout, laid_out

STEP = (-1.0, 1.0)
# Three arms × two contexts × six units, less five runs: arm by arm, in these context by context.
GAPS = [2, 9, 17, 20, 31]
Y = np.array(
    [
        *(1.9, 2.1, 0.2, -1.6, -1.1),
        *(1.1, 2.7, 0.6, -0.9, -1.6),
        *(-0.9, 2.2, 2.5, 2.0, 0.7),
        *(-1.0, 2.1, 3.0, -0.3, -0.6),
        *(-0.2, 1.5, 2.3, 2.9, 0.9, -1.4),
        *(3.1, 3.2, 1.6, -0.1, 0.4),
    ]
)


def design(arms: int, contexts: int, units: int, gaps=()) -> tuple[np.ndarray, ...]:
    """Return arm, context and unit of each value."""
    parts = np.indices((arms, contexts, units)).reshape(3, -1)
    return tuple(np.delete(parts, list(gaps), axis=1))


def taken(arm, context, unit, value, weights=STEP) -> tuple[Plan, float, float, float]:
    """Return the plan, the contrast, its standard error and its degrees of freedom."""
    layout, y, _ = laid_out(arm, context, unit, np.asarray(value, dtype=float), len(weights))
    planned = plan(layout, weights)
    value, variance, df = planned.estimate(y)
    return planned, value, np.sqrt(variance), df


@pytest.mark.parametrize(
    ("cells", "units", "expected"),
    [
        (True, True, (0.3575, 0.78410036954827, 4.6752005315215)),
        (True, False, (0.63, 0.86065672599475, 4.7058823529412)),
        (False, True, (0.35081338135932, 0.78573687302924, 4.6812200422468)),
        (False, False, (0.63, 0.85751630130938, 4.7123611058227)),
    ],
)
def test_gaps_by_each_model_as_r_has_it(cells, units, expected):
    """The expected values are of R's clubSandwich 0.5 and later.

    library(clubSandwich); d <- expand.grid(u=1:6, c=1:2, a=1:3)[-c(3, 10, 18, 21, 32), ]; d$y <- Y
    for (x in c("a", "c", "u")) d[[x]] <- factor(d[[x]]); d$cell <- interaction(d$a, d$c)
    f <- function(m, L) linear_contrast(m, vcovCR(m, cluster=d$u, type="CR2"),
      contrasts=matrix(L, 1), test="Satterthwaite")
    half <- c(-.5, .5, 0, -.5, .5, 0); step <- c(0, 1, 0, 0)
    f(lm(y ~ 0 + cell + u, d), c(half, rep(0, 5))); f(lm(y ~ 0 + cell, d), half)
    f(lm(y ~ a + c + u, d), c(step, rep(0, 5))); f(lm(y ~ a + c, d), step)
    """
    layout = Layout(*design(3, 2, 6, GAPS), np.ones(31), 3, 2, 6)
    planned = clustered._solved(layout, np.array([-1.0, 1.0, 0.0]), cells, units).planned()
    value, variance, df = planned.estimate(Y)
    assert (value, np.sqrt(variance), df) == pytest.approx(expected, rel=1e-10, abs=1e-9)
    assert planned.df == df


@pytest.mark.parametrize("contexts", [1, 4])
def test_without_gaps_it_is_the_paired_t_of_unit_means(contexts):
    arm, context, unit = design(2, contexts, 5)
    y = np.random.default_rng(0).normal(size=arm.size) + 3 * np.sin(unit)
    planned, value, se, df = taken(arm, context, unit, y)
    means = y.reshape(2, contexts, 5).mean(axis=1)
    expected = ttest_rel(means[1], means[0])
    assert planned.method == "paired t" and df == 4
    assert value == pytest.approx(np.diff(means.mean(axis=1))[0], rel=1e-10)
    assert value / se == pytest.approx(expected.statistic, rel=1e-10)


def test_units_of_their_own_are_welch_s_t():
    size = 4, 7
    arm = np.repeat([0, 1], size)
    y = np.random.default_rng(1).normal(size=11) * np.repeat([1.0, 5.0], size)
    planned, value, se, df = taken(arm, np.zeros_like(arm), np.arange(11), y)
    expected = ttest_ind(y[4:], y[:4], equal_var=False)
    assert planned.method == "Welch t"
    assert (value / se, df) == pytest.approx((expected.statistic, expected.df), rel=1e-10)


def test_one_arm_is_the_t_of_unit_means():
    arm, context, unit = design(1, 3, 6)
    y = np.random.default_rng(2).normal(0.3, 1, arm.size)
    planned, value, se, df = taken(arm, context, unit, y, (1.0,))
    expected = ttest_1samp(y.reshape(3, 6).mean(axis=0), 0)
    assert (planned.method, df) == ("t", 5)
    assert value / se == pytest.approx(expected.statistic, rel=1e-10)


def test_one_failed_run_of_thirty_keeps_the_comparison_within_units():
    """Two arms × 15 units far apart: p is 7e-7 with all runs, and Welch's would be .5 and more."""
    arm, context, unit = design(2, 1, 15)
    rng = np.random.default_rng(11)
    y = rng.normal(0, 0.01, 30) + 0.3 * rng.normal(size=15)[unit] + 0.025 * arm

    def p(keep):
        planned, value, se, df = taken(arm[keep], context[keep], unit[keep], y[keep])
        return planned.method, 2 * student.sf(abs(value / se), df)

    whole, gap = p(np.ones(30, dtype=bool)), p(np.arange(30) != 20)
    assert whole[0] == gap[0] == "paired t"  # the partner of the failed run does not count
    assert whole[1] < 1e-5 and whole[1] / 10 < gap[1] < whole[1] * 10
    assert ttest_ind(y[15:], y[:15]).pvalue > 0.5


@pytest.mark.parametrize(("cells", "units"), [(c, u) for c in (True, False) for u in (True, False)])
def test_averaging_contexts_of_one_kind_changes_nothing(cells, units):
    # Contexts 0 to 2 lack one run, each the same; 3 and 4 lack others.
    arm, context, unit = design(2, 5, 6)
    gone = ((context < 3) & (arm == 0) & (unit == 2)) | ((context >= 3) & (arm == 1) & (unit == 4))
    gone |= (context == 4) & (arm == 0) & (unit == 1)
    arm, context, unit = arm[~gone], context[~gone], unit[~gone]
    rng = np.random.default_rng(3)
    y = rng.normal(size=arm.size) + 2 * rng.normal(size=6)[unit]
    full = Layout(arm, context, unit, np.ones(arm.size), 2, 5, 6)
    short, mean, back = laid_out(arm, context, unit, y, 2)
    assert short.contexts == 3 and mean.size == 32 and back.size == arm.size == 54
    weights = np.array(STEP)
    one = clustered._solved(full, weights, cells, units).planned()
    other = clustered._solved(short, weights, cells, units).planned()
    assert one.estimate(y) == pytest.approx(other.estimate(mean), rel=1e-9)
    assert one.scale == pytest.approx(other.scale, rel=1e-9)


def test_the_scale_is_the_variance_in_units_of_that_of_one_value():
    """Four contexts of five shared units: (1 + 1) / 20; own units, 4 and 7: 1 / 4 + 1 / 7."""
    arm, context, unit = design(2, 4, 5)
    assert taken(arm, context, unit, np.arange(40.0))[0].scale == pytest.approx(0.1)
    arm = np.repeat([0, 1], [4, 7])
    own = taken(arm, np.zeros_like(arm), np.arange(11), np.arange(11.0) ** 2)[0]
    assert own.scale == pytest.approx(1 / 4 + 1 / 7)


def test_the_model_depends_on_the_design_and_never_on_a_value():
    arm, context, unit = design(3, 2, 6, GAPS)
    rng = np.random.default_rng(4)
    weights = (-1.0, 1.0, 0.0)
    plans = [taken(arm, context, unit, y, weights)[0] for y in rng.normal(size=(5, 31))]
    assert all(p is plans[0] for p in plans)


def test_where_fuller_models_are_too_thin_arms_and_contexts_stand_side_by_side():
    """Each unit was in one context alone, with one arm or both: cells leave no noise, sums do."""
    arm = np.array([0, 0, 1, 0, 1, 1])
    context = np.array([0, 1, 1, 2, 2, 0])
    unit = np.array([0, 1, 1, 2, 2, 3])
    planned, _, se, df = taken(arm, context, unit, [0.1, 0.4, 0.9, 0.2, 0.5, 0.8])
    assert se > 0 and df >= 1 and planned.method == "t"


def test_one_unit_tells_no_error():
    planned, value, se, df = taken(*design(2, 3, 1), [0.0, 0.0, 0.0, 1.0, 2.0, 3.0])
    assert value == pytest.approx(2) and np.isnan([se, df]).all() and planned.method == "none"


def test_an_arm_without_values_has_no_plan():
    arm, context, unit = design(1, 1, 4)
    layout, _, _ = laid_out(arm, context, unit, np.arange(4.0), 2)
    assert plan(layout, STEP) is None


@pytest.mark.parametrize("most", ["MOST_COLUMNS", "MOST_IN_A_UNIT"])
def test_designs_too_large_to_be_solved_by_cells_have_no_plan(monkeypatch, most):
    monkeypatch.setattr(clustered, most, 1)
    arm, context, unit = design(2, 2, 7, [5])
    layout, _, _ = laid_out(arm, context, unit, np.arange(27.0), 2)
    assert plan(layout, STEP) is None


def test_rounding_of_equal_differences_is_no_standard_error():
    arm, context, unit = design(2, 1, 4)
    y = np.array([0.1, 0.2, 0.3, 0.7, 0.1 + 0.2, 0.2 + 0.2, 0.3 + 0.2, 0.7 + 0.2])
    layout, y, _ = laid_out(arm, context, unit, y, 2)
    planned = plan(layout, STEP)
    assert planned.is_rounding(planned.estimate(y)[1], y)
    y[0] += 1e-9
    assert not planned.is_rounding(planned.estimate(y)[1], y)


def gapped(units: int) -> Layout:
    """Return a layout of two arms and 50 contexts, each of which lacks other runs."""
    arm, context, unit = design(2, 50, units)
    kept = np.random.default_rng(5).random(arm.size) > 0.1
    return laid_out(arm[kept], context[kept], unit[kept], np.zeros(kept.sum()), 2)[0]


@pytest.mark.parametrize("terms", [clustered.MOST_TERMS, 1])
@pytest.mark.parametrize("cells", [True, False])
@pytest.mark.parametrize("units", [True, False])
def test_many_values_of_a_unit_are_solved_as_few_are(monkeypatch, units, cells, terms):
    layout = gapped(12)
    assert np.bincount(layout.unit).min() > clustered.MOST_BY_ROOTS
    y = np.random.default_rng(6).normal(size=layout.unit.size)
    monkeypatch.setattr(clustered, "MOST_TERMS", terms)
    many = clustered._solved(layout, np.array(STEP), cells, units).planned()
    monkeypatch.setattr(clustered, "MOST_BY_ROOTS", 100)
    few = clustered._solved(layout, np.array(STEP), cells, units).planned()
    assert many.estimate(y) == pytest.approx(few.estimate(y), rel=1e-11)
    assert (many.df, many.scale) == pytest.approx((few.df, few.scale), rel=1e-11)


def test_many_gaps_make_no_matrix_of_values_by_columns():
    layout = gapped(100)
    tracemalloc.start()
    planned = plan(layout, STEP)
    planned.estimate(np.zeros(layout.unit.size))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert planned.method == "incomplete blocks t"
    assert most < 8 * layout.unit.size * 2 * layout.contexts / 2


@pytest.mark.parametrize("gone", [0.0, 0.2, 0.5])
def test_no_model_is_narrower_than_arms_alone(gone):
    rng = np.random.default_rng(7)
    for weights in np.array([(-1.0, 1.0, 0.0), (0.3, 0.3, 0.4)]):
        parts = np.array(design(3, 5, 8))
        parts = parts[:, rng.random(parts.shape[1]) >= gone]
        layout = laid_out(*parts, np.zeros(parts.shape[1]), 3)[0]
        least = clustered._least_width(layout, weights)
        solved = [
            clustered._solved(layout, np.array(weights), *m) for m in clustered._models(layout)
        ]
        widths = [c.expected_width(c.planned().df) for c in solved if c is not None]
        assert 0 < least < min(widths) < 2 * least
