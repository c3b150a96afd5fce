"""Which steps are looked at, and how a step divides among bands of items."""

import pandas as pd
import pytest

from uphold.analysis.analyze import analyze
from uphold.analysis.model.runs import Design, SweepFound
from uphold.claims.log import Log
from uphold.claims.metric import Metric
from uphold.statistics.scores import Scores

from .promoted import PROMOTED

ARMS = ["A0", "A1", "A2"]
# Accuracy of low and high items by arm; 30 low items and 10 high ones.
LOW, HIGH = {"A0": 0.2, "A1": 0.3, "A2": 0.3}, {"A0": 0.8, "A1": 0.8, "A2": 0.9}
METRICS = {
    "accuracy": Metric(
        label="accuracy",
        better="higher",
        margin=0.01,
        items=40,
        bands={"low": "accuracy_low", "high": "accuracy_high"},
    ),
    "accuracy_low": Metric(label="low", better="higher", margin=0.01, items="items_low"),
    "accuracy_high": Metric(label="high", better="higher", margin=0.01, items=10),
}


def log(items_low: tuple[int, ...] = (30, 30, 30)) -> Log:
    rows = [
        {
            **{"run": f"{arm} {seed}", "configuration": f"arm={arm}", "arm": arm, "seed": seed},
            **{"status": "ok", "failure": None, "items_low": items_low[seed]},
            "accuracy_low": LOW[arm] + 0.01 * seed,
            "accuracy_high": HIGH[arm] - 0.02 * seed * (arm != "A0"),
        }
        for arm in ARMS
        for seed in range(3)
    ]
    table = pd.DataFrame(rows)
    table["accuracy"] = (30 * table["accuracy_low"] + 10 * table["accuracy_high"]) / 40
    return Log(Scores(table, ("arm",), "seed", run="run"), METRICS)


def analyzed(log: Log, kind: str, **more) -> SweepFound:
    design = Design(title="A sweep", kind=kind, **{"levels": {"arm": ARMS}} | more)
    return analyze(log, "accuracy", design, PROMOTED)


def steps(kind: str) -> list[tuple[str, str]]:
    return [(e.from_, e.to) for e in analyzed(log(), kind).effects["accuracy"]]


def test_steps_go_from_the_first_level_and_in_a_ladder_from_arm_to_arm():
    assert steps("listed") == [("A0", "A1"), ("A0", "A2")]
    assert steps("ladder") == [("A0", "A1"), ("A1", "A2")]


def test_the_parts_of_a_step_add_up_to_it():
    found = analyzed(log(), "ladder")
    first, _ = found.breakdowns["accuracy"]
    parts = first.parts
    assert list(parts) == ["low", "high", "overall"]
    # Low: .1 over 30 of 40 items; high: minus the mean of 0, .02 and .04 over 10 of 40.
    assert parts["low"].contribution.value == pytest.approx(0.1 * 30 / 40)
    assert parts["high"].contribution.value == pytest.approx(-0.02 * 10 / 40)
    assert parts["overall"].contribution.value == pytest.approx(0.075 - 0.005)
    assert found.effects["accuracy"][0].value == pytest.approx(0.07)
    assert first.sum == pytest.approx(0.07)


def test_bands_whose_items_differ_between_runs_are_not_added_up():
    assert analyzed(log((30, 30, 29)), "ladder").breakdowns == {}


SINGLES = {"plain": {}, "a": {"x": 1}, "b": {"y": 2}, "both": {"x": 1, "y": 2}}


def together(arms: dict, kind: str = "listed") -> dict:
    """Return what is found of arms by which low accuracy rises: a .1, b .05, both .12."""
    gains = {"plain": 0.0, "a": 0.1, "b": 0.05, "both": 0.12}
    rows = [
        {
            **{"run": f"{arm} {seed}", "configuration": f"arm={arm}", "arm": arm, "seed": seed},
            **{"status": "ok", "failure": None, "items_low": 30},
            "accuracy_low": 0.2 + gains[arm] + 0.01 * seed * (arm == "both"),
            "accuracy_high": 0.8,
            "accuracy": (30 * (0.2 + gains[arm]) + 10 * 0.8) / 40,
        }
        for arm in gains
        for seed in range(3)
    ]
    found = Log(Scores(pd.DataFrame(rows), ("arm",), "seed", run="run"), METRICS)
    return analyzed(found, kind, levels={"arm": list(gains)}, arms=arms).together


def test_single_arms_are_held_against_the_arm_that_joins_them():
    low = together(SINGLES)["accuracy_low"]
    assert {k: e.value for k, e in low.alone.items()} == pytest.approx(
        {"arm=a": 0.1, "arm=b": 0.05}
    )
    # .12 and the mean of 0, .01 and .02 over seeds; less .1 + .05.
    assert low.joint.value == pytest.approx(0.13)
    assert low.total.value == pytest.approx(0.15)
    assert low.excess.value == pytest.approx(-0.02)
    # The SD of 0, .01, .02 is .01; its error over 3 seeds times t(.975, 2) = 4.30265.
    assert low.excess.ci_high == pytest.approx(-0.02 + 4.30265 * 0.01 / 3**0.5, abs=1e-6)
    assert set(together(SINGLES)) == set(METRICS)


@pytest.mark.parametrize(
    "change",
    [{"both": {"x": 1, "y": 3}}, {"plain": {"z": 1}}, {"a": {"x": 1, "z": 1}}, {"b": {"x": 2}}],
)
def test_arms_of_which_none_joins_the_others_are_not_added_up(change):
    assert together({**SINGLES, **change}) == {}


def test_ladders_are_not_added_up():
    assert together(SINGLES, "ladder") == {}
