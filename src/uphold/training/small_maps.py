"""Convolutions to maps of one or two pixels, as matrix products.

Most of a kernel sees nothing but padding there, and oneDNN, which does not know that, takes several
times as long for the slopes of the kernel as for all the rest. Where most outputs depend on most
inputs, the convolution is a dense layer, whose weights are those of the kernel, each at the pairs
of pixels that it joins.
"""

from functools import lru_cache

import torch
from torch import Tensor

Pair = tuple[int, int]
"""Down and across."""

LARGEST = 2
"""Pixels. Measured forward and back with eight networks held to AVX2, a dense layer takes a seventh
of the time for one pixel of one, 60 % for two of two, and is no faster for six."""


def small(x: Tensor, kernel: Pair, stride: Pair, padding: Pair) -> bool:
    """Whether a convolution of maps (rows, channels, height, width) is rather a dense layer."""
    return _small(tuple(x.shape[2:]), kernel, stride, padding)


@lru_cache
def _small(size: Pair, kernel: Pair, stride: Pair, padding: Pair) -> bool:
    outputs = [_outputs(*axis) for axis in zip(size, kernel, stride, padding, strict=True)]
    if min(outputs) < 1 or outputs[0] * outputs[1] > LARGEST:
        return False
    joined = _joined(size, kernel, stride, padding).sum(0)
    return bool(2 * joined.sum() >= joined.numel())


def convolve(x: Tensor, weight: Tensor, stride: Pair, padding: Pair) -> Tensor:
    """Convolve the maps of several networks, each with its own kernels.

    Parameters
    ----------
    x : Tensor of shape (rows, networks * inputs, height, width)
    weight : Tensor of shape (networks, outputs, inputs, kernel height, kernel width)
    stride, padding : (int, int)
        As in ``torch.nn.Conv2d``.

    Returns
    -------
    Tensor of shape (rows, networks * outputs, height, width)
        Channels last.
    """
    networks, outputs, inputs, *kernel = weight.shape
    rows, _, height, width = x.shape
    joined = _joined((height, width), (kernel[0], kernel[1]), stride, padding).to(weight)
    taps, sources, *size = joined.shape
    dense = weight.reshape(-1, taps) @ joined.reshape(taps, -1)
    dense = dense.view(networks, outputs, inputs, sources, -1).permute(0, 3, 2, 4, 1)
    of_each = x.permute(0, 2, 3, 1).reshape(rows, sources, networks, inputs).permute(2, 0, 1, 3)
    found = torch.bmm(
        of_each.reshape(networks, rows, -1), dense.reshape(networks, sources * inputs, -1)
    )
    last = found.view(networks, rows, *size, outputs).permute(1, 2, 3, 0, 4)
    return last.reshape(rows, *size, networks * outputs).permute(0, 3, 1, 2)


@lru_cache
def _joined(
    size: Pair,
    kernel: Pair,
    stride: Pair,
    padding: Pair,
) -> Tensor:
    """Return 1 where a tap of a kernel joins an input and an output.

    Of shape (taps, inputs, output height, output width), taps and inputs row by row.
    """
    down, across = (_along(*axis) for axis in zip(size, kernel, stride, padding, strict=True))
    both = torch.einsum("aiy,bjx->abijyx", down, across)
    return both.flatten(0, 1).flatten(1, 2)


def _along(size: int, kernel: int, stride: int, padding: int) -> Tensor:
    """Return the same along one axis, of shape (taps, inputs, outputs)."""
    sizes = kernel, size, _outputs(size, kernel, stride, padding)
    tap, source, to = torch.meshgrid(*map(torch.arange, sizes), indexing="ij")
    return (source == to * stride + tap - padding).float()


def _outputs(size: int, kernel: int, stride: int, padding: int) -> int:
    """Return how many pixels there are along one axis of the outputs; less than 1 where none is."""
    return (size + 2 * padding - kernel) // stride + 1
