"""The scenarios: what they hold, and that what they say is true."""

import numpy as np
import pytest

from uphold.calibration.scenario import FAMILY, LIMIT
from uphold.calibration.scenarios import SCENARIOS
from uphold.calibration.tables import NOISE
from uphold.calibration.truth import false_verdicts
from uphold.error_rates import ALPHA

CASES = [(s, c) for s in SCENARIOS for c in s.cases]


def test_titles_and_designs_tell_them_apart():
    titles = [s.title for s in SCENARIOS]
    assert len(set(titles)) == len(titles)
    for scenario in SCENARIOS:
        designs = [case.design for case in scenario.cases]
        assert len(set(designs)) == len(designs)


def test_the_limit_leaves_room_above_the_level():
    assert ALPHA < LIMIT < 1.5 * ALPHA


@pytest.mark.parametrize(("scenario", "case"), CASES)
def test_a_log_is_read_and_some_verdict_about_it_is_false(scenario, case):
    found = case.judged(np.random.default_rng(3))
    assert set(found) == set(case.effect)
    assert not any(j.outcome.reason for j in found.values())
    false = [
        false_verdicts(claim, case.effect[name], case.margin, case.furthest)
        for name, claim in case.spec.claims.items()
    ]
    assert all(false)
    assert len(found) in (1, FAMILY // 3 + 1, FAMILY)


@pytest.mark.parametrize(
    ("scenario", "case"), [c for c in CASES if c[1].covered and not c[0].beyond]
)
def test_estimates_are_of_the_effect_that_is_said_to_be_true(scenario, case):
    # The claims of one log may share their noise, so that a log has one error.
    errors = [
        np.mean(
            [
                judgement.outcome.value - case.effect[name]
                for name, judgement in case.judged(np.random.default_rng([7, number])).items()
            ]
        )
        for number in range(10)
    ]
    error = np.array(errors)
    assert abs(error.mean()) < 4 * max(error.std(ddof=1) / np.sqrt(error.size), NOISE / 100)


BEYOND = [(s, c) for s, c in CASES if s.beyond]


@pytest.mark.parametrize(("scenario", "case"), BEYOND)
def test_beyond_what_is_assumed_means_are_as_they_are_said_to_be(scenario, case):
    """Ten logs may hold no collapse at all, so that many are drawn and none is judged."""
    arms = np.array(
        [
            case.draw(np.random.default_rng([7, number])).groupby("arm")["score"].mean().to_numpy()
            for number in range(400)
        ]
    )
    (claim,) = case.spec.claims.values()
    if claim.form == "bound":
        error = arms[:, 0] - case.effect["claim"]
    elif claim.form == "gain":
        error = arms[:, 0] - claim.gain.over - case.effect["claim"]
    else:
        error = arms[:, -1] - arms[:, 0] - case.effect["claim"]
    assert abs(np.nanmean(error)) < 4 * np.nanstd(error) / np.sqrt(error.size)


def test_collapses_of_one_arm_alone_and_of_both_stand_apart():
    assert {s.title.split(",")[0] for s, _ in BEYOND} >= {"equal means", "a loss of 1.6 margins"}
    (alike,) = [s for s in SCENARIOS if s.title.startswith("collapses alike in both arms")]
    assert not alike.beyond


def test_contexts_that_go_apart_are_said_to_be_as_far_as_they_are():
    apart = [case for _, case in CASES if case.furthest]
    assert len(apart) == 15
    for case in apart:
        table = np.mean(
            [
                case.draw(np.random.default_rng([5, i])).groupby(["context", "arm"])["score"].mean()
                for i in range(60)
            ],
            axis=0,
        ).reshape(-1, 2)
        effect = table[:, 1] - table[:, 0]
        assert np.abs(effect).max() == pytest.approx(case.furthest, abs=0.6 * NOISE)
        assert effect.mean() == pytest.approx(case.effect["claim"], abs=0.4 * NOISE)
