"""Loops of proposals: what is counted, and that the figures in git are of this code."""

import json
from pathlib import Path

import pytest

from uphold.calibration import loops
from uphold.calibration.loops import CASES, PROPOSALS, LoopCase, fixed, tally

ROOT = Path(__file__).parents[3]


def test_the_loops_in_git_were_decided_by_this_code():
    found = json.loads((ROOT / "results/calibration/gate.json").read_text("utf-8"))
    assert found["code"] == loops.code(), "run bench/gate.py again"
    assert list(found["cases"]) == list(CASES)


def test_a_design_that_is_fixed_takes_what_its_power_takes():
    """By statsmodels: 35.6 runs an arm for a margin of 1 SD at .0005, one-sided, power .8."""
    from statsmodels.stats.power import TTestIndPower

    runs = TTestIndPower().solve_power(1.0, alpha=0.05 / PROPOSALS, power=0.8, alternative="larger")
    assert fixed(1.0) / 2 == pytest.approx(runs, abs=1)


def test_what_is_kept_and_gained_is_counted_apart(monkeypatch):
    monkeypatch.setattr(loops, "PROPOSALS", 20)
    monkeypatch.setitem(CASES, "sure", LoopCase("", 8.0, gains=True))
    found = tally("sure", 1, range(3))
    assert (found["found"].hits, found["found"].draws) == (6, 6)
    assert (found["any"].hits, found["any"].draws) == (0, 3)
    assert found["naive any"].hits == 3
    assert tally("sure", 1, range(3)) == found


def test_what_gains_nothing_is_seldom_kept():
    """A gate without a share for each proposal would keep some in most loops."""
    found = tally("idle-two", 2, range(8))
    assert found["any"].hits <= 1
    assert found["runs"].value < fixed(2.0) / 2
