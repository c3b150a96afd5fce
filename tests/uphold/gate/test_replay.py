"""A log is gone through in its order: proposals, baselines, levels."""

from math import exp, log

import numpy as np
import pytest

from uphold.gate.replay import FEWEST_RUNS, Loop, LoopRun
from uphold.gate.spending import level


def loop(*runs: tuple[str, float], margin: float = 1.0) -> Loop:
    found = Loop(margin)
    for arm, score in runs:
        found.add(LoopRun(arm, score))
    return found


BASE = [("a", score) for score in (0.0, 1.0, -1.0, 0.5, -0.5, 0.2)]


def test_proposals_count_in_the_order_of_their_first_runs():
    found = loop(*BASE, ("b", 0.1), ("c", 0.0), ("b", 0.2))
    assert [found.standing(arm, "a").proposal for arm in ("b", "c", "new")] == [1, 2, 3]
    assert found.standing("b", "a").runs == 2


def test_what_the_evidence_keeps_becomes_the_baseline_and_raises_later_levels():
    found = loop(*BASE, ("b", 20.0), ("b", 20.5), ("c", 20.1))
    assert found.baseline == "b"
    stands = found.standing("c", "b")
    assert (stands.proposal, stands.kept) == (2, 1)
    assert stands.needed == pytest.approx(-log(level(2, 1)))


def test_one_run_is_never_enough():
    found = loop(*BASE, ("b", 200.0))
    stands = found.standing("b", "a")
    assert exp(stands.evidence) > 1e4 and not stands.shown
    assert FEWEST_RUNS == 2 and found.baseline == "a"


def test_nothing_is_judged_before_the_noise_is_known():
    found = loop(("a", 0.0), ("b", 5.0), ("a", 0.1))
    assert found.standing("b", "a").gain is None


def test_the_margin_in_noise_is_settled_before_a_candidate_runs():
    """Its own runs must not choose what they are judged by."""
    calm = loop(*BASE, ("b", 3.0), ("b", 3.1), ("b", 2.9))
    wild = loop(*BASE, ("b", 3.0), ("b", 30.0), ("b", -30.0))
    assert calm._effects == wild._effects


def test_runs_of_one_seed_are_compared_with_each_other():
    rng = np.random.default_rng(1)
    shifts = 10 * rng.normal(size=8)
    runs = [LoopRun("a", shifts[s] + 0.1 * rng.normal(), str(s)) for s in range(8)]
    runs += [LoopRun("b", 1 + shifts[s] + 0.1 * rng.normal(), str(s)) for s in range(8)]
    paired, apart = Loop(1.0, [r.seed for r in runs]), Loop(1.0)
    for run in runs:
        paired.add(run)
        apart.add(run)
    assert paired.standing("b", "a").evidence > log(1e4)
    assert apart.standing("b", "a").evidence < log(10)
