"""What items add: the score is their mean, and moves as they are resampled."""

import numpy as np
import pytest

from uphold.evaluation import f1, items


@pytest.fixture
def answers():
    rng = np.random.default_rng(5)
    labels = rng.integers(0, 3, size=400)
    predicted = np.where(rng.random(400) < 0.7, labels, rng.integers(0, 3, size=400))
    return labels, predicted


def test_the_mean_is_the_score(answers):
    labels, predicted = answers
    there, found = labels == 1, predicted == 1
    one = 2 * (there & found).sum() / (there.sum() + found.sum())
    assert items.f1(there, found).mean() == pytest.approx(one)
    assert items.ratio(there & found, found).mean() == pytest.approx(there[found].mean())
    whole = f1.macro_f1(f1.confusion(labels, predicted, 3))
    assert items.macro_f1(labels, predicted, 3).mean() == pytest.approx(whole)


def test_a_score_moves_with_an_item_that_is_left_out_as_its_mean_does(answers):
    labels, predicted = answers
    added = items.macro_f1(labels, predicted, 3)
    for item in range(0, 400, 23):
        others = np.arange(400) != item
        score = f1.macro_f1(f1.confusion(labels[others], predicted[others], 3))
        assert score == pytest.approx(added[others].mean(), abs=2e-5)


def test_what_nothing_is_divided_by_is_nothing():
    assert np.isnan(items.ratio([0, 0], [0, 0])).all()
    assert np.isnan(items.macro_f1(np.zeros(0, dtype=int), np.zeros(0, dtype=int), 2)).all()


def test_a_class_without_items_is_left_out(answers):
    labels, predicted = answers
    only = np.where(labels == 2, 0, labels)
    whole = f1.macro_f1(f1.confusion(only, predicted, 3))
    assert items.macro_f1(only, predicted, 3).mean() == pytest.approx(whole)


def test_a_difference_is_over_the_items_of_both():
    one = np.array([1.0, 0.0, np.nan, np.nan, np.nan])
    other = np.array([np.nan, np.nan, 1.0, 0.0, 0.0])
    found = items.difference(one, other)
    assert found.mean() == pytest.approx(1 / 2 - 1 / 3)
    # each item counts among those of its own part
    moved = (found - found.mean()) / 5
    np.testing.assert_allclose(moved, [0.25, -0.25, -2 / 9, 1 / 9, 1 / 9])
    assert np.isnan(items.difference(one, np.full(5, np.nan))).all()


def test_items_without_a_part_are_nan():
    np.testing.assert_array_equal(
        items.placed(np.array([1.0, 2.0]), np.array([2, 0]), 3), [2.0, np.nan, 1.0]
    )
