"""The promise: reruns on other seeds raise an alarm in 5 % of comparisons at most, a shift does."""

import numpy as np
import pytest

from uphold.comparison.changes import changes
from uphold.comparison.findings import Findings, Judged

from .reruns import page, source

DRAWS = 300
CASES = {
    "as many seeds": ({"seeds": 8}, {"seeds": 8}),
    "few seeds": ({"seeds": 3}, {"seeds": 3}),
    "more seeds": ({"seeds": 3}, {"seeds": 8}),
    "many more": ({"seeds": 2}, {"seeds": 30}),
    "heavy tails": ({"heavy": True, "shared": 0}, {"heavy": True, "shared": 0}),
    "coarse scores": ({"seeds": 2, "steps": 1}, {"seeds": 2, "steps": 1}),
}


@pytest.mark.parametrize("case", CASES)
def test_reruns_on_other_seeds_raise_few_alarms(case):
    rng = np.random.default_rng(sorted(CASES).index(case))
    found = [changes(*(source(page(rng, **side)) for side in CASES[case])) for _ in range(DRAWS)]
    assert sum(one.alarm for one in found) <= 0.05 * DRAWS
    if case == "as many seeds":
        assert sum(bool(one.flipped) for one in found) > 0.5 * DRAWS, "verdicts do flip"


def test_a_shift_of_three_sd_is_found():
    rng = np.random.default_rng(3)
    found = [
        changes(source(page(rng, seeds=8)), source(page(rng, seeds=8, shift=3))) for _ in range(60)
    ]
    hits = [
        any((one.configuration, one.metric) == ("arm=0", "m0") for one, _ in each.moved)
        for each in found
    ]
    assert np.mean(hits) > 0.8


def claims(**judged: Judged) -> Findings:
    return Findings(judged, {}, {})


BEFORE = Judged("supported", 0.5, 0.4, 0.6, 0.001, 0.001, 8)


@pytest.mark.parametrize(
    ("after", "alarm"),
    [
        (Judged("inconclusive", 0.1, -0.05, 0.25, 0.2, 0.2, 8), True),
        (Judged("inconclusive", 0.45, 0.3, 0.6, 0.04, 0.06, 8), False),
        (Judged("supported", 0.1, 0.05, 0.15, 0.001, 0.001, 8), False),
        (Judged("void", 0.5, None, None, None, None, 8), True),
        (Judged("refuted", 0.1, None, None, 0.2, 0.2, 8), False),
    ],
)
def test_a_verdict_is_an_alarm_by_more_than_noise_or_where_it_became_void(after, alarm):
    found = changes(source(claims(c=BEFORE)), source(claims(c=after)))
    assert found.alarm is alarm
    assert len(found.alarming) + len(found.flipped) == (after.verdict != "supported")


def test_what_came_and_went_and_what_is_promoted_are_named():
    a = Findings({"c": BEFORE, "d": BEFORE}, {"x": {}}, {"s": "x", "t": "x"})
    b = Findings({"c": BEFORE, "e": BEFORE}, {"y": {}}, {"s": "y", "t": "x"})
    found = changes(source(a), source(b))
    assert (found.claims.came, found.claims.went) == ([("", "e")], [("", "d")])
    assert (found.configurations.came, found.configurations.went) == ([("", "y")], [("", "x")])
    assert [(one.sweep, one.before, one.after) for one in found.promoted] == [("s", "x", "y")]
    assert not found.alarm
    assert found.judged == 1
