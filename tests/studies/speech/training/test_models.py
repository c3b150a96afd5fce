"""The networks: what goes in and out, how large they are, how they start."""

import pytest
import torch

from studies.speech.settings.run import SpeechRun
from studies.speech.training.models import Block, ResNet18, network
from uphold.training.initial import initialise
from uphold.training.networks import parameters


@pytest.mark.parametrize("model", ["resnet18", "small_cnn"])
@pytest.mark.parametrize("size", [(32, 49), (128, 173), (16, 20)])
def test_spectrograms_of_any_size_become_logits(model, size):
    net = network(SpeechRun(model=model, resnet_width=4, cnn_width=4), classes=8)
    initialise(net, 1)
    net.eval()
    out = net(torch.randn(3, 1, *size, generator=torch.Generator().manual_seed(0)))
    assert out.shape == (3, 8)
    assert torch.isfinite(out).all()


def test_resnet18_is_as_large_as_the_paper_s():
    """torchvision's resnet18 has 11,689,512 parameters with three channels and 1,000 classes."""
    ours = parameters(ResNet18(64, 1000))
    assert ours == 11_689_512 - 2 * 64 * 49


def test_the_small_network_is_as_large_as_the_script_s():
    """Kernels of 3 by 3 from 1 to 32, 64 and 128 channels, and a line for each class, with biases.

    Its last map is averaged without pooling: 128 channels of 8 by 12 from 32 by 49.
    """
    net = network(SpeechRun(), 3)
    kernels = 9 * (32 + 32 * 64 + 64 * 128) + 32 + 64 + 128
    assert parameters(net) == kernels + 128 * 3 + 3 == 93_059
    assert net.trunk(torch.zeros(1, 1, 32, 49)).shape == (1, 128, 8, 12)
    assert net.dropout.rate == 0


def test_resnet18_has_eighteen_layers_with_weights():
    layers = [m for m in ResNet18(4, 3).modules() if isinstance(m, torch.nn.Conv2d)]
    shortcuts = [m for m in layers if m.kernel_size == (1, 1)]
    assert len(layers) - len(shortcuts) + 1 == 18
    assert len(shortcuts) == 3


def test_a_block_starts_as_its_shortcut():
    block = Block(4, 4, 1)
    initialise(block, 3)
    block.eval()
    h = torch.rand(2, 4, 5, 5, generator=torch.Generator().manual_seed(0))
    assert torch.equal(block(h), h)


def test_batch_normalisation_and_dropout_are_settings():
    plain = network(SpeechRun(model="small_cnn", batch_norm=False, dropout=0), 3)
    full = network(SpeechRun(model="small_cnn", batch_norm=True, dropout=0.5), 3)
    assert not [m for m in plain.modules() if isinstance(m, torch.nn.BatchNorm2d)]
    assert len([m for m in full.modules() if isinstance(m, torch.nn.BatchNorm2d)]) == 3
    assert full.dropout.rate == 0.5
