import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from uphold.training.smoothing import smooth

epsilons = st.floats(0.01, 0.99)


def test_binary_targets_by_hand():
    smoothed = smooth(torch.tensor([0.0, 0.5, 1.0]), 0.1)
    torch.testing.assert_close(smoothed, torch.tensor([0.05, 0.5, 0.95]))


@given(epsilons, st.integers(2, 20))
def test_a_mean_of_one_over_the_classes_is_kept(epsilon, classes):
    targets = torch.eye(classes, dtype=torch.float64)
    smoothed = smooth(targets, epsilon, classes)
    assert smoothed.mean().item() == pytest.approx(1 / classes)
    torch.testing.assert_close(smoothed.sum(1), torch.ones(classes, dtype=torch.float64))


@given(epsilons, st.floats(0, 1))
def test_any_other_mean_moves_towards_one_half(epsilon, mean):
    smoothed = smooth(torch.tensor(mean, dtype=torch.float64), epsilon).item()
    assert smoothed - 0.5 == pytest.approx((1 - epsilon) * (mean - 0.5))


@given(epsilons)
def test_order_of_targets_is_kept(epsilon):
    smoothed = smooth(torch.linspace(0, 1, 11, dtype=torch.float64), epsilon)
    assert (smoothed.diff() > 0).all()
