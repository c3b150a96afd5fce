"""Networks of one shape as one network: side by side in its channels.

Small networks are bound by calls: a layer of eight costs hardly more calls than a layer of one.
Every layer of the wide network has a first axis of networks in its parameters, under the names that
they have in one network alone; its maps hold the channels of one network after those of another,
``(rows, networks * channels, height, width)``, so that convolutions are grouped ones and the
network's own ``forward`` is what runs. It may use the layers named in `LAYERS`, pooling, functions
of each element by itself, means over places, and ``flatten(1)``; outputs, ``(rows, features)`` for
one network, are ``(rows, networks * features)``.

On a CPU the kernels that compute a convolution depend on the number of its groups, and with them
the last bit; they do not depend on the place among the groups (measured with oneDNN held to AVX2,
channels last, for 1 to 16 networks). So a stack whose runs may not depend on their company always
has the same number of networks.
"""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import batch_norm, conv2d

from uphold.randomness import generator
from uphold.training import small_maps
from uphold.training.dropout import Dropout, mask, random_bytes


class Convolutions(nn.Module):
    """A ``Conv2d`` of every network, as one of so many times the groups."""

    def __init__(self, one: nn.Conv2d, networks: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(networks, *one.weight.shape))
        self.bias = None if one.bias is None else nn.Parameter(torch.empty(networks, len(one.bias)))
        self.kernel, self.stride = _pair(one.kernel_size), _pair(one.stride)
        self.padding, self.groups = _pair(one.padding), one.groups * networks
        self.dense = one.groups == 1 and _pair(one.dilation) == (1, 1) and self.bias is None

    def forward(self, x: Tensor) -> Tensor:
        """Map (rows, networks * inputs, ...) to (rows, networks * outputs, ...)."""
        on_cpu, placed = x.device.type == "cpu", (self.stride, self.padding)
        if self.dense and on_cpu and small_maps.small(x, self.kernel, *placed):
            return small_maps.convolve(x, self.weight, *placed)
        bias = None if self.bias is None else self.bias.flatten()
        return conv2d(x, self.weight.flatten(0, 1), bias, *placed, groups=self.groups)


class Norms(nn.Module):
    """A ``BatchNorm2d`` of every network."""

    running_mean: Tensor
    running_var: Tensor
    num_batches_tracked: Tensor

    def __init__(self, one: nn.BatchNorm2d, networks: int) -> None:
        super().__init__()
        shape = networks, one.num_features
        self.weight, self.bias = (nn.Parameter(torch.empty(shape)) for _ in range(2))
        for name in ("running_mean", "running_var"):
            self.register_buffer(name, torch.empty(shape))
        self.register_buffer("num_batches_tracked", torch.zeros(networks, dtype=torch.int64))
        self.eps, self.momentum = one.eps, one.momentum

    def forward(self, x: Tensor) -> Tensor:
        """Normalise every channel of every network by itself."""
        if self.training:
            self.num_batches_tracked.add_(1)
        of_all = (self.running_mean, self.running_var, self.weight, self.bias)
        mean, variance, weight, bias = (tensor.view(-1) for tensor in of_all)
        momentum = 0.1 if self.momentum is None else self.momentum
        return batch_norm(x, mean, variance, weight, bias, self.training, momentum, self.eps)


class Linears(nn.Module):
    """A ``Linear`` of every network."""

    def __init__(self, one: nn.Linear, networks: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(networks, *one.weight.shape))
        self.bias = nn.Parameter(torch.empty(networks, len(one.weight)))

    def forward(self, x: Tensor) -> Tensor:
        """Map (rows, networks * inputs) to (rows, networks * outputs)."""
        of_each = x.view(len(x), len(self.weight), -1).transpose(0, 1)
        # The bias as a product: the order in which a sum over rows, its slope, adds depends on the
        # place among the networks.
        bias = torch.bmm(x.new_ones(len(self.bias), len(x), 1), self.bias[:, None])
        out = torch.baddbmm(bias, of_each, self.weight.transpose(1, 2))
        return out.transpose(0, 1).flatten(1)


class Dropouts(nn.Module):
    """A `Dropout` of every network, each with the masks that it has alone; see `reseed`."""

    def __init__(self, one: Dropout, networks: int) -> None:
        super().__init__()
        self.rate, self.networks = one.rate, networks
        self.rngs: list[np.random.Generator] = []

    def forward(self, x: Tensor) -> Tensor:
        """Return `x`, (rows, networks * units), with dropped units zero and the others scaled."""
        if not self.training or self.rate == 0:
            return x
        shape = len(x), x.shape[1] // self.networks
        noise = torch.cat([random_bytes(rng, *shape) for rng in self.rngs], dim=1)
        return x * mask(noise, self.rate, out=torch.empty(noise.shape)).to(x.device)


Layers = Mapping[type[nn.Module], Callable[[Any, int], nn.Module]]
LAYERS: Layers = {
    nn.Conv2d: Convolutions,
    nn.BatchNorm2d: Norms,
    nn.Linear: Linears,
    Dropout: Dropouts,
}


def side_by_side(one: nn.Module, networks: int, layers: Layers = LAYERS) -> nn.Module:
    """Return so many networks like this one as one network; weights are not set.

    Parameters
    ----------
    one : torch.nn.Module
    networks : int
    layers : mapping, optional
        Each kind of layer with parameters or draws, and what makes so many of one.

    Raises
    ------
    TypeError
        If a layer with parameters is not among `layers`.
    """
    return _widened(deepcopy(one), networks, layers)


def put(stack: nn.Module, place: int, state: Mapping[str, Tensor]) -> None:
    """Give the network at a place of a stack the state of one alone, as ``state_dict`` has it."""
    for name, tensor in stack.state_dict().items():
        tensor[place] = state[name]


def taken(stack: nn.Module, place: int) -> dict[str, Tensor]:
    """Return a copy of the state of the network at a place, as ``load_state_dict`` takes it."""
    return {name: tensor[place].clone() for name, tensor in stack.state_dict().items()}


def reseed(stack: nn.Module, runs: Sequence[tuple[int, int]]) -> None:
    """Give every dropout layer its numbers for one epoch: a seed and an epoch for each network."""
    for name, module in stack.named_modules():
        if isinstance(module, Dropouts):
            module.rngs = [generator(seed, "dropout", name, epoch) for seed, epoch in runs]


def _pair(axes: Any) -> small_maps.Pair:
    down, across = axes
    return int(down), int(across)


def _widened(layer: nn.Module, networks: int, layers: Layers) -> nn.Module:
    for kind, wide in layers.items():
        if isinstance(layer, kind):
            return wide(layer, networks)
    if list(layer.parameters(recurse=False)):
        raise TypeError(f"{type(layer).__name__} has no counterpart for networks side by side.")
    for name, child in layer.named_children():
        setattr(layer, name, _widened(child, networks, layers))
    return layer
