"""The recurrence of several networks is that of ``nn.LSTM``, in slopes too."""

import pytest
import torch
from torch import nn

from studies.radio.training.recurrence import Recurrence


@pytest.mark.parametrize(("steps", "units"), [(1, 3), (2, 4), (7, 5)])
def test_states_and_slopes_are_those_of_torch(steps, units):
    torch.manual_seed(1)
    networks, rows = 3, 4
    lstms = [nn.LSTM(2, units).double() for _ in range(networks)]
    x = torch.randn(networks, steps, rows, 2, dtype=torch.double)
    told = torch.stack(
        [
            own @ lstm.weight_ih_l0.T + lstm.bias_ih_l0 + lstm.bias_hh_l0
            for own, lstm in zip(x, lstms, strict=True)
        ]
    ).detach()
    told.requires_grad_()
    weight = torch.stack([lstm.weight_hh_l0.detach() for lstm in lstms]).requires_grad_()
    states = Recurrence.apply(told, weight)
    pull = torch.randn(states.shape, dtype=torch.double)
    of_told, of_weight = torch.autograd.grad((states * pull).sum(), [told, weight])
    for place, lstm in enumerate(lstms):
        expected, _ = lstm(x[place])
        torch.testing.assert_close(states[place], expected)
        (expected * pull[place]).sum().backward()
        torch.testing.assert_close(of_weight[place], lstm.weight_hh_l0.grad)
        torch.testing.assert_close(of_told[place].sum(dim=(0, 1)), lstm.bias_ih_l0.grad)


def test_slopes_are_what_differences_say():
    torch.manual_seed(2)
    told = torch.randn(2, 3, 2, 8, dtype=torch.double, requires_grad=True)
    weight = torch.randn(2, 8, 2, dtype=torch.double, requires_grad=True)
    assert torch.autograd.gradcheck(Recurrence.apply, (told, weight))
