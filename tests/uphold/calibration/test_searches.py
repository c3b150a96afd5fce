"""Searches that are made up."""

import numpy as np
import pytest

from uphold.calibration.searches import AT_RANDOM, trials
from uphold.calibration.tables import BASE, NOISE


def test_a_tenfold_rate_adds_what_was_asked_for():
    table = trials(4000, effect=5 * NOISE)(np.random.default_rng(1))
    slope, middle = np.polyfit(np.log10(table.rate), table.score, 1)
    assert slope == pytest.approx(5 * NOISE, rel=0.02)
    assert middle - 3 * slope == pytest.approx(BASE - NOISE, abs=0.1 * NOISE)
    assert (table.rate.min(), table.rate.max()) == pytest.approx((1e-5, 1e-1), rel=0.05)
    assert table.trial.is_unique and table.dropout.between(0, 0.5).all()


def test_a_search_that_learns_gathers_where_scores_are_good():
    apart, together = (
        trials(200, 0.0, learns)(np.random.default_rng(2)).width for learns in (False, True)
    )
    assert np.log2(together[AT_RANDOM:]).std() < 0.7 * np.log2(apart[AT_RANDOM:]).std()


def test_noise_grows_with_the_rate_where_it_is_uneven():
    table = trials(2000, uneven=0.9)(np.random.default_rng(3))
    rest = table.score - NOISE * (4 * table.dropout - 1 - 3 * ((np.log2(table.width) - 6) / 2) ** 2)
    high = table.rate > 1e-3
    assert rest[high].std() > 2 * rest[~high].std()
