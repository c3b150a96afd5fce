"""Convolutions of sequences are those of ``nn.Conv1d``, in slopes too."""

import pytest
import torch
from torch import nn

from studies.radio.training.convolution import Convolution, TransposedConvolution, sequences


def both(layer, library, x):
    """Return outputs and slopes of a layer and of the library's, as frames."""
    found = []
    for chosen in (layer, library):
        frames = x.clone().requires_grad_()
        if chosen is layer:
            out = layer(sequences(frames)).permute(1, 2, 0)
        else:
            out = library(type(layer).__base__, frames)
        weights = torch.linspace(-1, 1, out.numel(), dtype=out.dtype).view_as(out)
        slopes = torch.autograd.grad((out * weights).sum(), [frames, *layer.parameters()])
        found.append([out, *slopes])
    return zip(*found, strict=True)


@pytest.mark.parametrize(
    ("kernel", "stride", "padding", "bias"),
    [(6, 2, 2, False), (7, 2, 3, True), (8, 4, 2, True), (3, 1, 1, True), (6, 1, 3, False)],
)
def test_sequences_are_convolved_as_frames_are(kernel, stride, padding, bias):
    torch.manual_seed(1)
    layer = Convolution(3, 5, kernel, stride=stride, padding=padding, bias=bias).double()
    x = torch.randn(4, 3, 16, dtype=torch.double)

    def library(base, frames):
        return base.forward(layer, frames)[:, :, : 16 // stride]

    for ours, theirs in both(layer, library, x):
        torch.testing.assert_close(ours, theirs)


def test_a_transposed_convolution_lengthens_sequences_by_its_stride():
    torch.manual_seed(1)
    layer = TransposedConvolution(3, 5, 4, stride=2, padding=1).double()
    x = torch.randn(4, 3, 8, dtype=torch.double)
    assert layer(sequences(x)).shape == (16, 4, 5)
    for ours, theirs in both(layer, lambda base, frames: base.forward(layer, frames), x):
        torch.testing.assert_close(ours, theirs)


def test_sequences_lie_time_first_in_memory():
    frames = torch.arange(24.0).view(2, 3, 4)
    laid = sequences(frames)
    assert laid.is_contiguous()
    assert torch.equal(laid[1], frames[:, :, 1])
    assert isinstance(Convolution(1, 1, 1), nn.Conv1d)  # and named as it in files of weights
