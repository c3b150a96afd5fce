import itertools
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from uphold.analysis.analyze import analyze
from uphold.analysis.model.runs import Design

from .promoted import PROMOTED


def grid(**levels) -> pd.DataFrame:
    return pd.DataFrame(list(itertools.product(*levels.values())), columns=list(levels))


@pytest.fixture
def table() -> pd.DataFrame:
    found = grid(mode=["b", "a"], seed=[1, 2, 3])
    # a: mean .53, differences from a to b: .10, .14, .12
    return found.assign(f1=[0.60, 0.66, 0.69, 0.50, 0.52, 0.57])


def test_the_first_level_in_sorted_order_is_the_baseline(make, table):
    (step,) = analyze(make(table, ["mode"]), "f1").effects["f1"]
    assert (step.factor, step.from_, step.to) == ("mode", "a", "b")
    assert step.value == pytest.approx(0.12)
    assert step.n == 3


@pytest.mark.parametrize(("better", "first"), [("higher", "b"), ("lower", "a")])
def test_the_best_configuration_comes_first_and_the_other_falls_short(make, table, better, first):
    found = analyze(make(table, ["mode"], better), "f1")
    best, other = found.configurations
    assert best.levels == {"mode": first}
    assert (found.best.compared, found.best.candidates) == (2, 1)
    assert (best.short.most, best.short.candidate) == (0, True)
    # One other: the upper end of the one-sided interval, .12 + t(.95; 2) × .02 / √3.
    assert other.short.most == pytest.approx(0.12 + 2.919986 * 0.02 / np.sqrt(3), abs=1e-7)
    assert not other.short.candidate


def test_configurations_come_with_their_runs(make, table):
    best = analyze(make(table, ["mode"]), "f1").configurations[0]
    assert best.scores == (0.60, 0.66, 0.69)
    assert best.metrics["f1"].mean == pytest.approx(0.65)
    assert best.metrics["f1"].n == 3


@pytest.mark.parametrize("scores", [[np.nan] * 6, [0.5] * 6, [np.inf, 1e300, 0.1, 0.2, 0.3, 0.4]])
def test_degenerate_scores_give_json(make, table, scores):
    found = analyze(make(table.assign(f1=scores), ["mode"]), "f1").dumped()
    json.dumps(found, allow_nan=False)


def test_a_factor_may_be_called_as_a_column_of_the_analysis(make):
    table = grid(configuration=["p", "q"], place=[1, 2], seed=[1, 2])
    table["f1"] = [0.1, 0.2, 0.3, 0.5, 0.6, 0.7, 0.9, 0.8]
    found = analyze(make(table, ["configuration", "place"]), "f1")
    assert found.configurations[0].levels == {"configuration": "q", "place": 2}
    last = found.configurations[-1]
    assert last.levels == {"configuration": "p", "place": 1}
    # In both seeds q at 1 scores .5 more: without noise the two cannot be told apart.
    assert last.short.most is None and last.short.candidate


def test_runs_without_a_partner_are_counted_in_a_log_and_not_named(make, table):
    elsewhere = table[table["mode"] == "a"].assign(place="y")
    both = pd.concat([table.assign(place="x"), elsewhere], ignore_index=True)
    (step, *_) = analyze(make(both, ["mode", "place"]), "f1").effects["f1"]
    assert (step.factor, step.unmatched, step.runs) == ("mode", 3, 6)
    assert step.value == pytest.approx(0.12)


def test_a_failed_run_leaves_its_seed_s_other_runs_in_the_effect(make, table):
    (step,) = analyze(make(table.drop(index=0), ["mode"]), "f1").effects["f1"]
    assert (step.unmatched, step.runs, step.n) == (0, 5, 3)


def test_a_log_and_a_sweep_of_the_same_runs_say_the_same(make, table):
    log = make(table, ["mode"])
    named = table.assign(configuration="mode=" + table["mode"], status="ok", failure=None)
    named["run"] = named["configuration"] + ", seed=" + named["seed"].astype(str)
    sweep = replace(log, scores=replace(log.scores, table=named, run="run"))
    design = Design(title="A sweep", kind="grid", levels={"mode": ["a", "b"]})
    one, other = analyze(log, "f1"), analyze(sweep, "f1", design, PROMOTED)
    assert one.anova == other.anova
    assert one.effects["f1"][0].dumped() | {"unmatched": []} == other.effects["f1"][0].dumped()
    assert [c.metrics for c in one.configurations] == [c.metrics for c in other.configurations]
    assert [c.configuration for c in other.configurations] == ["mode=b", "mode=a"]


def test_equal_means_of_a_sweep_go_by_name(make):
    table = grid(mode=["b", "a"], seed=[1, 2]).assign(f1=[0.5, 0.6, 0.6, 0.5], status="ok")
    table = table.assign(configuration="mode=" + table["mode"], failure=None, run=range(4))
    log = make(table, ["mode"], run="run")
    design = Design(title="A sweep", kind="grid", levels={"mode": ["b", "a"]})
    found = analyze(log, "f1", design, PROMOTED)
    assert [c.configuration for c in found.configurations] == ["mode=a", "mode=b"]


def test_ensembles_are_no_runs(make):
    """They are counted beside the runs that they are made of, and a failed one is no failed run."""
    rows = grid(members=[1], seed=[1, 2, 3, 4]).to_dict("records")
    rows += grid(members=[2], seed=[1, 3]).to_dict("records")
    table = pd.DataFrame(rows).assign(status="ok", failure=None, f1=np.arange(6) / 10)
    table["configuration"] = table["members"].map("members={}".format)
    table["run"] = table["configuration"] + ", seed=" + table["seed"].astype(str)
    failed = table["run"].isin(["members=1, seed=4", "members=2, seed=3"])
    table.loc[failed, ["status", "failure", "f1"]] = ["failed", "it diverged", np.nan]
    log = replace(make(table, ["members"], run="run"), members="members")
    design = Design(title="A sweep", kind="grid", levels={"members": [1, 2]})
    found = analyze(log, "f1", design, PROMOTED)
    assert (found.runs, found.ensembles) == (4, 2)
    assert found.failed == {"members=1, seed=4": "it diverged"}


def test_numeric_settings_come_with_their_range(make, table):
    log = make(table.assign(lr=[0.1, 0.2, 0.4, 0.1, np.nan, 0.3]), ["mode"])
    (found,) = analyze(replace(log, numeric={"lr": "log"}), "f1").numeric
    assert (found.name, found.scale, found.low, found.high) == ("lr", "log", 0.1, 0.4)
    assert (found.count, found.without) == (4, 1)
