"""Stacks of dense networks with rectified hidden layers, their gradients by hand.

A stack is a list of layers, each a weight of shape (networks, inputs, outputs) and a bias of shape
(networks, 1, outputs). The two products at its heart can be done in two ways, with equal results
up to rounding:

`Looped`
    network by network, each as if it were alone: on a CPU a network's numbers are then the same,
    bit by bit, in any company;
`Batched`
    all networks in one call: on a GPU, where a small call costs as much as a large one.

Shapes in comments: K networks, B rows of a batch, I inputs and O outputs of a layer.
"""

from collections.abc import Sequence
from math import inf
from typing import NamedTuple, Protocol

import torch
from torch import Tensor

# Products whose weights have this many numbers are left to oneDNN, smaller ones to torch's default
# library: on processors for which that has no kernel of its own, oneDNN takes half the time.
ONEDNN = torch.backends.mkldnn.is_available() and hasattr(torch.ops.mkldnn, "_linear_pointwise")
LARGE = 2**16 if ONEDNN else inf


class Layer(NamedTuple):
    """One layer of every network of a stack."""

    weight: Tensor
    bias: Tensor


class Products(Protocol):
    """The matrix products of a stack."""

    def affine(self, x: Tensor, layer: Layer) -> Tensor:
        """Return ``x @ weight + bias``: (K, B, I) → (K, B, O)."""
        ...

    def back(self, slope: Tensor, layer: Layer) -> Tensor:
        """Return ``slope @ weight.T``: (K, B, O) → (K, B, I)."""
        ...

    def gradients(self, x: Tensor, slope: Tensor) -> tuple[Sequence[Tensor], Sequence[Tensor]]:
        """Return ``x.T @ slope`` and the sum of slopes over rows, network by network."""
        ...


class Looped:
    """Products network by network."""

    def affine(self, x: Tensor, layer: Layer) -> Tensor:
        """See `Products`."""
        networks = zip(x.unbind(), layer.weight.unbind(), layer.bias.unbind(), strict=True)
        if layer.weight[0].numel() >= LARGE:
            return _stack([_onednn(x, w.t(), b[0]) for x, w, b in networks])
        return _stack([torch.addmm(b, x, w) for x, w, b in networks])

    def back(self, slope: Tensor, layer: Layer) -> Tensor:
        """See `Products`."""
        networks = zip(slope.unbind(), layer.weight.unbind(), strict=True)
        return _stack([torch.mm(s, w.t()) for s, w in networks])

    def gradients(self, x: Tensor, slope: Tensor) -> tuple[Sequence[Tensor], Sequence[Tensor]]:
        """See `Products`."""
        slopes = slope.unbind()
        networks = zip(x.unbind(), slopes, strict=True)
        if x.shape[2] * slope.shape[2] >= LARGE:
            weights = [_onednn(x.t(), s.t()) for x, s in networks]
        else:
            weights = [torch.mm(x.t(), s) for x, s in networks]
        return weights, [s.sum(0, keepdim=True) for s in slopes]


class Batched:
    """Products of all networks in one call."""

    def affine(self, x: Tensor, layer: Layer) -> Tensor:
        """See `Products`."""
        return torch.baddbmm(layer.bias, x, layer.weight)

    def back(self, slope: Tensor, layer: Layer) -> Tensor:
        """See `Products`."""
        return torch.bmm(slope, layer.weight.transpose(1, 2))

    def gradients(self, x: Tensor, slope: Tensor) -> tuple[Sequence[Tensor], Sequence[Tensor]]:
        """See `Products`."""
        return torch.bmm(x.transpose(1, 2), slope).unbind(), slope.sum(1, keepdim=True).unbind()


def forward(
    products: Products, layers: Sequence[Layer], x: Tensor, masks: Sequence[Tensor] = ()
) -> list[Tensor]:
    """Run a batch through a stack.

    Parameters
    ----------
    products : Products
    layers : sequence of Layer
    x : Tensor of shape (K, B, I)
        The inputs, dropped units already zero.
    masks : sequence of Tensor, each of shape (K, B, O)
        Dropout masks of the hidden layers, scaled; none outside training.

    Returns
    -------
    list of Tensor
        The inputs of every layer and, last, the logits.
    """
    values = [x]
    for i, layer in enumerate(layers):
        out = products.affine(values[-1], layer)
        if i + 1 < len(layers):
            out.relu_()
            if masks:
                out.mul_(masks[i])
        values.append(out)
    return values


def backward(
    products: Products,
    layers: Sequence[Layer],
    values: Sequence[Tensor],
    slope: Tensor,
    masks: Sequence[Tensor] = (),
) -> list[Sequence[Tensor]]:
    """Return the gradients of a batch's loss.

    Parameters
    ----------
    products, layers, masks
        As given to `forward`.
    values : sequence of Tensor
        What `forward` returned.
    slope : Tensor of shape (K, B, O)
        The derivative of the loss in the logits.

    Returns
    -------
    list of sequences
        For every weight and bias, first layer first, the gradient of each network.
    """
    gradients: list[Sequence[Tensor]] = []
    for i in reversed(range(len(layers))):
        gradients[:0] = products.gradients(values[i], slope)
        if i > 0:
            slope = products.back(slope, layers[i])
            if masks:
                slope.mul_(masks[i - 1])
            # A value of 0 was either cut off or dropped: the slope is 0 in both cases.
            slope = torch.ops.aten.threshold_backward(slope, values[i], 0)
    return gradients


def _onednn(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """Return ``x @ weight.T + bias``, two-dimensional, by oneDNN."""
    return torch.ops.mkldnn._linear_pointwise(x, weight, bias, "none", [], "")


def _stack(networks: list[Tensor]) -> Tensor:
    """Stack the networks' tensors; a view where there is one network."""
    return networks[0].unsqueeze(0) if len(networks) == 1 else torch.stack(networks)
