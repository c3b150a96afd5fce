import numpy as np
import pytest

from studies.radio.training.plateau import ended, flat_since


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


# of 100 items: one standard error at .50 is .05, so that .54 does not leave the plateau of epoch 2
ROSE = [0.2, 0.50, 0.54, 0.53, 0.53]


@pytest.mark.parametrize(
    ("epochs", "patience", "flat_patience", "ends"),
    [
        (5, None, None, False),
        (4, 2, None, False),  # one epoch since the best, the third
        (5, 2, None, True),
        (4, None, 3, False),  # two epochs since the second, from which on it is flat
        (5, None, 3, True),
        (5, None, 4, False),
        (5, 3, 3, True),
        (0, 1, 1, False),
        (1, 1, 1, False),
    ],
)
def test_a_run_ends_after_so_many_epochs_without_a_better_or_a_higher_one(
    epochs, patience, flat_patience, ends
):
    assert ended(ROSE[:epochs], 100, patience, flat_patience) is ends
