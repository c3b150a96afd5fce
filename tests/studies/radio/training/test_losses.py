import math

import pytest
import torch

from studies.radio.training.losses import (
    cleanness,
    denoising_loss,
    identity_loss,
    noise_loss,
    preservation_loss,
)


def test_noise_loss_is_smooth_l1_of_log_odds():
    # At 0 dB the log odds are 0: errors .5 and 3 give .5²/2 and 3 − .5.
    answer = noise_loss(torch.tensor([0.5, 3.0]), torch.zeros(2))
    assert float(answer) == pytest.approx((0.125 + 2.5) / 2)


def test_denoising_counts_pairs_that_are_two_decibels_apart():
    target = torch.zeros(3, 2, 4)
    denoised = torch.stack([torch.full((2, 4), v) for v in (1.0, 5.0, 3.0)])
    step = torch.tensor([2.0, 1.9, 8.0])
    assert float(denoising_loss(denoised, target, step)) == pytest.approx((1 + 3) / 2)


def test_denoising_without_pairs_is_zero():
    answer = denoising_loss(torch.ones(2, 2, 4), torch.zeros(2, 2, 4), torch.zeros(2))
    assert float(answer) == 0


def test_cleanness_is_a_half_at_ten_decibels():
    answer = cleanness(torch.tensor([10.0, 12.0, -10.0]))
    expected = [0.5, 1 / (1 + math.exp(-1)), 1 / (1 + math.exp(10))]
    assert answer.tolist() == pytest.approx(expected)


def test_identity_loss_weighs_frames_by_their_cleanness():
    frames = torch.zeros(2, 2, 4)
    denoised = torch.stack([torch.full((2, 4), 2.0), torch.full((2, 4), 3.0)])
    answer = identity_loss(denoised, frames, torch.tensor([10.0, 60.0]))
    assert float(answer) == pytest.approx((0.5 * 2 + 1 * 3) / 2)


def test_preservation_pulls_what_is_kept_and_not_what_is_wanted():
    kept = torch.tensor([[[1.0, 2.0]]], requires_grad=True)
    wanted = torch.tensor([[[0.0, 4.0]]], requires_grad=True)
    loss = preservation_loss(kept, wanted)
    loss.backward()
    assert loss.item() == pytest.approx(1.5)
    assert kept.grad.flatten().tolist() == [0.5, -0.5] and wanted.grad is None


def test_runs_side_by_side_have_a_loss_each():
    gen = torch.Generator().manual_seed(1)
    one, other = torch.randn(2, 3, 5, 2, 4, generator=gen)
    snr, step = 20 * torch.randn(3, 5, generator=gen), 4 * torch.rand(3, 5, generator=gen)
    for whole, each in (
        (noise_loss(step, snr), map(noise_loss, step, snr)),
        (denoising_loss(one, other, step), map(denoising_loss, one, other, step)),
        (identity_loss(one, other, snr), map(identity_loss, one, other, snr)),
    ):
        torch.testing.assert_close(whole, torch.stack(list(each)))
    kept, wanted = torch.randn(2, 4, 5, 3, 6, generator=gen)  # (steps, rows, runs, channels)
    by_run = [preservation_loss(kept[:, :, k], wanted[:, :, k]) for k in range(3)]
    torch.testing.assert_close(preservation_loss(kept, wanted), torch.stack(by_run))
