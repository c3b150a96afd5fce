"""What to do follows from the evidence, and what is asked for brings it nearer."""

from math import log

import numpy as np
import pytest

from uphold.gate.decision import MISSED, decide
from uphold.gate.evidence import Gain
from uphold.gate.replay import FEWEST_DF, Loop, Run, Standing


def standing(**changes) -> Standing:
    found = {
        "proposal": 1, "kept": 0, "runs": 3, "of_baseline": 6, "sd": 1.0, "df": 10,
        "gain": Gain(0.5, 1.0, 10, (1 / 3 + 1 / 6) ** 0.5),
        "evidence": 0.0, "against": 0.0, "needed": log(4000),
    }  # fmt: skip
    return Standing(**found | changes)


@pytest.mark.parametrize(
    ("changes", "decision", "of"),
    [
        ({"evidence": log(4000)}, "keep", None),
        ({"evidence": log(4000), "runs": 1}, "run", "candidate"),
        ({"against": log(1 / MISSED)}, "discard", None),
        ({"df": FEWEST_DF - 1, "gain": None}, "run", "baseline"),
        ({"runs": 0, "gain": None}, "run", "candidate"),
        ({"runs": 10}, "run", "baseline"),
        ({}, "run", "candidate"),
    ],
)
def test_each_standing_has_its_decision(changes, decision, of):
    found = decide(standing(**changes), 1.0)
    assert (found.decision, found.of) == (decision, of)
    assert (found.runs > 0) == (decision == "run")


def test_a_budget_that_is_spent_discards():
    found = decide(standing(), 1.0, most=3)
    assert found.decision == "discard" and "within 3 runs" in found.why
    assert decide(standing(), 1.0, most=4).runs == 1


def test_more_evidence_asks_for_fewer_runs_and_never_for_more_than_there_are():
    far, near = (decide(standing(evidence=e, runs=6), 1.0).runs for e in (0.0, log(3000)))
    assert near <= far <= 6
    assert decide(standing(runs=2), 0.01).runs == 2


@pytest.mark.parametrize(("gain", "decision"), [(0.0, "discard"), (1.5, "keep"), (-1.0, "discard")])
def test_asking_and_running_comes_to_an_end(gain, decision):
    rng = np.random.default_rng(5)
    loop = Loop(1.0)
    loop.add(Run("a", rng.normal()))
    for _ in range(200):
        found = decide(loop.standing("b", "a"), 1.0)
        if found.decision != "run":
            break
        for _ in range(found.runs):
            arm = "a" if found.of == "baseline" else "b"
            loop.add(Run(arm, rng.normal() + gain * (arm == "b")))
    assert found.decision == decision
