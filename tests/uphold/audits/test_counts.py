import numpy as np
import pytest

from uphold.claims.spec import Spec
from uphold.runlog.make_log import make_log

from .conftest import flags


def test_a_sound_log_gives_no_flag(counted, logged):
    assert flags(logged(counted)) == {}


@pytest.mark.parametrize("column", ["f1", "precision", "recall"])
def test_scores_that_the_counts_do_not_give(counted, logged, column):
    counted.loc[5, column] += 0.002
    found = flags(logged(counted))["counts-mismatch"]
    assert (found.severity, found.count, found.unit, found.rows) == ("error", 1, "runs", ("r5",))
    assert f"{'F1' if column == 'f1' else column} in 1 (by up to 0.00" in found.message


def test_rounding_is_no_mismatch(counted, logged):
    counted["f1"] = counted["f1"].round(2)
    assert "counts-mismatch" not in flags(logged(counted))


@pytest.mark.parametrize(
    ("kind", "exact"),
    [("accuracy", lambda t: (t.tp + t.tn) / 200), ("error", lambda t: (t.fp + t.fn) / 200)],
)
def test_accuracy_and_error_are_recomputed_too(counted, logged, kind, exact):
    counted["f1"] = exact(counted)
    assert "counts-mismatch" not in flags(logged(counted, kind=kind))
    counted.loc[0, "f1"] += 0.01
    assert flags(logged(counted, kind=kind))["counts-mismatch"].count == 1


def test_the_order_of_the_confusion_matrix_shows(counted, logged):
    swapped = {"tp": "tn", "fp": "fn", "fn": "fp", "tn": "tp"}
    assert flags(logged(counted, counts=swapped))["counts-mismatch"].count == 16


def test_undefined_scores_that_were_stored(counted, logged):
    counted.loc[2, ["tp", "fp", "fn", "tn"]] = [0, 0, 0, 200]
    counted.loc[2, ["f1", "precision", "recall", "auroc"]] = [0.0, 0.0, np.nan, 1.0]
    found = flags(logged(counted))["undefined-score"]
    assert (found.severity, found.count, found.rows) == ("error", 1, ("r2",))
    for column in ("F1 in 1", "precision in 1", "auroc in 1"):
        assert column in found.message
    assert "recall" not in found.message  # it was left empty, as it should be


def test_undefined_scores_that_were_left_empty_are_right(counted, logged):
    counted.loc[2, ["tp", "fp", "fn", "tn"]] = [0, 0, 0, 200]
    counted.loc[2, ["f1", "precision", "recall", "auroc"]] = np.nan
    assert set(flags(logged(counted))) == {"nonfinite", "unpaired-seeds"}


def test_a_defined_zero_is_not_undefined(counted, logged):
    counted.loc[2, ["tp", "fp", "fn", "tn"]] = [0, 5, 100, 95]
    counted.loc[2, ["f1", "precision", "recall"]] = 0.0
    assert set(flags(logged(counted))) == {"below-chance"}


def test_evaluation_sets_that_vary(counted, logged):
    counted.loc[[1, 9], "tn"] += [1, 50]
    found = flags(logged(counted))["evaluation-set-varies"]
    assert (found.severity, found.count, found.rows) == ("error", 2, ("r1", "r9"))
    assert "200 to 250 items" in found.message and "test sets" in found.message


def test_evaluation_sets_that_belong_to_the_seed_leave_matched_runs_comparable(counted, logged):
    counted.loc[counted["seed"] == 2, "tn"] += 10
    found = flags(logged(counted))["evaluation-set-varies"]
    assert (found.severity, found.count) == ("warning", 4) and "contrasts stand" in found.message


def test_below_chance(counted, logged):
    counted.loc[:2, "auroc"] = [0.49, 0.5, 0.3]
    found = flags(logged(counted))["below-chance"]
    assert (found.severity, found.count, found.rows) == ("warning", 2, ("r0", "r2"))


def test_the_floor_of_f1_is_always_positive(counted, logged):
    # 100 of 200 positive: always positive has precision 1/2, recall 1, F1 2/3.
    counted.loc[0, ["tp", "fp", "fn", "tn", "precision", "recall", "f1"]] = [
        *(50, 0, 50, 100, 1.0, 0.5, 0.667)
    ]
    assert "below-chance" not in flags(logged(counted))
    counted.loc[0, ["tp", "fp", "fn", "tn", "precision", "recall", "f1"]] = [
        *(49, 0, 51, 100, 1.0, 0.49, 0.658)
    ]
    assert flags(logged(counted))["below-chance"].rows == ("r0",)


@pytest.mark.parametrize(
    ("kind", "value", "worse"),
    [("accuracy", 0.49, True), ("error", 0.51, True), ("accuracy", 0.5, False)],
)
def test_the_floor_of_accuracy_is_the_larger_class(counted, logged, kind, value, worse):
    counted["f1"] = (
        (counted.tp + counted.tn) / 200 if kind == "accuracy" else (counted.fp + counted.fn) / 200
    )
    counted.loc[0, "f1"] = value
    assert ("below-chance" in flags(logged(counted, kind=kind))) is worse


def test_a_metric_that_is_an_auroc_is_held_to_one_half(table, relog):
    found = flags(relog(table.assign(f1=table.f1 - 0.12), metric={"kind": "auroc"}))
    assert found["below-chance"].count == 8


def test_runs_at_the_floor_that_the_log_tells(table, relog, claim):
    floors = {"floor": {"columns": ["commonest", "evenly"]}}
    told = table.assign(commonest=0.25, evenly=0.3)
    told.loc[:2, "f1"] = [0.3, 0.31, 0.2]
    claims = {"at": claim(gain={"at_least": 0.1, "over": 0})}
    found = flags(relog(told, metric=floors), claims)["below-chance"]
    assert (found.severity, found.rows, found.claims) == ("warning", ("r0", "r2"), ("at",))
    assert "F1 is at most what a guess scores (0.3) in 2. Such" in found.message
    told["evenly"] = np.nan  # where one guess is unknown, the other is the floor
    assert flags(relog(told, metric=floors))["below-chance"].rows == ("r2",)


def test_the_floor_of_an_error_lies_above_it(table, relog):
    told = table.assign(blind=0.9)
    told.loc[0, "f1"] = 0.9
    found = flags(relog(told, metric={"better": "lower", "floor": {"columns": ["blind"]}}))
    assert found["below-chance"].rows == ("r0",)
    assert "F1 is at least what a guess scores (0.9) in 1" in found["below-chance"].message


def test_what_one_metric_tells_of_a_run_is_told_once_and_touches_the_claims_about_others(
    table, values, claim
):
    floor = {"floor": {"columns": ["blind"], "of": "f1"}}
    told = table.assign(blind=0.3, rare=0.0)
    told.loc[0, "f1"] = 0.3
    f1 = values["metrics"]["f1"]
    metrics = {"f1": {**f1, **floor}, "rare": {**f1, "label": "rare F1", **floor}}
    log = make_log(told, Spec.model_validate({**values, "metrics": metrics}), "runs.csv")
    claims = {"about": claim(metric="rare", gain={"at_least": 0.1, "over": 0})}
    found = flags(log, claims)["below-chance"]
    assert (found.rows, found.claims) == (("r0",), ("about",))
    assert found.message.count("what a guess scores") == 1


@pytest.mark.parametrize("items", [30, "n"])
def test_means_that_the_items_cannot_give(table, relog, items):
    table["f1"] = np.round(np.arange(10, 26) / 30, 3)
    assert "impossible-mean" not in flags(
        relog(table.assign(n=30), metric={"kind": "accuracy", "items": items})
    )
    table.loc[4, "f1"] = 0.45  # 13.5 of 30
    found = flags(relog(table.assign(n=30), metric={"kind": "accuracy", "items": items}))[
        "impossible-mean"
    ]
    assert (found.severity, found.count, found.rows) == ("error", 1, ("r4",))


def test_percentages_are_proportions(table, relog):
    table["f1"] = np.round(100 * np.arange(10, 26) / 30, 1)
    metric = {"kind": "accuracy", "items": 30, "margin": 1}
    assert "impossible-mean" not in flags(relog(table, metric=metric))
    table.loc[4, "f1"] = 45.0
    assert flags(relog(table, metric=metric))["impossible-mean"].rows == ("r4",)


def test_f1_is_no_proportion_of_items(table, relog):
    table["f1"] = 0.4512
    found = flags(relog(table, metric={"kind": "f1", "items": 30}))
    assert "impossible-mean" not in found


def test_test_sets_of_own_seeds_are_shared_by_no_runs(counted, logged):
    """Each run has its own seed, and the runs without mixup were scored on more items."""
    own = counted.assign(seed=range(16), tn=counted.tn + 50 * ~counted.mixup)
    found = flags(logged(own))["evaluation-set-varies"]
    assert found.severity == "error" and "contrasts stand" not in found.message
