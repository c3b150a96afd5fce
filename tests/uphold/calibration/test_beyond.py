"""Scenarios beyond what verdicts assume: each says so, and breaks one assumption."""

import numpy as np
import pytest

from uphold.calibration.beyond import beyond
from uphold.calibration.scenarios import SCENARIOS

FOUND = {scenario.title: scenario for scenario in beyond()}


def test_all_of_them_and_no_others_are_marked():
    assert set(FOUND) == {scenario.title for scenario in SCENARIOS if scenario.beyond}


@pytest.mark.parametrize("title", FOUND)
def test_a_case_draws_a_log_with_what_its_claims_need(title):
    for case in FOUND[title].cases:
        table = case.draw(np.random.default_rng(1))
        assert {*case.spec.factors, *case.spec.metrics} <= set(table.columns)
        assert np.isfinite(table["score"]).any() and set(case.effect) == set(case.spec.claims)


def test_where_one_arm_collapses_and_is_better_otherwise_the_means_are_equal():
    (title,) = [t for t in FOUND if t.startswith("equal means") and " 10 %" in t]
    case = FOUND[title].cases[-1]
    draws = [case.draw(np.random.default_rng(seed)) for seed in range(2_000)]
    means = np.array([d.groupby("arm")["score"].mean() for d in draws])
    gaps = means[:, 1] - means[:, 0]
    assert abs(gaps.mean()) < 4 * gaps.std() / np.sqrt(len(gaps))
