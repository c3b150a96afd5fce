"""Channels last, where that is safe: the order in memory in which convolutions are fastest.

oneDNN 3.12, which torch 2.13 brings, writes beyond its memory where it is kept to AVX2 (so on each
processor without longer vectors) and a strided convolution with a kernel of one, channels last, has
fewer than eight input channels: its backward pass ends in a crash, or does not end so and is wrong.
Other kernels, strides of one and depthwise convolutions were run at 1 to 24 channels without fault.
"""

from typing import TypeVar

import torch
from torch import nn

Network = TypeVar("Network", bound=nn.Module)
FEWEST = 8
"""Input channels of a strided convolution with a kernel of one: a whole vector of AVX2."""


def channels_last(network: Network) -> Network:
    """Return a network, its weights channels last unless one of its convolutions is not safe so."""
    if any(map(_unsafe, network.modules())):
        return network
    # torch does not declare this overload
    return network.to(memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]


def _unsafe(layer: nn.Module) -> bool:
    return (
        isinstance(layer, nn.Conv2d)
        and layer.kernel_size == (1, 1)
        and layer.stride != (1, 1)
        and layer.in_channels // layer.groups < FEWEST
    )
