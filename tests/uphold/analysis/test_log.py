import itertools
import json

import numpy as np
import pandas as pd
import pytest

from uphold.analysis.log import analyze_log


def grid(**levels) -> pd.DataFrame:
    return pd.DataFrame(list(itertools.product(*levels.values())), columns=list(levels))


@pytest.fixture
def table() -> pd.DataFrame:
    found = grid(mode=["b", "a"], seed=[1, 2, 3])
    # a: mean .53, differences from a to b: .10, .14, .12
    return found.assign(f1=[0.60, 0.66, 0.69, 0.50, 0.52, 0.57])


def test_the_first_level_in_sorted_order_is_the_baseline(make, table):
    (step,) = analyze_log(make(table, ["mode"]), "f1").found["effects"]["f1"]
    assert (step["factor"], step["from"], step["to"]) == ("mode", "a", "b")
    assert step["value"] == pytest.approx(0.12)
    assert step["n"] == 3


@pytest.mark.parametrize(("better", "first"), [("higher", "b"), ("lower", "a")])
def test_the_best_configuration_leads(make, table, better, first):
    found = analyze_log(make(table, ["mode"], better), "f1").found
    assert found["configurations"][0]["levels"] == {"mode": first}
    sign = 1 if better == "higher" else -1
    assert found["lead"]["value"] == pytest.approx(0.12 * sign)


def test_configurations_come_with_their_runs(make, table):
    best = analyze_log(make(table, ["mode"]), "f1").found["configurations"][0]
    assert best["scores"] == [0.60, 0.66, 0.69]
    assert best["metrics"]["f1"]["mean"] == pytest.approx(0.65)
    assert best["metrics"]["f1"]["n"] == 3


def test_what_is_beyond_a_page_is_counted(make):
    table = grid(width=range(13), mode=["a", "b"], seed=[1, 2])
    table["f1"] = np.linspace(0, 1, len(table))
    analysis = analyze_log(make(table, ["width", "mode"]), "f1")
    assert len(analysis.found["configurations"]) == 12
    assert analysis.found["count"] == 26
    assert {e["factor"] for e in analysis.found["effects"]["f1"]} == {"mode"}
    told = " ".join(analysis.left_out)
    assert "factors of more than 12 levels: width" in told
    assert "Of 26 configurations the best 12" in told


def test_steps_are_bounded_over_all_factors(make):
    names = [f"x{i}" for i in range(25)]
    table = pd.DataFrame({name: [0, 1] * 4 for name in names}).assign(seed=range(8), f1=0.5)
    analysis = analyze_log(make(table, names), "f1")
    assert len(analysis.found["effects"]["f1"]) == 20
    assert list(analysis.found["configurations"][0]["levels"]) == names[:8]
    assert any("leave out: x20, x21, x22, x23, x24." in text for text in analysis.left_out)


@pytest.mark.parametrize("scores", [[np.nan] * 6, [0.5] * 6, [np.inf, 1e300, 0.1, 0.2, 0.3, 0.4]])
def test_degenerate_scores_give_json(make, table, scores):
    found = analyze_log(make(table.assign(f1=scores), ["mode"]), "f1").found
    json.dumps(found, allow_nan=False)


def test_a_factor_may_be_called_as_a_column_of_the_analysis(make):
    table = grid(configuration=["p", "q"], place=[1, 2], seed=[1, 2])
    table["f1"] = [0.1, 0.2, 0.3, 0.5, 0.6, 0.7, 0.9, 0.8]
    found = analyze_log(make(table, ["configuration", "place"]), "f1").found
    assert found["configurations"][0]["levels"] == {"configuration": "q", "place": 2}
    assert found["lead"]["value"] == pytest.approx(0.2)
