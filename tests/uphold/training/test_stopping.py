from uphold.training.stopping import EarlyStopping


def stops_after(losses, patience):
    stopping = EarlyStopping(patience)
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
