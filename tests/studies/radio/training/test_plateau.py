import numpy as np

from studies.radio.training.plateau import flat_since


def test_flat_once_no_later_epoch_is_a_standard_error_higher():
    # Over 100 items the standard error is .05 at .50, where .54 is within it and .58 is not.
    accuracy = np.array([0.30, 0.50, 0.54, 0.58, 0.57])
    assert flat_since(accuracy, 100) == 3


def test_a_run_that_climbs_to_the_end_is_flat_there_alone():
    assert flat_since(np.array([0.1, 0.3, 0.5, 0.7]), 10_000) == 4


def test_a_run_that_never_rises_is_flat_from_the_start():
    assert flat_since(np.array([0.5, 0.4, 0.3]), 50) == 1


def test_more_items_tell_smaller_rises():
    accuracy = np.array([0.50, 0.52])
    assert flat_since(accuracy, 100) == 1
    assert flat_since(accuracy, 10_000) == 2
