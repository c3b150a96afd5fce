import pytest
import torch

from uphold.training.schedules import rates


def test_constant():
    assert rates("constant", 0.01, 3) == [0.01, 0.01, 0.01]


def test_cosine_is_that_of_torch():
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.02)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=12)
    expected = []
    for _ in range(12):
        expected.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    assert rates("cosine", 0.02, 12) == pytest.approx(expected)


def test_cosine_ends_near_zero():
    assert rates("cosine", 1.0, 1000)[-1] == pytest.approx(0, abs=1e-5)


def test_warmup_climbs_in_five_steps_then_falls_to_a_tenth():
    expected_climb = [0.2, 0.4, 0.6, 0.8, 1.0]
    # .1 + .9 (1 + cos(pi e / 4)) / 2 for e = 0, 1, 2, 3
    expected_fall = [1.0, 0.8681980515339464, 0.55, 0.2318019484660536]
    assert rates("warmup-cosine", 1.0, 9) == pytest.approx(expected_climb + expected_fall)
    assert rates("warmup-cosine", 1.0, 1000)[-1] == pytest.approx(0.1, abs=1e-5)


@pytest.mark.parametrize("epochs", [1, 3, 5])
def test_a_run_as_short_as_the_warmup_ends_at_the_peak(epochs):
    assert rates("warmup-cosine", 0.3, epochs)[-1] == pytest.approx(0.3)


@pytest.mark.parametrize("schedule", ["constant", "cosine", "warmup-cosine"])
@pytest.mark.parametrize("epochs", [1, 2, 5, 6, 30])
def test_one_positive_rate_an_epoch_none_above_the_peak(schedule, epochs):
    got = rates(schedule, 0.5, epochs)
    assert len(got) == epochs
    assert all(0 < rate <= 0.5 for rate in got)


def test_an_unknown_schedule_is_an_error():
    with pytest.raises(ValueError, match="'linear'"):
        rates("linear", 0.1, 3)


def test_a_cosine_can_fall_to_a_floor() -> None:
    # Halfway the share is .1 + .9 / 2.
    found = rates("cosine", 1.0, 4, floor=0.1)
    assert found[0] == 1
    assert found[2] == pytest.approx(0.55)
    assert min(found) > 0.1


def test_the_warm_up_can_be_shorter() -> None:
    assert rates("warmup-cosine", 1.0, 6, warmup=2, floor=0.0)[:3] == [0.5, 1.0, 1.0]
