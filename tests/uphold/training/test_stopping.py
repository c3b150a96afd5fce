import numpy as np
import pytest

from uphold.training.stopping import EarlyStopping


def stops_after(losses, patience, min_delta=0.0):
    stopping = EarlyStopping(patience, min_delta)
    for loss in losses:
        stopping.update(loss)
        if stopping.exhausted:
            break
    return stopping


def test_stops_when_patience_is_used_up():
    stopping = stops_after([3, 2, 2.5, 2.5, 1], patience=2)
    assert (stopping.epoch, stopping.best_epoch, stopping.lowest) == (4, 2, 2)


def test_a_lower_loss_starts_the_count_again():
    stopping = stops_after([3, 4, 2, 4, 1, 4, 4], patience=2)
    assert (stopping.epoch, stopping.best_epoch) == (7, 5)


def test_an_equal_loss_is_no_improvement():
    stopping = EarlyStopping(5)
    assert stopping.update(1.0)
    assert not stopping.update(1.0)
    assert stopping.best_epoch == 1


def test_without_patience_it_never_stops_but_knows_the_best_epoch():
    stopping = stops_after([3, 1, *range(2, 100)], patience=float("inf"))
    assert (stopping.epoch, stopping.best_epoch) == (100, 2)


def test_a_small_step_neither_counts_as_improvement_nor_moves_the_reference():
    """Two steps of 0.4 after the best are one of 0.8 from it."""
    stopping = stops_after([3, 2.6, 2.2, 2.1, 1.9], patience=3, min_delta=0.5)
    assert (stopping.epoch, stopping.best_epoch, stopping.lowest) == (5, 3, 2.2)


def test_an_improvement_by_the_least_improvement_alone_is_none():
    stopping = EarlyStopping(5, 0.5)
    assert [stopping.update(loss) for loss in (2.0, 1.5, 1.25)] == [True, False, True]


def test_patience_ends_it_while_the_loss_still_falls_by_less_than_counts():
    losses = [1.0, 0.9995, 0.999, 0.9985]
    assert stops_after(losses, patience=2, min_delta=0.001).best_epoch == 1
    assert stops_after(losses, patience=2).best_epoch == 4


def keras_epochs(losses, patience, min_delta):
    """Return the last epoch and the one restored, written from the callback of Keras 3."""
    best, restored, wait = float("inf"), 0, 0
    for epoch, loss in enumerate(losses):
        wait += 1
        if loss - -abs(min_delta) < best:
            best, restored, wait = loss, epoch, 0
            continue
        if wait >= patience and epoch > 0:
            break
    return epoch + 1, restored + 1


@pytest.mark.parametrize("patience", [1, 3, 8])
@pytest.mark.parametrize("min_delta", [0, 0.001, 0.05])
def test_epochs_are_those_of_keras(patience, min_delta):
    rng = np.random.default_rng(patience)
    for _ in range(50):
        losses = list(np.exp(-np.arange(40) / 10) + rng.normal(0, 0.02, 40))
        stopping = stops_after(losses, patience, min_delta)
        found = (stopping.epoch, stopping.best_epoch)
        assert found == keras_epochs(losses, patience, min_delta)
