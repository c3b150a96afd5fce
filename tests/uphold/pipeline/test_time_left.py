"""The time left of recorded trainings, lane by lane, is about what they still took."""

import json
from pathlib import Path

import pytest

from uphold.pipeline.time_left import TimeLeft

# Of scale smoke on two busy cores, as their journals have them: the settings that differ, and of
# each run its arm, its seconds, and when it ended, in whole seconds.
TRAININGS = json.loads(Path(__file__).with_name("trainings.json").read_text())


def told(training: dict) -> list[tuple[float, float]]:
    """Return what was left and what was said to be left, whenever it could be said."""
    runs, arms = training["runs"], training["arms"]
    foreseen, end, found = TimeLeft([arms[arm] for arm, _, _ in runs]), runs[-1][2], []
    for (arm, seconds, now), (_, _, after) in zip(runs, [*runs[1:], [0, 0, end]], strict=True):
        foreseen.ended(arms[arm], seconds, now)
        left = foreseen.at(now)
        if left is not None and end / 10 <= now < after:
            found.append((end - now, left))
    return found


@pytest.mark.parametrize("sweep", TRAININGS)
def test_the_time_left_is_right_within_a_factor_of_2(sweep):
    # Give or take the second to which it is known when runs ended.
    ratios = [(said + 1) / (left + 1) for left, said in told(TRAININGS[sweep])]
    assert len(ratios) > 10
    near = [ratio for ratio in ratios if 1 / 2 <= ratio <= 2]
    assert len(near) >= 0.9 * len(ratios)
    assert max(ratios) < 2.5 and min(ratios) > 1 / 2.5


def test_runs_are_taken_by_their_settings_and_not_by_their_number():
    long, short = {"epochs": 100, "mixup": 1}, {"epochs": 1, "mixup": 1}
    foreseen = TimeLeft([long] * 6 + [short] * 100 + [{"epochs": 1, "mixup": 0}] * 100)
    now = 0.0
    for seconds in (100.0, 99.9, 100.1, 99.8, 100.2, 100.3):
        foreseen.ended(long, seconds, now := now + seconds)
    foreseen.ended(short, 1.0, now := now + 1.0)
    assert foreseen.at(now) == pytest.approx(99 + 100, rel=0.01)
    assert foreseen.at(now + 10.0) == pytest.approx(99 + 100 - 10, rel=0.01)


def test_runs_of_which_none_has_ended_are_taken_by_their_epochs():
    long, other = {"epochs": 30, "mixup": 1}, {"epochs": 30, "mixup": 0}
    short = {"epochs": 5, "mixup": 0}
    foreseen, now = TimeLeft([long] * 4 + [other] * 2 + [short] * 10), 0.0
    for settings, seconds in (
        (long, 60.0),
        (long, 60.1),
        (long, 59.9),
        (long, 60.2),
        (other, 30.0),
    ):
        foreseen.ended(settings, seconds, now := now + seconds)
    assert foreseen.at(now) == pytest.approx(30 + 10 * 5, rel=0.01)


def test_warming_up_is_not_taken_for_work_and_nothing_is_said_before_more_is_known():
    foreseen = TimeLeft([{"a": 1}] * 10)
    assert foreseen.at(0.0) is None
    foreseen.ended({"a": 1}, 20.0, 20.0)
    assert foreseen.at(20.0) is None
    foreseen.ended({"a": 1}, 1.0, 21.0)
    assert foreseen.at(21.0) == pytest.approx(8.0)
    slow = TimeLeft([{"a": 1}] * 10)
    slow.ended({"a": 1}, 3600.0, 3600.0)
    assert slow.at(3600.0) == pytest.approx(9 * 3600.0)


def test_lanes_of_several_runs_are_taken_whole():
    foreseen = TimeLeft([{"a": 1}] * 64)
    for ended in (100.0, 101.0, 200.0, 201.0):
        share = 12.5 + ended / 1000
        assert foreseen.begins(share)
        for _ in range(8):
            foreseen.ended({"a": 1}, share, ended)
            assert not foreseen.begins(share)
        if ended > 100.0:  # two lanes at once, of which the next begins: 8 runs in 50 s
            left = sum(foreseen._left) / 16 * 100
            assert left / 2 <= foreseen.at(ended) <= 2 * left
