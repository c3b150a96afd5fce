"""Which configurations are brought to which look, so that open claims are decided."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from uphold.claims.judge import judge
from uphold.claims.prospects import chance
from uphold.pipeline.design import Design
from uphold.pipeline.next_look import Swept, next_look, open_claims

LOOKS = [3, 5, 8]
# Three differences with a mean of 0 and a standard deviation of 1.
SHAPE = np.array([-1.0, 0.0, 1.0])


def step(arm: str, **more) -> dict:
    return {"contrast": {"factor": "arm", "from": "a", "to": arm}, "expect": "increase", **more}


@pytest.fixture
def situation(make, claim):
    """Return a function that gives claims about sweeps, judged, and the sweeps.

    Each sweep: arm to the mean and the SD of its differences from arm a; further keys are
    ``seconds`` and ``taken``. Each claim: its parts.
    """

    def of(sweeps: dict[str, dict], claims: dict[str, dict]):
        swept = {}
        for name, parts in sweeps.items():
            arms = {"a": (0.0, 0.0), **parts["arms"]}
            design = Design(
                kind="listed",
                arms={arm: {} for arm in arms},
                seeds=list(range(8)),
                looks=LOOKS,
                taken=parts.get("taken", {}),
            )
            rows = []
            for arm, (mean, noise) in arms.items():
                seeds = design.come_to.get(f"arm={arm}", 3)
                shape = np.resize(SHAPE, seeds)
                change = mean + noise * shape / max(shape.std(ddof=1), 1e-9)
                rows += [(arm, s, 0.5 + 0.01 * s + change[s]) for s in range(seeds)]
            table = pd.DataFrame(rows, columns=["arm", "seed", "f1"])
            log = make(table.assign(configuration="arm=" + table["arm"]), ["arm"], looks=LOOKS)
            swept[name] = Swept(design, log, parts.get("seconds", 2.0))
        logs = {name: one.log for name, one in swept.items()}
        made = {name: claim(**{"sweep": "one", **parts}) for name, parts in claims.items()}
        return judge(logs, made), swept

    return of


OPEN = (0.06, 0.03)
"""An effect that three seeds leave open."""


def test_a_claim_s_configurations_are_brought_to_a_declared_look(situation):
    arms = {"b": OPEN, "c": OPEN}
    judged, swept = situation({"one": {"arms": arms}}, {"b": step("b")})
    found = next_look(judged, swept)
    assert found.sweep == "one" and found.configurations == ("arm=a", "arm=b")
    assert found.look in (5, 8) and found.runs == 2 * (found.look - 3)
    assert found.seconds == 2.0 * found.runs
    assert found.claims == {"b": chance(judged["b"], found.look, LOOKS, 0.05)}
    assert found.expected > 0


def test_the_look_is_the_one_that_decides_most_in_a_second(situation):
    judged, swept = situation({"one": {"arms": {"b": OPEN}}}, {"b": step("b")})
    rates = {n: chance(judged["b"], n, LOOKS, 0.05) / (2 * (n - 3)) for n in (5, 8)}
    assert next_look(judged, swept).look == max(rates, key=rates.get)


def test_configurations_that_are_further_already_cost_nothing(situation):
    sweep = {"arms": {"b": OPEN}, "taken": {8: ["arm=a"]}}
    judged, swept = situation({"one": sweep}, {"b": step("b")})
    found = next_look(judged, swept)
    assert found.configurations == ("arm=b",) and found.runs == found.look - 3


def test_claims_that_share_the_runs_are_counted_together(situation):
    """Bringing a and b further decides both claims about them, and not the one about c."""
    claims = {"up": step("b"), "down": step("b", expect="decrease"), "c": step("c")}
    judged, swept = situation({"one": {"arms": {"b": OPEN, "c": (0.05, 0.03)}}}, claims)
    found = next_look(judged, swept)
    assert found.configurations == ("arm=a", "arm=b") and set(found.claims) == {"up", "down"}
    assert found.expected == pytest.approx(2 * found.claims["up"])
    # Both directions are one test, and c another: the level is .05 / 3 for three claims.
    assert found.claims["up"] == chance(judged["up"], found.look, LOOKS, 0.05 / judged["up"].family)


def test_a_secondary_claim_has_the_level_that_its_family_leaves(situation):
    claims = {"b": step("b", role="secondary"), "c": step("c", role="secondary")}
    judged, swept = situation({"one": {"arms": {"b": OPEN, "c": (0.0, 0.2)}}}, claims)
    found = next_look(judged, swept)
    assert found.claims["b"] == chance(judged["b"], found.look, LOOKS, 0.05 / 2)


@pytest.mark.parametrize(("seconds", "first"), [((1.0, 9.0), "one"), ((9.0, 1.0), "two")])
def test_of_two_sweeps_the_one_that_takes_less_time_comes_first(situation, seconds, first):
    sweeps = {
        name: {"arms": {"b": OPEN}, "seconds": s}
        for name, s in zip(("one", "two"), seconds, strict=True)
    }
    judged, swept = situation(sweeps, {n: step("b", sweep=n) for n in sweeps})
    assert next_look(judged, swept).sweep == first


def test_the_budget_bounds_time_and_runs(situation):
    judged, swept = situation({"one": {"arms": {"b": OPEN}}}, {"b": step("b")})
    assert next_look(judged, swept, most_runs=3) is None
    assert next_look(judged, swept, most_runs=4).look == 5
    assert next_look(judged, swept, most_seconds=7.9) is None
    assert next_look(judged, swept, most_seconds=8.0).look == 5


def test_nothing_is_left_where_all_looks_were_taken(situation):
    sweep = {"arms": {"b": (0.03, 0.1)}, "taken": {8: ["arm=a", "arm=b"]}}
    judged, swept = situation({"one": sweep}, {"b": step("b")})
    assert list(open_claims(judged)) == ["b"] and next_look(judged, swept) is None


def test_what_is_decided_or_helped_by_no_seed_is_not_open(situation):
    claims = {"sure": step("b"), "open": step("c"), "nowhere": step("b", where={"arm": "a"})}
    judged, swept = situation({"one": {"arms": {"b": (0.9, 0.0001), "c": OPEN}}}, claims)
    assert judged["sure"].verdict == "supported" and judged["nowhere"].outcome.reason
    assert list(open_claims(judged)) == ["open"]
    assert set(next_look(judged, swept).claims) == {"open"}
    outcome = replace(judged["open"].outcome, seeds_help=False)
    assert open_claims({"open": replace(judged["open"], outcome=outcome)}) == {}


def test_a_sweep_without_looks_is_no_place_for_a_step(situation):
    judged, swept = situation(
        {"one": {"arms": {"b": OPEN}}, "two": {"arms": {"b": OPEN}}}, {"b": step("b", sweep="two")}
    )
    assert next_look(judged, {"one": swept["one"]}) is None
    assert next_look(judged, swept).sweep == "two"
