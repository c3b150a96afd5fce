"""Dropout masks from raw random bytes.

One byte decides over one unit, which costs about a twentieth of a Bernoulli draw. It makes the rate
a multiple of 1/256: exact for .25, .5 and .75, at most 1/512 off for others. The factor that makes
up for dropped units belongs to the rate that is used, so that expectations are exact in any case.
"""

import numpy as np
import torch
from torch import Tensor, nn

from uphold.randomness import generator

STEPS = 256


def threshold(rate: float) -> int:
    """Return the number of byte values, out of 256, that drop a unit at this dropout rate."""
    return min(round(rate * STEPS), STEPS - 1)


def random_bytes(rng: np.random.Generator, rows: int, width: int) -> Tensor:
    """Return independent uniform bytes of shape (rows, width), uint8."""
    words = rng.bit_generator.random_raw(-(-rows * width // 8))
    flat = words.astype("<u8", copy=False).view(np.uint8)
    return torch.from_numpy(flat[: rows * width].reshape(rows, width))


def mask(noise: Tensor, rate: float, *, out: Tensor) -> Tensor:
    """Turn random bytes into the factors of a layer's units.

    Parameters
    ----------
    noise : Tensor of uint8
        See `random_bytes`.
    rate : float
        The dropout rate, at a resolution of 1/256.
    out : Tensor of float32
        Where to write the factors, of the shape of `noise`; it is also returned. A factor is 0
        where a unit is dropped and 1 / (1 - rate) where it is kept.
    """
    drop = threshold(rate)
    return torch.ge(noise, drop, out=out).mul_(STEPS / (STEPS - drop))


class Dropout(nn.Module):
    """Dropout as a layer, its masks drawn from the run's seed.

    It drops nothing in evaluation mode. In training mode it must have been given its numbers by
    `reseed`, once an epoch.

    Parameters
    ----------
    rate : float
        The share of units that is dropped.
    """

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate
        self.rng: np.random.Generator | None = None

    def forward(self, x: Tensor) -> Tensor:
        """Return `x` with dropped units zero and the others scaled up."""
        if not self.training or self.rate == 0:
            return x
        if self.rng is None:
            raise RuntimeError("Dropout has no random numbers: call reseed before an epoch.")
        noise = random_bytes(self.rng, 1, x.numel()).view(x.shape)
        return x * mask(noise, self.rate, out=torch.empty(x.shape)).to(x.device)


def reseed(model: nn.Module, seed: int, epoch: int) -> None:
    """Give every dropout layer of a network its numbers for one epoch."""
    for name, module in model.named_modules():
        if isinstance(module, Dropout):
            module.rng = generator(seed, "dropout", name, epoch)
