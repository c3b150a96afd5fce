import numpy as np
import pytest
import torch

from uphold.randomness import generator
from uphold.training import dropout

EVERY_BYTE = torch.arange(256, dtype=torch.uint8)[None]


@pytest.mark.parametrize("rate", [0.0, 0.25, 0.5, 0.75])
def test_rates_of_whole_256ths_are_exact(rate):
    mask = dropout.mask(EVERY_BYTE, rate, out=torch.empty(1, 256))
    assert (mask == 0).double().mean().item() == rate
    assert mask.max().item() == pytest.approx(1 / (1 - rate))


@pytest.mark.parametrize("rate", [0.1, 0.33, 0.9])
def test_other_rates_are_off_by_no_more_than_a_512th(rate):
    mask = dropout.mask(EVERY_BYTE, rate, out=torch.empty(1, 256))
    assert (mask == 0).double().mean().item() == pytest.approx(rate, abs=1 / 512)


@pytest.mark.parametrize("rate", [0.0, 0.1, 0.25, 0.33, 0.9, 0.9999])
def test_the_mean_of_the_factors_is_one(rate):
    mask = dropout.mask(EVERY_BYTE, rate, out=torch.empty(1, 256))
    assert mask.mean().item() == pytest.approx(1, rel=1e-6)


def test_bytes_are_uniform_and_reproducible():
    noise = dropout.random_bytes(generator(3, "dropout"), 1000, 256)
    assert noise.shape == (1000, 256)
    assert noise.dtype == torch.uint8
    counts = np.bincount(noise.numpy().ravel(), minlength=256)
    # Chi-square with 255 degrees of freedom: 330.5 is its .999 quantile (R: qchisq(.999, 255)).
    assert ((counts - 1000) ** 2 / 1000).sum() < 330.5
    assert torch.equal(noise, dropout.random_bytes(generator(3, "dropout"), 1000, 256))


def test_a_number_of_bytes_that_is_no_multiple_of_eight():
    assert dropout.random_bytes(generator(3, "dropout"), 3, 3).shape == (3, 3)
