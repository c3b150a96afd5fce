"""The answer as text, as JSON and as an exit code."""

import json
from collections import Counter
from dataclasses import replace

import pytest

from uphold.errors import InputError
from uphold.gate.answer import answer
from uphold.gate.log import LoopLog
from uphold.gate.replay import LoopRun

BASE = [1.0, 1.002, 0.998, 1.001, 0.999, 1.0]


def log(*runs: tuple[str, float], lower: bool = True) -> LoopLog:
    sign = -1.0 if lower else 1.0
    every = [("base", score) for score in BASE] + list(runs)
    found = [LoopRun(arm, sign * score) for arm, score in every]
    return LoopLog(found, "val_bpb", "commit", (), lower, ["scores are read from val_bpb"])


@pytest.mark.parametrize(
    ("scores", "first", "code"),
    [
        ([0.95, 0.951], "keep new: shown to gain", 0),
        ([1.05, 1.051], "discard new: shown to gain less than the margin", 1),
        ([], "run 1 more of new", 3),
        ([0.998], "run 1 more of new", 3),
    ],
)
def test_each_answer_has_its_code(scores, first, code):
    found = answer(log(*(("new", s) for s in scores)), "base", "new", 0.002)
    assert found.text().startswith(first)
    assert found.code == code


@pytest.mark.parametrize(
    ("lost", "most", "code"), [(2, 9, 3), (3, 9, 1), (9, 9, 1), (1, 1, 1), (0, 1, 3)]
)
def test_a_candidate_that_always_crashes_is_discarded(lost, most, code):
    crashed = replace(log(), lost=Counter({"new": lost}))
    found = answer(crashed, "base", "new", 0.002, most)
    assert found.code == code
    assert ("crashed or has no score" in found.text()) == (code == 1)
    some = replace(log(("new", 0.998)), lost=Counter({"new": lost}))
    assert "crashed" not in answer(some, "base", "new", 0.002, 9).text()


def test_the_change_is_in_the_direction_of_the_score():
    found = answer(log(("new", 0.95), ("new", 0.951)), "base", "new", 0.002)
    assert found.gain == pytest.approx(0.9505 - 1.0)
    assert "val_bpb −0.0495 (lower is better)" in found.text()


def test_json_holds_all_that_the_text_says():
    found = answer(log(("new", 0.95), ("new", 0.951)), "base", "new", 0.002).json()
    again = json.loads(json.dumps(found, allow_nan=False))
    assert again["decision"] == "keep" and again["runs"] == {"candidate": 2, "baseline": 6}
    assert again["evidence"] >= again["needed"] == pytest.approx(4000)
    lacking = answer(log(), "base", "new", 0.002).json()
    assert lacking["run"] == {"more": 1, "of": "candidate"} and lacking["evidence"] is None


@pytest.mark.parametrize(
    ("arms", "margin", "says"),
    [
        (("base", "new"), 0.0, "--margin is 0"),
        (("base", "new"), float("nan"), "--margin is nan"),
        (("base", "base"), 0.1, "are both 'base'"),
    ],
)
def test_what_makes_no_question_is_one_error(arms, margin, says):
    with pytest.raises(InputError, match=says):
        answer(log(), *arms, margin)


def test_runs_that_do_not_differ_show_no_noise():
    runs = [LoopRun(arm, 1.0) for arm in "aaaaaabb"]
    same = LoopLog(runs, "loss", "arm", (), True, [])
    with pytest.raises(InputError, match="one score to the last digit"):
        answer(same, "a", "b", 0.1)
