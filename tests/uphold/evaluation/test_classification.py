"""Accuracy, F1, confusion and calibration against counts by hand."""

import numpy as np
import pytest

from uphold.evaluation.classification import (
    accuracy,
    calibration_error,
    confusion,
    confusion_table,
    f1_by_class,
    macro_f1,
)

LABELS = np.array([0, 0, 0, 1, 1, 2])
PREDICTED = np.array([0, 0, 1, 1, 0, 2])


def logits(predicted: np.ndarray, classes: int = 3) -> np.ndarray:
    return np.eye(classes)[predicted] * 5


def test_accuracy_is_the_share_of_hits() -> None:
    assert accuracy(LABELS, logits(PREDICTED)) == 4 / 6
    assert np.isnan(accuracy(LABELS[:0], logits(PREDICTED)[:0]))


def test_confusion_counts_truth_down_and_prediction_across() -> None:
    counts = confusion(LABELS, PREDICTED, 3)
    assert counts.tolist() == [[2, 1, 0], [1, 1, 0], [0, 0, 1]]
    table = confusion_table(counts, ["a", "b", "c"], "test")
    row = table[(table["truth"] == "a") & (table["predicted"] == "b")].iloc[0]
    assert row["count"] == 1
    assert len(table) == 9


def test_f1_is_that_of_two_hits_over_both_sums() -> None:
    # a: 2 * 2 / (3 + 3); b: 2 * 1 / (2 + 2); c: 1.
    assert f1_by_class(confusion(LABELS, PREDICTED, 3)) == pytest.approx([2 / 3, 1 / 2, 1])
    assert macro_f1(confusion(LABELS, PREDICTED, 3)) == pytest.approx((2 / 3 + 1 / 2 + 1) / 3)


def test_a_class_without_rows_is_left_out_of_the_mean() -> None:
    counts = confusion(np.array([0, 0]), np.array([0, 2]), 3)
    assert np.isnan(f1_by_class(counts)[1])
    assert f1_by_class(counts)[2] == 0
    assert macro_f1(counts) == pytest.approx(2 / 3)  # of class 0 alone: 2 * 1 / (2 + 1)


def test_calibration_error_is_the_mean_gap_of_the_bins() -> None:
    # Two classes, all with probability .8 (logit gap log 4), of which 3 in 5 are right: gap .2.
    outputs = np.tile([np.log(4.0), 0.0], (5, 1))
    assert calibration_error(np.array([0, 0, 0, 1, 1]), outputs) == pytest.approx(0.2)


def test_calibration_error_of_two_bins_weighs_by_rows() -> None:
    # Three rows at .8, all right (gap .2), one at .6, wrong (gap .6): (3 * .2 + .6) / 4.
    outputs = np.array([[np.log(4.0), 0.0]] * 3 + [[np.log(1.5), 0.0]])
    assert calibration_error(np.array([0, 0, 0, 1]), outputs) == pytest.approx(0.3)
