"""Logs in percent: each check reads a column on its own scale."""

import numpy as np
import pytest

from .conftest import flags

SCORES = ["f1", "precision", "recall", "auroc"]


@pytest.fixture
def percent(counted):
    """The counted runs with each score in percent, to one decimal."""
    return counted.assign(**{c: (100 * counted[c]).round(1) for c in SCORES})


def test_a_sound_log_in_percent_gives_no_flag(percent, logged):
    assert flags(logged(percent, margin=1)) == {}


def test_columns_are_scaled_one_by_one(percent, counted, logged):
    percent["precision"] = counted["precision"]
    assert flags(logged(percent, margin=1)) == {}


def test_percentages_of_single_precision_are_no_mismatch(percent, logged):
    exact = 200 * percent.tp / (2 * percent.tp + percent.fp + percent.fn)
    percent["f1"] = exact.astype(np.float32).astype(float)
    assert flags(logged(percent, margin=1)) == {}


def test_percentages_that_the_counts_do_not_give(percent, logged):
    percent.loc[3, "f1"] += 0.3
    found = flags(logged(percent, margin=1))["counts-mismatch"]
    assert found.rows == ("r3",) and "F1 in 1 (by up to 0.3" in found.message


def test_below_chance_in_percent(percent, logged):
    # 49 of 100 positives found, none wrongly: F1 98/149; always positive: 2/3
    percent.loc[0, ["tp", "fp", "fn", "tn"]] = [49, 0, 51, 100]
    percent.loc[0, ["precision", "recall", "f1"]] = [100.0, 49.0, 65.8]
    percent.loc[1, "auroc"] = 49.9
    found = flags(logged(percent, margin=1))
    assert set(found) == {"below-chance"}
    assert found["below-chance"].rows == ("r0", "r1")
    assert "auroc is below 50 in 1; F1 is worse" in found["below-chance"].message


def test_thresholds_in_percent_have_the_edges_of_their_grid(percent, logged):
    percent["threshold"] = [100.0, 55.0] * 8
    assert flags(logged(percent, margin=1))["threshold-at-edge"].count == 8
    grid = {"column": "threshold", "grid": [0, 50, 100]}
    assert flags(logged(percent, margin=1, threshold=grid))["threshold-at-edge"].count == 8


def test_a_grid_of_logits_is_not_scaled(counted, logged):
    counted["threshold"] = [3.0, 1.0] * 8
    grid = {"column": "threshold", "grid": [-3, 3]}
    assert flags(logged(counted, threshold=grid))["threshold-at-edge"].count == 8


@pytest.mark.parametrize(("logged_in", "printed_in"), [(1, 100), (100, 1), (100, 100)])
def test_a_table_may_be_printed_on_the_other_scale(table, relog, logged_in, printed_in):
    # by hand: mean .6005, SD .00208 of .603 .598 .601 .600
    table["f1"] *= logged_in
    where = {"mixup": False, "ratio": 0}
    cell = {"mean": round(0.6 * printed_in, 2), "sd": round(0.002 * printed_in, 3)}
    metric = {"kind": "accuracy", "margin": 0.02 * logged_in}
    as_printed = [
        {"where": where, "f1": cell | ({"mean": 60.05, "sd": 0.208} if printed_in > 1 else {})}
    ]
    assert "published-mismatch" not in flags(relog(table, metric=metric, published=as_printed))
    cell["mean"] += 0.01 * printed_in
    off = [{"where": where, "f1": cell}]
    assert "published-mismatch" in flags(relog(table, metric=metric, published=off))
