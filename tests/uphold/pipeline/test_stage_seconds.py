"""What stages take is foreseen by what they took, as fast as this machine has been so far."""

import pytest

from uphold.pipeline.stage_seconds import START_S, Foreseen, record, recorded


def test_own_seconds_have_precedence_and_scales_are_kept_apart(tmp_path):
    mine, committed = tmp_path / "mine.json", tmp_path / "committed.json"
    record(committed, "quick", {"train@a": 10.0, "train@b": 20.0})
    record(mine, "smoke", {"train@a": 1.0})
    assert recorded((committed, mine), "quick") == {"train@a": 10.0, "train@b": 20.0}
    record(mine, "quick", {"train@b": 30.004})
    assert recorded((committed, mine), "quick") == {"train@a": 10.0, "train@b": 30.0}
    assert recorded((committed, mine), "smoke") == {"train@a": 1.0}
    assert recorded((committed, mine), "full") == {}


def test_a_stage_without_a_record_takes_the_mean_of_its_verb():
    foreseen = Foreseen({"train@a": 10.0, "train@b": 20.0})
    assert foreseen.of(["train@a", "train@new"]) == pytest.approx(25.0)
    assert foreseen.of(["train@a", "analyze@new"]) is None


def test_finished_runs_are_left_out_but_for_the_start():
    foreseen = Foreseen({"train@a": 100.0, "train@b": 1.0}, {"train@a": 0.25, "train@b": 0.0})
    assert foreseen.of(["train@a"]) == pytest.approx(25.0)
    assert foreseen.of(["train@b"]) == pytest.approx(1.0)
    assert Foreseen({"train@a": 100.0}, {"train@a": 0.0}).of(["train@a"]) == START_S


def test_the_pace_of_this_machine_counts_more_with_each_stage():
    foreseen = Foreseen({"train@a": 50.0, "train@b": 100.0, "check@a": 0.1})
    foreseen.took("check@a", 1.0)
    assert 100.0 < foreseen.of(["train@b"]) < 120.0
    foreseen.took("train@a", 150.0)
    assert foreseen.of(["train@b"]) == pytest.approx(300.0, rel=0.1)
