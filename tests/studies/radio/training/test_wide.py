"""Radio's networks side by side: what each gives alone, slopes, draws and statistics included."""

import pytest
import torch

from studies.radio.settings.run import RadioRun
from studies.radio.training.network import Network
from studies.radio.training.wide import wide
from uphold.training import dropout
from uphold.training.initial import initialise
from uphold.training.side_by_side import put, reseed, taken

SMALL = {
    "widths": {"convolutions": 4, "kernel": 6, "strides": [2, 2, 1], "recurrent": 4, "dense": 8},
    "denoiser_channels": 4,
    "noise_channels": 4,
}
ARMS = {
    "A0": {},
    "A5": {"film": True, "denoiser": True, "dual_path": True, "expert_features": True},
}


@pytest.mark.parametrize("networks", [1, 3])
@pytest.mark.parametrize("arm", ARMS)
def test_each_gives_and_learns_what_it_does_alone(prepared, arm, networks):
    settings = RadioRun(**SMALL | ARMS[arm])
    ones = [Network(settings, 2, prepared.calibration) for _ in range(networks)]
    gen = torch.Generator().manual_seed(1)
    for seed, one in enumerate(ones):
        initialise(one, seed)
        for parameter in one.parameters():
            parameter.data.add_(0.1 * torch.randn(parameter.shape, generator=gen))
    stack = wide(ones[0], networks)
    for place, one in enumerate(ones):
        put(stack, place, one.state_dict())
    frames = torch.randn(7, networks, 2, 32, generator=gen)
    reseed(stack, [(seed, 4) for seed in range(networks)])
    outputs = [output for output in stack(frames) if output is not None]
    pulls = [torch.randn(output.shape, generator=gen) for output in outputs]
    pulled = sum((o * pull).sum() for o, pull in zip(outputs, pulls, strict=True))
    slopes = torch.autograd.grad(pulled, list(stack.parameters()))
    stack.eval()
    judged = stack(frames)[0]
    for place, one in enumerate(ones):
        dropout.reseed(one, place, 4)
        own = [output for output in one(frames[:, place]) if output is not None]
        for whole, output in zip(outputs, own, strict=True):
            torch.testing.assert_close(whole[:, place], output, rtol=1e-4, atol=1e-5)
        pulled = sum((o * p[:, place]).sum() for o, p in zip(own, pulls, strict=True))
        expected = torch.autograd.grad(pulled, list(one.parameters()))
        for whole, slope in zip(slopes, expected, strict=True):
            torch.testing.assert_close(whole[place], slope, rtol=1e-3, atol=1e-3)
        one.eval()
        torch.testing.assert_close(judged[:, place], one(frames[:, place])[0], rtol=1e-4, atol=1e-5)
        found = taken(stack, place)
        assert found.keys() == one.state_dict().keys()
        for name, value in one.state_dict().items():
            torch.testing.assert_close(found[name], value)
