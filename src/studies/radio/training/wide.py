"""Layers of several networks as one, for sequences: the networks have an axis before the channels.

Maps of one network, (steps, rows, channels), are (steps, rows, networks, channels) here, so that
whatever acts on channels alone is the same code for one network and for several; in memory it is
the layout of `uphold.training.side_by_side`, whose layers these are. Parameters have a first axis
of networks under the names that they have in one network.

Where sums run over rows, torch adds in an order that depends on the place of a number among those
that lie beside it, in blocks of 32 and then of 8 numbers: with four networks whose widths are
multiples of eight, or less than eight and powers of two, no network's numbers lie otherwise than
another's.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, conv_transpose2d

from studies.radio.training.convolution import (
    Convolution,
    TransposedConvolution,
    as_image,
    from_image,
)
from studies.radio.training.noise import interpolate
from studies.radio.training.noise_head import NoiseFractionNet
from studies.radio.training.recurrence import Recurrence
from uphold.training.dropout import Dropout
from uphold.training.side_by_side import Dropouts, Layers, Linears, Norms, side_by_side


def wide(one: nn.Module, networks: int) -> nn.Module:
    """Return so many networks like this one as one; weights are not set."""
    return side_by_side(one, networks, LAYERS)


class WideConvolution(nn.Module):
    """A `Convolution` of every network, or a transposed one."""

    def __init__(self, one: Convolution | TransposedConvolution, networks: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(networks, *one.weight.shape))
        self.bias = None if one.bias is None else nn.Parameter(torch.empty(networks, len(one.bias)))
        self.stride, self.padding = one.stride[0], int(one.padding[0])
        self.transposed = isinstance(one, TransposedConvolution)

    def forward(self, x: Tensor) -> Tensor:
        """Map (steps, rows, networks, inputs) to (other steps, rows, networks, outputs)."""
        networks = len(self.weight)
        bias = None if self.bias is None else self.bias.flatten()
        convolve = conv_transpose2d if self.transposed else conv2d
        out = convolve(
            as_image(x.flatten(2)),
            self.weight.flatten(0, 1).unsqueeze(3),
            bias,
            (self.stride, 1),
            (self.padding, 0),
            groups=networks,
        )
        found = from_image(out).unflatten(2, (networks, -1))
        return found if self.transposed else found[: len(x) // self.stride]


class WideNorm(Norms):
    """A ``BatchNorm1d`` of every network."""

    def forward(self, x: Tensor) -> Tensor:
        """Normalise (rows, networks, channels)."""
        return super().forward(x.flatten(1)).view_as(x)


class WideLinear(Linears):
    """A ``Linear`` of every network."""

    def forward(self, x: Tensor) -> Tensor:
        """Map (..., networks, inputs) to (..., networks, outputs)."""
        return super().forward(x.flatten(0, -3).flatten(1)).view(*x.shape[:-1], -1)


class WideDropout(Dropouts):
    """A `Dropout` of every network."""

    def forward(self, x: Tensor) -> Tensor:
        """Return `x`, (rows, networks, units), with dropped units zero and the others scaled."""
        return super().forward(x.flatten(1)).view_as(x)


class WideLSTM(nn.Module):
    """An ``LSTM`` of one layer and one direction of every network."""

    def __init__(self, one: nn.LSTM, networks: int) -> None:
        super().__init__()
        for name, parameter in one.named_parameters():
            self.register_parameter(name, nn.Parameter(torch.empty(networks, *parameter.shape)))

    weight_ih_l0: Tensor
    weight_hh_l0: Tensor
    bias_ih_l0: Tensor
    bias_hh_l0: Tensor

    def forward(self, x: Tensor) -> tuple[Tensor, None]:
        """Map (steps, rows, networks, inputs) to states (steps, rows, networks, units)."""
        steps, rows, networks, _ = x.shape
        if networks == 1:
            parts = (self.weight_ih_l0, self.weight_hh_l0, self.bias_ih_l0, self.bias_hh_l0)
            flat = [part[0] for part in parts]
            none = x.new_zeros(1, rows, flat[1].shape[1])
            told, _, _ = torch.lstm(
                x[:, :, 0], (none, none), flat, True, 1, 0.0, self.training, False, False
            )
            return told.unsqueeze(2), None
        each = x.flatten(0, 1).transpose(0, 1)
        # The bias as a product, as in `Linears`.
        bias = (self.bias_ih_l0 + self.bias_hh_l0).unsqueeze(1)
        base = torch.bmm(x.new_ones(networks, steps * rows, 1), bias)
        told = torch.baddbmm(base, each, self.weight_ih_l0.transpose(1, 2))
        told = told.view(networks, steps, rows, -1)
        states = Recurrence.apply(told, self.weight_hh_l0)  # type: ignore[no-untyped-call]
        return states.permute(1, 2, 0, 3), None


class WideNoiseHead(NoiseFractionNet):
    """A `NoiseFractionNet` of every network; their calibration is of the same data."""

    def __init__(self, one: NoiseFractionNet, networks: int) -> None:
        nn.Module.__init__(self)
        for name, values in one.named_buffers(recurse=False):
            self.register_buffer(name, values.repeat(networks, 1))
        for name, part in one.named_children():
            self.add_module(name, wide(part, networks))

    def calibrated(self, rough: Tensor) -> Tensor:
        """Return the noise fraction at a roughness of frames."""
        return interpolate(rough, self.at[0], self.values[0])


LAYERS: Layers = {
    NoiseFractionNet: WideNoiseHead,
    Convolution: WideConvolution,
    TransposedConvolution: WideConvolution,
    nn.BatchNorm1d: WideNorm,
    nn.Linear: WideLinear,
    nn.LSTM: WideLSTM,
    Dropout: WideDropout,
}
