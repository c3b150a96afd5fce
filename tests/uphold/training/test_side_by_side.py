"""Networks side by side: what each gives alone, and what cannot stand there."""

import pytest
import torch
from torch import nn

from uphold.training import dropout
from uphold.training.dropout import Dropout
from uphold.training.initial import initialise
from uphold.training.side_by_side import put, reseed, side_by_side, taken


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(2, 3, 3, bias=True)
        self.norm = nn.BatchNorm2d(3, eps=0.1, momentum=0.3)
        self.drop = Dropout(0.5)
        self.head = nn.Linear(3, 5)

    def forward(self, x):
        return self.head(self.drop(self.norm(self.conv(x)).mean(dim=(2, 3))))


def nets(count: int) -> list[Net]:
    made = [Net() for _ in range(count)]
    for seed, net in enumerate(made):
        initialise(net, seed)
    return made


@pytest.mark.parametrize("count", [1, 2, 5])
def test_each_gives_what_it_gives_alone_and_keeps_its_own_statistics(count):
    ones = nets(count)
    stack = side_by_side(ones[0], count)
    for place, one in enumerate(ones):
        put(stack, place, one.state_dict())
    x = torch.randn(count, 7, 2, 6, 8, generator=torch.Generator().manual_seed(3))
    reseed(stack, [(seed, 4) for seed in range(count)])
    trained = stack(torch.cat(list(x), dim=1)).view(7, count, 5)
    stack.eval()
    judged = stack(torch.cat(list(x), dim=1)).view(7, count, 5)
    for place, one in enumerate(ones):
        dropout.reseed(one, place, 4)
        torch.testing.assert_close(trained[:, place], one(x[place]))
        one.eval()
        torch.testing.assert_close(judged[:, place], one(x[place]))
        found = taken(stack, place)
        assert found.keys() == one.state_dict().keys()
        for name, value in one.state_dict().items():
            torch.testing.assert_close(found[name], value)


def test_a_layer_without_a_counterpart_is_named():
    with pytest.raises(TypeError, match="LSTM has no counterpart"):
        side_by_side(nn.Sequential(nn.LSTM(2, 3)), 2)
