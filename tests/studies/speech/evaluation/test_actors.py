"""The interval over actors: by hand, and how often it holds the truth."""

import numpy as np
import pytest

from studies.speech.evaluation.actors import by_actor, interval


def test_each_actor_s_clips_are_counted_apart():
    labels, predicted = np.array([0, 1, 1, 0]), np.array([0, 1, 0, 0])
    cells = by_actor(labels, predicted, np.array([7, 7, 9, 9]), 2)
    np.testing.assert_array_equal(cells, [[[1, 0], [0, 1]], [[1, 0], [1, 0]]])


def test_the_interval_is_the_jackknife_s():
    """Three actors with accuracies of two balanced classes: F1 without each one by hand."""
    cells = np.array([[[4, 0], [0, 4]], [[3, 1], [1, 3]], [[2, 2], [2, 2]]])
    without = np.array([5 / 8, 6 / 8, 7 / 8])
    error = np.sqrt(2 / 3 * np.sum((without - 0.75) ** 2))
    low, high = interval(cells, 0.95)
    # qt(.975, 2) in R
    assert high == pytest.approx(min(1, 0.75 + 4.302653 * error))
    assert low == pytest.approx(0.75 - 4.302653 * error)


def test_one_actor_has_no_interval():
    assert np.isnan(interval(np.ones((1, 2, 2), dtype=int), 0.95)).all()


def test_actors_who_agree_leave_nothing_open():
    cells = np.repeat([[[3, 1], [1, 3]]], 4, axis=0)
    assert interval(cells, 0.95) == pytest.approx((0.75, 0.75))


@pytest.mark.parametrize("actors", [4, 24])
def test_it_holds_the_truth_about_as_often_as_it_says(actors):
    """Actors whose clips are alike: a bootstrap of four would hold it in about four of five."""
    rng = np.random.Generator(np.random.PCG64(actors))
    clips, held, trials = 40, 0, 400
    # A network hits an actor's clips with a chance that is the actor's; both classes alike, so
    # that the expected macro-F1 is the mean chance.
    for _ in range(trials):
        hits = rng.binomial(clips, rng.beta(14, 6, (actors, 2)))
        cells = np.empty((actors, 2, 2), dtype=int)
        cells[:, 0, 0], cells[:, 0, 1] = hits[:, 0], clips - hits[:, 0]
        cells[:, 1, 1], cells[:, 1, 0] = hits[:, 1], clips - hits[:, 1]
        low, high = interval(cells, 0.95)
        held += low <= 0.7 <= high
    assert 0.92 < held / trials < 0.98
