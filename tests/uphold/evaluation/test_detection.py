"""Confusion counts of the positive class, against cases counted by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from uphold.evaluation.detection import always_positive_f1, best_threshold, count, grid, ranking

# Ten clips, three with a call. At .5 the detector fires on five: two of the calls and three others.
CALL = np.array([1, 1, 1, 0, 0, 0, 0, 0, 0, 0], dtype=bool)
SCORE = np.array([0.9, 0.6, 0.2, 0.8, 0.7, 0.5, 0.4, 0.3, 0.1, 0.0], dtype=np.float32)


def test_the_counts_are_those_of_the_call_class():
    counts = count(CALL, SCORE, np.array([0.5])).at(0)
    assert (counts.tp, counts.fp, counts.fn, counts.tn) == (2, 3, 1, 4)
    assert counts.precision == pytest.approx(2 / 5)
    assert counts.recall == pytest.approx(2 / 3)
    assert counts.f1 == pytest.approx(4 / 8)
    assert counts.accuracy == pytest.approx(6 / 10)


def test_reading_the_matrix_the_other_way_round_gives_other_numbers():
    """Swapping the classes gives the F1 of the negative class, which the archive reported."""
    counts = count(CALL, SCORE, np.array([0.5])).at(0)
    negative_f1 = 2 * counts.tn / (2 * counts.tn + counts.fn + counts.fp)
    assert negative_f1 == pytest.approx(8 / 12)
    assert negative_f1 != pytest.approx(counts.f1)


def test_a_score_on_the_threshold_is_a_detection():
    counts = count(CALL, SCORE, np.array([0.2, 0.9, 1.0]))
    assert counts.tp.tolist() == [3, 1, 0]
    assert counts.fp.tolist() == [5, 0, 0]


def test_no_detection_is_an_f1_of_zero_and_no_precision():
    counts = count(CALL, SCORE, np.array([1.0])).at(0)
    assert (counts.f1, counts.recall) == (0, 0)
    assert np.isnan(counts.precision)


def test_nothing_to_find_and_nothing_found_is_undefined():
    counts = count(np.zeros(4, bool), np.full(4, 0.1, np.float32), np.array([0.5])).at(0)
    assert np.isnan(counts.f1)
    assert np.isnan(counts.recall)


def test_the_middle_of_equally_good_thresholds_is_chosen():
    positive = np.array([True, False])
    counts = count(positive, np.array([0.8, 0.3], np.float32), grid(10))
    assert grid(10)[best_threshold(counts)] == pytest.approx(0.6)  # of .4, .5, .6, .7, .8


@pytest.mark.parametrize("digits", [1, 2, 16])
def test_ranking_is_that_of_scikit_learn(digits):
    rng = np.random.default_rng(digits)
    for size in (2, 3, 10, 300):
        positive = np.append(rng.random(size - 2) < 0.3, [True, False])
        score = rng.random(size).round(digits).astype(np.float32)
        found = ranking(positive, score)
        assert found["auroc"] == pytest.approx(roc_auc_score(positive, score), abs=1e-12)
        assert found["auprc"] == pytest.approx(average_precision_score(positive, score), abs=1e-12)


def test_ranking_refuses_scores_that_are_not_finite():
    with pytest.raises(ValueError, match="not finite"):
        ranking(np.array([True, False]), np.array([0.5, np.nan]))


def test_ranking_agrees_with_counting_pairs():
    # Of the 3 × 7 pairs, the call scores higher in 7 + 5 + 2 of them.
    assert ranking(CALL, SCORE)["auroc"] == pytest.approx(14 / 21)
    # Precision at each call, from the top: 1/1, 2/4, 3/8.
    assert ranking(CALL, SCORE)["auprc"] == pytest.approx((1 + 2 / 4 + 3 / 8) / 3)
    assert np.isnan(ranking(np.ones(3, bool), SCORE[:3])["auroc"])


def test_the_floor_is_what_calling_everything_positive_scores():
    everything = count(CALL, SCORE, np.array([0.0])).at(0)
    assert always_positive_f1(CALL) == pytest.approx(everything.f1) == pytest.approx(6 / 13)


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 100)), min_size=1, max_size=50),
    st.integers(0, 100),
)
def test_counts_agree_with_counting_one_by_one(items, cut):
    positive = np.array([p for p, _ in items])
    score = np.array([s / 100 for _, s in items], dtype=np.float32)
    counts = count(positive, score, np.array([cut / 100])).at(0)
    assert counts.tp == sum(p and s >= cut for p, s in items)
    assert counts.fp == sum(not p and s >= cut for p, s in items)
    assert counts.fn == sum(p and s < cut for p, s in items)
    assert counts.tn == sum(not p and s < cut for p, s in items)
