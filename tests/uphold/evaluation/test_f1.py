"""Confusion and F1 against counts by hand."""

import numpy as np
import pytest

from uphold.evaluation.f1 import confusion, f1_by_class, macro_f1

LABELS = np.array([0, 0, 0, 1, 1, 2])
PREDICTED = np.array([0, 0, 1, 1, 0, 2])


def test_confusion_counts_truth_down_and_prediction_across() -> None:
    assert confusion(LABELS, PREDICTED, 3).tolist() == [[2, 1, 0], [1, 1, 0], [0, 0, 1]]


def test_f1_is_that_of_two_hits_over_both_sums() -> None:
    # a: 2 * 2 / (3 + 3); b: 2 * 1 / (2 + 2); c: 1.
    assert f1_by_class(confusion(LABELS, PREDICTED, 3)) == pytest.approx([2 / 3, 1 / 2, 1])
    assert macro_f1(confusion(LABELS, PREDICTED, 3)) == pytest.approx((2 / 3 + 1 / 2 + 1) / 3)


def test_a_class_without_rows_is_left_out_of_the_mean() -> None:
    counts = confusion(np.array([0, 0]), np.array([0, 2]), 3)
    assert np.isnan(f1_by_class(counts)[1])
    assert f1_by_class(counts)[2] == 0
    assert macro_f1(counts) == pytest.approx(2 / 3)  # of class 0 alone: 2 * 1 / (2 + 1)
