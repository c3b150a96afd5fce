"""Seeds for an effect as large as seen, held against drawn runs."""

import numpy as np
import pytest
from scipy.special import stdtrit

from uphold.claims.as_seen import as_seen
from uphold.statistics.estimate import Estimate
from uphold.statistics.power import seeds_needed

SD, MARGIN, KNOWN = 0.03, 0.02, 1_000_000


def estimate(value: float, seeds: int = KNOWN) -> Estimate:
    """Return an estimate from so many seeds whose differences have the SD above."""
    se = SD / np.sqrt(seeds)
    return Estimate.from_t(
        value, se, seeds - 1, n=2 * seeds, runs=2 * seeds, seeds=seeds, method="paired t"
    )


def planned(value: float, bounded: bool = True, seeds: int = KNOWN, alpha: float = 0.05):
    return as_seen(estimate(value, seeds), value, MARGIN, alpha, bounded)


@pytest.mark.parametrize("alpha", [0.05, 0.005])
@pytest.mark.parametrize("value", [0.035, -0.022, 0.004, -0.009])
def test_so_many_drawn_runs_decide_in_four_of_five(value, alpha):
    plan = planned(value, alpha=alpha)
    n = plan.needed.high
    assert plan.within == (abs(value) < MARGIN) and plan.needed.low in (n - 1, n)
    drawn = np.random.default_rng(0).normal(value, SD, (20_000, n))
    mean, se = drawn.mean(1), drawn.std(1, ddof=1) / np.sqrt(n)
    if plan.within:
        decided = (np.abs(mean) - MARGIN) / se < stdtrit(n - 1, alpha)
    else:
        decided = np.abs(mean) / se > stdtrit(n - 1, 1 - alpha / 2)
    assert 0.79 < decided.mean() < 0.87


def test_an_effect_of_one_margin_or_more_is_to_be_seen():
    plan = planned(0.025)
    assert not plan.within
    assert plan.needed == seeds_needed(SD / np.sqrt(KNOWN), KNOWN - 1, KNOWN, 0.025)
    assert planned(0.05).needed.high < plan.needed.high


def test_a_smaller_one_is_to_be_ruled_out_or_seen_whichever_takes_fewer():
    assert planned(0.004).within and planned(0.0).within
    assert not planned(0.019).within
    assert planned(0.0, seeds=KNOWN).needed == seeds_needed(
        SD / np.sqrt(KNOWN), KNOWN - 1, KNOWN, MARGIN, "equivalence"
    )


def test_where_it_cannot_be_shown_to_be_within_it_can_only_be_seen():
    assert planned(0.004, bounded=False) is None
    assert not planned(0.015, bounded=False).within


def test_the_range_is_that_of_the_spread():
    low, high = planned(0.035, seeds=3).needed
    assert low < planned(0.035).needed.low < (high or 101)


def test_without_a_spread_there_is_no_plan():
    flat = Estimate.from_t(0.1, 0.0, 2, n=6, runs=6, seeds=3, method="paired t")
    assert as_seen(flat, 0.1, MARGIN, 0.05, True) is None
