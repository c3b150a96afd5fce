"""Convolutions to small maps: what oneDNN gives, in values and slopes, and where they are used."""

import pytest
import torch
from torch import nn
from torch.nn.functional import conv2d

from uphold.training import small_maps
from uphold.training.side_by_side import side_by_side

SHAPES = [
    # size, kernel, stride, padding
    ((1, 1), (3, 3), (1, 1), (1, 1)),
    ((1, 2), (3, 3), (1, 1), (1, 1)),
    ((2, 1), (3, 3), (1, 1), (1, 1)),
    ((2, 3), (3, 3), (2, 2), (1, 1)),
    ((2, 4), (2, 5), (2, 2), (0, 2)),
    ((1, 1), (1, 1), (1, 1), (0, 0)),
]
NETWORKS, INPUTS, OUTPUTS, ROWS = 3, 4, 5, 7


@pytest.mark.parametrize(("size", "kernel", "stride", "padding"), SHAPES)
def test_values_and_slopes_are_those_of_the_grouped_convolution(size, kernel, stride, padding):
    rng = torch.Generator().manual_seed(1)
    x = torch.randn(ROWS, NETWORKS * INPUTS, *size, generator=rng, requires_grad=True)
    shape = NETWORKS, OUTPUTS, INPUTS, *kernel
    weight = torch.randn(shape, generator=rng, requires_grad=True)
    expected = conv2d(x, weight.flatten(0, 1), None, stride, padding, groups=NETWORKS)
    slope = torch.randn(expected.shape, generator=rng)
    found = small_maps.convolve(x, weight, stride, padding)
    torch.testing.assert_close(found, expected)
    of_found = torch.autograd.grad(found, (x, weight), slope)
    of_expected = torch.autograd.grad(expected, (x, weight), slope)
    for one, other in zip(of_found, of_expected, strict=True):
        torch.testing.assert_close(one, other)


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "padding", "small"),
    [
        ((1, 1), (3, 3), (1, 1), (1, 1), True),
        ((1, 2), (3, 3), (1, 1), (1, 1), True),
        ((2, 3), (3, 3), (2, 2), (1, 1), True),
        ((2, 3), (3, 3), (1, 1), (1, 1), False),  # six pixels come out
        ((2, 4), (1, 1), (2, 2), (0, 0), False),  # seven of eight inputs join nothing
        ((1, 1), (3, 3), (1, 1), (0, 0), False),  # nothing comes out
    ],
)
def test_small_are_maps_most_of_whose_outputs_see_most_inputs(size, kernel, stride, padding, small):
    assert small_maps.small(torch.empty(1, 1, *size), kernel, stride, padding) is small


@pytest.mark.parametrize(
    "layer",
    [
        nn.Conv2d(4, 5, 3, padding=1, bias=False),
        nn.Conv2d(4, 5, 3, padding=1),
        nn.Conv2d(4, 4, 3, padding=1, groups=4, bias=False),
    ],
)
def test_networks_side_by_side_give_what_each_gives_whether_their_layer_can_be_dense(layer):
    stack = side_by_side(layer, NETWORKS)
    kernels = [torch.randn_like(layer.weight) for _ in range(NETWORKS)]
    with torch.no_grad():
        stack.weight.copy_(torch.stack(kernels))
        if layer.bias is not None:
            stack.bias.copy_(layer.bias.expand(NETWORKS, -1))
    x = torch.randn(ROWS, NETWORKS * 4, 1, 1)
    alone = [
        conv2d(own, kernel, layer.bias, padding=1, groups=layer.groups)
        for own, kernel in zip(x.chunk(NETWORKS, dim=1), kernels, strict=True)
    ]
    torch.testing.assert_close(stack(x), torch.cat(alone, dim=1))
