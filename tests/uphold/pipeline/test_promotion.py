"""The promoted configuration: best mean among the stable ones, on validation data alone."""

import pandas as pd
import pytest

from uphold.pipeline.promotion import Promotion, promote
from uphold.pipeline.study import find

RULE = Promotion(by="validation_f1", stable_sd=0.05)
SETTINGS = {name: {"dropout": i / 10} for i, name in enumerate("abcd")}


def log(**scores):
    rows = [
        {"configuration": name, "validation_f1": value, "status": "ok" if value else "failed"}
        for name, values in scores.items()
        for value in values
    ]
    return pd.DataFrame(rows)


def test_the_best_mean_among_the_stable_is_promoted():
    chosen = promote(log(a=[0.7, 0.72], b=[0.99, 0.71], c=[0.74, 0.76]), SETTINGS, RULE)
    assert chosen["configuration"] == "c"
    assert chosen["settings"] == {"dropout": 0.2}
    assert chosen["mean"] == pytest.approx(0.75)
    # SD of .74 and .76: .02 / sqrt(2).
    assert chosen["sd"] == pytest.approx(0.0141421, abs=1e-6)
    assert (chosen["n"], chosen["stable"], chosen["configurations"]) == (2, 2, 3)
    assert chosen["rule_met"] is True


def test_a_configuration_with_a_failed_run_is_not_stable():
    chosen = promote(log(a=[0.9, 0.9, None], b=[0.5, 0.52, 0.5]), SETTINGS, RULE)
    assert chosen["configuration"] == "b"


def test_a_promoted_configuration_has_its_place_among_all_and_the_floor():
    table = log(a=[0.9, 0.7], b=[0.5, 0.51], c=[0.6, 0.8]).assign(validation_floor_f1=0.5)
    chosen = promote(table, SETTINGS, RULE, "validation_floor_f1")
    assert (chosen["configuration"], chosen["rank"], chosen["stable"]) == ("b", 3, 1)
    assert chosen["best"] == pytest.approx(0.8) and chosen["floor"] == 0.5
    less = promote(table, SETTINGS, RULE.model_copy(update={"higher": False}))
    assert (less["rank"], less["best"], less["floor"]) == (1, pytest.approx(0.505), None)


def test_where_none_is_stable_the_best_is_taken_and_it_says_so():
    chosen = promote(log(a=[0.2, 0.9], b=[0.6, 0.9]), SETTINGS, RULE)
    assert (chosen["configuration"], chosen["rule_met"], chosen["stable"]) == ("b", False, 0)


def test_less_can_be_better():
    rule = Promotion(by="validation_f1", higher=False, stable_sd=0.05)
    assert promote(log(a=[0.5, 0.5], b=[0.4, 0.4]), SETTINGS, rule)["configuration"] == "b"


def test_the_order_of_the_runs_has_no_influence():
    table = log(d=[0.7, 0.72], a=[0.72, 0.7])
    assert promote(table, SETTINGS, RULE) == promote(table[::-1], SETTINGS, RULE)
    assert promote(table, SETTINGS, RULE)["configuration"] == "a"


def test_nothing_is_promoted_where_every_run_failed():
    chosen = promote(log(a=[None, None]), SETTINGS, RULE)
    assert (chosen["settings"], chosen["n"], chosen["rule_met"]) == (None, 0, False)


def test_only_validation_scores_may_choose():
    assert "validation_f1" in find("calls").validation_scores
    assert not any("ood" in name or "iid" in name for name in find("calls").validation_scores)
