"""Of what was tried on fresh seeds nothing is told where anything that it rests on has changed."""

import json
from dataclasses import replace

import pandas as pd
import pytest

from uphold.analysis.model.replication import Replication
from uphold.claims.judge import judge
from uphold.errors import InputError
from uphold.pipeline.replicated import decisive, replication, state_of, tried

from ..conftest import STEP

EVALUATION = {"thresholds": 10}
SIDE = {
    **{"verdict": "supported", "value": 0.05, "ci_low": 0.04, "ci_high": 0.06},
    **{"p_adjusted": 0.001, "units": 4, "runs": 8},
}


@pytest.fixture
def runs(table) -> pd.DataFrame:
    name = "mixup=" + table["mixup"].astype(str) + ", ratio=" + table["ratio"].astype(str)
    return table.assign(configuration=name, key=[f"k{i}" for i in range(len(table))])


@pytest.fixture
def lifts(runs, relog, claim):
    """Return a function that judges a claim that holds, and gives the log."""

    def of(metric=None, **parts):
        log = relog(runs, metric=metric)
        parts = {"contrast": STEP, "expect": "increase", **parts}
        return judge({"one": log}, {"lifts": claim(**parts)})["lifts"], log

    return of


def test_the_state_is_that_of_all_that_a_verdict_rests_on(lifts, runs):
    j, log = lifts()
    state = state_of(j, log, runs, EVALUATION)
    assert state == state_of(j, log, runs.sample(frac=1, random_state=1), EVALUATION)
    assert j.verdict == "supported"
    retrained = runs.assign(key=runs["key"].mask(runs.index == 0, "other"))
    others = {
        state,
        state_of(*lifts(role="secondary"), runs, EVALUATION),
        state_of(*lifts(where={"ratio": 0}), runs, EVALUATION),
        state_of(*lifts(expect="difference"), runs, EVALUATION),
        state_of(*lifts(metric={"margin": 0.01}), runs, EVALUATION),
        state_of(replace(j, verdict="equivalent"), log, runs, EVALUATION),
        state_of(j, log, retrained, EVALUATION),
        state_of(j, log, runs, {"thresholds": 20}),
    }
    assert len(others) == 8


def test_neither_words_nor_runs_of_other_configurations_change_it(lifts, runs):
    j, log = lifts(where={"ratio": 0})
    state = state_of(j, log, runs, EVALUATION)
    said, _ = lifts(where={"ratio": 0}, says="Mixup helps.")
    elsewhere = runs.assign(key=runs["key"].mask(runs["ratio"] == 0.5, "other"))
    assert state == state_of(said, log, elsewhere, EVALUATION)


def found(state: str, outcome: str = "held") -> Replication:
    one = {"state": state, "outcome": outcome, "first": SIDE, "fresh": SIDE, "change": None}
    return Replication.model_validate({"claims": {"lifts": one}})


def test_how_a_decisive_verdict_stands(lifts):
    j, _ = lifts()
    judged = {"lifts": j, "open": replace(j, verdict="inconclusive")}
    assert list(decisive(judged)) == ["lifts"]

    def standing(replicated):
        one = tried(judged, replicated, lambda j: "now")
        assert list(one) == ["lifts"]
        return one["lifts"]

    assert standing(Replication()).outcome == "not tried"
    assert standing(found("now")).outcome == "held"
    assert standing(found("now", "contradicted")).found.fresh.units == 4
    before = standing(found("before"))
    assert (before.outcome, before.found) == ("of an earlier state", None)


def test_without_a_file_or_with_an_empty_one_nothing_was_tried(tmp_path):
    path = tmp_path / "replication.json"
    assert replication(path, "page") == Replication()
    path.write_text("{}")
    assert replication(path, "page") == Replication()


def test_a_file_that_is_none_says_the_way_out(tmp_path):
    path = tmp_path / "replication.json"
    path.write_text(json.dumps({"claims": {"lifts": {"outcome": "held"}}}))
    with pytest.raises(InputError, match=r"replication\.json .*run uphold replicate page again"):
        replication(path, "page")
