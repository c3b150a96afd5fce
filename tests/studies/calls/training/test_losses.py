import pytest
import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from studies.calls.training.losses import CrossEntropy, Focal

LOGITS, TARGETS = torch.meshgrid(
    torch.linspace(-8, 8, 41), torch.tensor([0.0, 0.05, 0.3, 0.5, 0.95, 1.0]), indexing="ij"
)


def focal(gamma, alpha):
    return Focal(torch.tensor(gamma), torch.tensor(alpha))


def test_cross_entropy_is_that_of_torch():
    expected = binary_cross_entropy_with_logits(LOGITS, TARGETS, reduction="none")
    torch.testing.assert_close(CrossEntropy().value(LOGITS, TARGETS), expected)


@pytest.mark.parametrize("gamma", [0.0, 0.5, 1.0, 2.0, 3.5])
@pytest.mark.parametrize("alpha", [0.1, 0.25, 0.9])
def test_focal_loss_is_its_definition(gamma, alpha):
    p = torch.sigmoid(LOGITS.double())
    y = TARGETS.double()
    p_t = y * p + (1 - y) * (1 - p)
    a_t = y * alpha + (1 - y) * (1 - alpha)
    expected = a_t * (1 - p_t) ** gamma * (-y * p.log() - (1 - y) * (1 - p).log())
    value = focal(gamma, alpha).value(LOGITS, TARGETS)
    torch.testing.assert_close(value.double(), expected, rtol=1e-4, atol=1e-6)


def test_focal_loss_by_hand():
    # p = 3/4, y = 1: 0.25 * (1/4)^2 * -ln(3/4)
    logit = torch.tensor(3.0).log()
    value = focal(2.0, 0.25).value(logit, torch.tensor(1.0))
    assert value.item() == pytest.approx(0.25 / 16 * 0.2876820724517809, rel=1e-5)


def test_focal_without_focus_and_weight_is_half_of_cross_entropy():
    half = focal(0.0, 0.5)
    torch.testing.assert_close(
        half.value(LOGITS, TARGETS), CrossEntropy().value(LOGITS, TARGETS) / 2
    )
    torch.testing.assert_close(
        half.slope(LOGITS, TARGETS), CrossEntropy().slope(LOGITS, TARGETS) / 2
    )


@pytest.mark.parametrize(
    "loss", [CrossEntropy(), focal(0.0, 0.5), focal(0.5, 0.25), focal(2.0, 0.25), focal(4.0, 0.9)]
)
def test_slope_is_the_derivative_of_the_value(loss):
    logits = LOGITS.double().requires_grad_()
    targets = TARGETS.double()
    loss.value(logits, targets).sum().backward()
    torch.testing.assert_close(loss.slope(logits.detach(), targets), logits.grad)


@pytest.mark.parametrize("gamma", [0.0, 0.5, 1.0, 2.0])
def test_focal_is_finite_where_the_sigmoid_is_saturated(gamma):
    logits = torch.tensor([-200.0, -40.0, 40.0, 200.0])
    for targets in (torch.zeros(4), torch.ones(4), torch.full((4,), 0.95)):
        assert focal(gamma, 0.25).value(logits, targets).isfinite().all()
        assert focal(gamma, 0.25).slope(logits, targets).isfinite().all()


def test_focal_takes_strengths_for_each_network():
    gamma, alpha = torch.tensor([[1.0, 2.0], [0.3, 0.6]])[:, :, None, None]
    value = Focal(gamma, alpha).value(LOGITS.expand(2, -1, -1), TARGETS)
    torch.testing.assert_close(value[0], focal(1.0, 0.3).value(LOGITS, TARGETS))
    torch.testing.assert_close(value[1], focal(2.0, 0.6).value(LOGITS, TARGETS))
