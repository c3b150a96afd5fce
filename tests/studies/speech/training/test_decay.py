"""Weight decay in the gradient is that of torch's Adam."""

import torch
from torch import nn

from studies.speech.training.decay import add_to_gradients


def weights(optimizer_of, decay: float) -> list[torch.Tensor]:
    torch.manual_seed(3)
    model = nn.Sequential(nn.Linear(4, 5), nn.BatchNorm1d(5), nn.Linear(5, 2))
    add_to_gradients(model, decay)
    optimizer = optimizer_of(model.parameters())
    x = torch.randn(16, 4)
    for _ in range(5):
        optimizer.zero_grad(set_to_none=True)
        model(x).square().mean().backward()
        optimizer.step()
    return [parameter.detach() for parameter in model.parameters()]


def test_adamw_without_decay_and_decayed_gradients_are_adam_with_decay() -> None:
    adam = weights(lambda p: torch.optim.Adam(p, lr=0.01, weight_decay=0.3), 0)
    ours = weights(lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0), 0.3)
    decoupled = weights(lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.3), 0)
    torch.testing.assert_close(ours, adam)
    assert not torch.allclose(decoupled[0], adam[0])
