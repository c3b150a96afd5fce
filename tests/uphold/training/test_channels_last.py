"""Channels last where oneDNN can do it, and never where it writes beyond its memory."""

import subprocess
import sys

import pytest
import torch
from torch import nn

from uphold.training.channels_last import channels_last

TRAINED = """
import sys, torch
from torch import nn
from uphold.training.channels_last import channels_last
torch.set_num_threads(1)
for channels in {channels}:
    for kernel, stride, groups in ((1, 2, 1), (1, 1, 1), (3, 2, 1), (7, 2, 1), (3, 1, channels)):
        layer = nn.Conv2d(
            channels, 2 * channels, kernel, stride, kernel // 2, groups=groups, bias=False
        )
        layer = channels_last(layer)
        for _ in range(30):
            x = torch.randn(32, channels, 8, 12, requires_grad=True)
            layer(x).square().sum().backward()
print("whole")
"""


@pytest.mark.parametrize("channels", [(1, 4, 6), (8, 12)])
def test_no_width_of_a_convolution_ends_the_process(channels):
    command = [sys.executable, "-c", TRAINED.format(channels=channels)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "whole\n"), done.stderr


def _is_last(layer: nn.Conv2d) -> bool:
    return layer.weight.is_contiguous(memory_format=torch.channels_last)


def test_a_narrow_strided_kernel_of_one_keeps_the_whole_network_as_it_is():
    for narrow, last in ((4, False), (8, True)):
        layers = [nn.Conv2d(1, narrow, 3), nn.Conv2d(narrow, 16, 1, stride=2), nn.Conv2d(16, 8, 3)]
        made = channels_last(nn.Sequential(*layers))
        assert _is_last(made[2]) == last
