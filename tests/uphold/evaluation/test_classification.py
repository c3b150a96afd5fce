"""Accuracy, confusion tables and calibration against counts by hand."""

import numpy as np
import pytest

from uphold.evaluation.classification import (
    accuracy,
    calibration_error,
    confusion_table,
    overconfidence,
    said,
)
from uphold.evaluation.f1 import confusion

LABELS = np.array([0, 0, 0, 1, 1, 2])
PREDICTED = np.array([0, 0, 1, 1, 0, 2])


def logits(predicted: np.ndarray, classes: int = 3) -> np.ndarray:
    return np.eye(classes)[predicted] * 5


def test_accuracy_is_the_share_of_hits() -> None:
    assert accuracy(LABELS, logits(PREDICTED)) == 4 / 6
    assert np.isnan(accuracy(LABELS[:0], logits(PREDICTED)[:0]))


def test_a_confusion_table_has_a_row_for_every_pair_of_classes() -> None:
    table = confusion_table(confusion(LABELS, PREDICTED, 3), ["a", "b", "c"], "test")
    row = table[(table["truth"] == "a") & (table["predicted"] == "b")].iloc[0]
    assert row["count"] == 1
    assert len(table) == 9


def test_calibration_error_is_the_mean_gap_of_the_bins() -> None:
    # Two classes, all with probability .8 (logit gap log 4), of which 3 in 5 are right: gap .2.
    outputs = np.tile([np.log(4.0), 0.0], (5, 1))
    assert calibration_error(np.array([0, 0, 0, 1, 1]), outputs) == pytest.approx(0.2)


def test_overconfidence_is_the_mean_probability_less_the_accuracy() -> None:
    outputs = np.log([[0.8, 0.2], [0.7, 0.3], [0.4, 0.6]])
    assert overconfidence(np.array([0, 1, 0]), outputs) == pytest.approx(0.7 - 1 / 3)
    assert overconfidence(np.array([0, 0, 1]), outputs) == pytest.approx(0.7 - 1)
    assert np.isnan(overconfidence(np.zeros(0, int), np.zeros((0, 2))))


def test_calibration_error_of_two_bins_weighs_by_rows() -> None:
    # Three rows at .8, all right (gap .2), one at .6, wrong (gap .6): (3 * .2 + .6) / 4.
    outputs = np.array([[np.log(4.0), 0.0]] * 3 + [[np.log(1.5), 0.0]])
    assert calibration_error(np.array([0, 0, 0, 1]), outputs) == pytest.approx(0.3)


def test_what_logits_say_is_the_class_and_the_probability_of_each() -> None:
    told = said(np.array([[0.0, np.log(3)], [1.0, 1.0]]), ["one", "two"], "a_")
    assert told["a_label"].tolist() == ["two", "one"]
    np.testing.assert_allclose(told[["a_one", "a_two"]], [[0.25, 0.75], [0.5, 0.5]])
