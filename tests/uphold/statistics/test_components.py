"""Variance components: against R, against mean squares by hand, and where nothing can be told."""

import numpy as np
import pandas as pd
import pytest

from uphold.statistics import components as module
from uphold.statistics.components import components
from uphold.statistics.scores import Scores

# Six folds crossed with three seeds, fold by fold.
Y = [
    *(0.613, 0.639, 0.648),
    *(0.611, 0.662, 0.646),
    *(0.622, 0.638, 0.622),
    *(0.482, 0.532, 0.533),
    *(0.630, 0.711, 0.695),
    *(0.529, 0.588, 0.632),
]
RANDOM = ("fold", "seed")


def runs(values=Y, folds=6, seeds=3) -> Scores:
    table = pd.DataFrame(
        {
            "fold": np.repeat(np.arange(folds), seeds),
            "seed": np.tile(np.arange(seeds), folds),
            "f1": values,
        }
    )
    return Scores(table, ("fold",), "seed")


def test_a_balanced_layout_has_the_components_that_r_finds():
    """The expected values are of R's nlme.

    d$g <- factor(1); m <- lme(y ~ 1, data = d,
      random = list(g = pdBlocked(list(pdIdent(~ fold - 1), pdIdent(~ seed - 1)))))
    VarCorr(m); summary(m)$tTable
    """
    found = components(runs(), "f1", RANDOM)
    assert found.method == "REML"
    expected = {"fold": 0.0030757, "seed": 0.00069389, "residual": 0.00038239}
    assert found.variances == pytest.approx(expected, rel=2e-3)
    assert found.mean == pytest.approx(0.6129444, abs=1e-7)
    assert found.se == pytest.approx(0.0276615, rel=1e-3)
    assert sum(found.shares.values()) == pytest.approx(1)
    assert found.total_sd**2 == pytest.approx(sum(expected.values()), rel=2e-3)
    assert found.apart == pytest.approx(2.771808 * found.total_sd)  # qnorm(.975) * sqrt(2)
    assert found.levels == {"fold": 6, "seed": 3}
    assert (found.runs, found.low, found.high) == (18, 0.482, 0.711)


def test_how_far_runs_lie_apart_has_the_interval_of_graybill_and_wang():
    """By hand, of the mean squares below: 5, 2 and 10 degrees of freedom."""
    found = components(runs(), "f1", RANDOM)
    parts = np.array([0.0096095 / 3, 0.0045457 / 6, 0.0003824 * (1 - 1 / 3 - 1 / 6)])
    below = np.array([1 - 5 / 12.8325, 1 - 2 / 7.37776, 1 - 10 / 20.4832])
    above = np.array([5 / 0.831212 - 1, 2 / 0.0506356 - 1, 10 / 3.24697 - 1])
    low = parts.sum() - np.sqrt(((below * parts) ** 2).sum())
    high = parts.sum() + np.sqrt(((above * parts) ** 2).sum())
    assert found.apart_low == pytest.approx(2.771808 * np.sqrt(low), rel=1e-4)
    assert found.apart_high == pytest.approx(2.771808 * np.sqrt(high), rel=1e-4)
    assert found.apart_low < found.apart < found.apart_high


def test_the_interval_holds_the_true_distance_as_often_as_it_says():
    draw = np.random.default_rng(3)
    true = 2.771808 * np.sqrt(0.04**2 + 0.01**2 + 0.04**2)
    inside = 0
    for _ in range(200):
        noise = (
            draw.normal(0, 0.04, (6, 1)) + draw.normal(0, 0.01, 3) + draw.normal(0, 0.04, (6, 3))
        )
        table = runs(noise.ravel()).table.rename(columns={"f1": "score"})
        low, high = module._range(table, RANDOM)
        inside += 2.771808 * np.sqrt(low) < true < 2.771808 * np.sqrt(high)
    assert 184 <= inside <= 198


def test_a_layout_that_is_not_balanced_has_no_interval():
    scores = runs()
    scores.table.loc[4, "f1"] = np.nan
    found = components(scores, "f1", RANDOM)
    assert np.isnan([found.apart_low, found.apart_high]).all()


def test_mean_squares_agree_where_all_components_are_positive(monkeypatch):
    """aov(y ~ fold + seed) has the mean squares .0096095, .0045457 and .0003824."""
    monkeypatch.setattr(module, "_reml", lambda *_: (None, "the mixed model did not converge"))
    found = components(runs(), "f1", RANDOM)
    assert found.method == "mean squares"
    assert "did not converge" in found.note
    expected = {
        "fold": (0.0096095 - 0.0003824) / 3,
        "seed": (0.0045457 - 0.0003824) / 6,
        "residual": 0.0003824,
    }
    assert found.variances == pytest.approx(expected, rel=1e-3)


def test_without_convergence_an_unbalanced_layout_has_no_components(monkeypatch):
    monkeypatch.setattr(module, "_reml", lambda *_: (None, "the mixed model did not converge"))
    scores = runs()
    scores.table.loc[4, "f1"] = np.nan
    found = components(scores, "f1", RANDOM)
    assert found.method == "none"
    assert "not balanced" in found.note
    assert np.isnan(found.variances["fold"])


def test_a_missing_run_still_has_a_mixed_model():
    scores = runs()
    scores.table.loc[4, "f1"] = np.nan
    found = components(scores, "f1", RANDOM)
    assert found.method == "REML"
    assert found.runs == 17
    assert found.variances["fold"] == pytest.approx(0.0030757, rel=0.2)


def test_what_does_nothing_has_a_component_near_zero():
    """Every seed repeats the same folds; what is left is a hundredth of them."""
    noise = np.tile([0.001, -0.001, 0.0, 0.0, -0.001, 0.001], 3)
    values = np.repeat([0.5, 0.6, 0.55, 0.7, 0.65, 0.5], 3) + noise
    found = components(runs(values), "f1", RANDOM)
    assert found.shares["fold"] > 0.99
    assert found.shares["seed"] < 0.01


@pytest.mark.parametrize("values", [np.full(18, 0.5), np.full(18, np.nan)])
def test_scores_without_spread_or_without_values_raise_nothing(values):
    found = components(runs(values), "f1", RANDOM)
    total = sum(found.variances.values())
    assert total == 0 if np.isfinite(values).all() else np.isnan(total)


def test_conditions_select_the_runs():
    table = runs().table
    both = pd.concat([table.assign(split="a"), table.assign(split="b", f1=table["f1"] + 0.1)])
    scores = Scores(both.reset_index(drop=True), ("fold", "split"), "seed")
    found = components(scores, "f1", RANDOM, where={"split": "b"})
    assert found.runs == 18
    assert found.mean == pytest.approx(0.7129444, abs=1e-6)
