import math

import numpy as np
import pytest
import torch

from studies.radio.training.noise import (
    Calibration,
    fraction,
    gain_db,
    interpolate,
    log_odds,
    power,
    roughness,
)


def test_noise_fraction_is_noise_over_all():
    # At 0, 10 and −10 dB: 1/2, 1/11, 10/11.
    snr = torch.tensor([0.0, 10.0, -10.0])
    torch.testing.assert_close(fraction(snr), torch.tensor([1 / 2, 1 / 11, 10 / 11]))


def test_noise_fraction_is_clamped():
    answer = fraction(torch.tensor([60.0, -60.0], dtype=torch.float64))
    torch.testing.assert_close(answer, torch.tensor([1e-4, 1 - 1e-4], dtype=torch.float64))


@pytest.mark.parametrize("snr", [-20.0, -3.0, 0.0, 17.0, 30.0])
def test_log_odds_fall_by_a_fixed_amount_for_each_decibel(snr):
    answer = float(log_odds(torch.tensor([snr], dtype=torch.float64)))
    assert answer == pytest.approx(-0.2302585 * snr, abs=1e-5)


def test_log_odds_are_clamped_on_both_sides():
    answer = log_odds(torch.tensor([36.0, -25.0, 60.0, -60.0]))
    assert answer.tolist() == [-8.0, 5.5, -8.0, 5.5]


def test_power_counts_both_parts():
    frame = torch.tensor([[[3.0, 0.0], [4.0, 1.0]]])
    assert power(frame).tolist() == [(9 + 16 + 0 + 1) / 2]


def test_roughness_of_white_noise_is_two_and_of_a_tone_its_closed_form():
    rng = np.random.default_rng(0)
    noise = torch.tensor(rng.standard_normal((1, 2, 200_000)))
    assert float(roughness(noise)) == pytest.approx(2, abs=0.02)
    turn = 0.3 * np.arange(500)
    tone = torch.tensor(np.stack([np.cos(turn), np.sin(turn)])[None])
    # |e^{0.3i} - 1|^2 = 2 - 2 cos 0.3
    assert float(roughness(tone)) == pytest.approx(2 - 2 * math.cos(0.3))


def test_roughness_does_not_depend_on_scale_and_survives_an_empty_frame():
    rng = np.random.default_rng(1)
    frame = torch.tensor(rng.standard_normal((3, 2, 40)))
    torch.testing.assert_close(roughness(frame), roughness(5 * frame))
    assert roughness(torch.zeros(1, 2, 8)).tolist() == [0.0]


def test_calibration_is_monotone_and_near_the_truth(prepared):
    calibration = Calibration.fit(prepared.train.iq, prepared.train.snr, knots=12)
    assert (calibration.roughness.diff() > 0).all()
    assert (calibration.fraction.diff() >= 0).all()
    guess = interpolate(roughness(prepared.test.iq), calibration.roughness, calibration.fraction)
    least_informed = fraction(prepared.train.snr).mean()
    wanted = fraction(prepared.test.snr)
    error = (guess - wanted).abs().mean()
    assert error < 0.5 * (least_informed - wanted).abs().mean()


def test_isotonic_calibration_pools_what_is_out_of_order():
    # Three frames of roughness 0, 2 and 4/3 for noise fractions 1/2, 1/11 and 10/11: sorted by
    # roughness 1/2, 10/11, 1/11. The last two are out of order and pool to 1/2.
    steady = torch.tensor([[1.0, 1.0, 1.0], [0.0, 0.0, 0.0]])
    turning = torch.tensor([[1.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
    rough = torch.tensor([[1.0, 0.0, 1.0], [0.0, 0.0, 0.0]])
    frames = torch.stack([steady, turning, rough])
    order = roughness(frames)
    assert order.tolist() == pytest.approx([0, 2, 1.5])
    calibration = Calibration.fit(frames, torch.tensor([0.0, 10.0, -10.0]), knots=3)
    assert calibration.fraction.tolist() == pytest.approx([0.5, 0.5, 0.5])


def test_interpolation_is_linear_between_knots_and_flat_beyond():
    at, values = torch.tensor([0.0, 1.0, 3.0]), torch.tensor([0.0, 10.0, 20.0])
    x = torch.tensor([-5.0, 0.0, 0.25, 1.0, 2.0, 3.0, 9.0])
    torch.testing.assert_close(
        interpolate(x, at, values), torch.tensor([0.0, 0.0, 2.5, 10.0, 15.0, 20.0, 20.0])
    )
    torch.testing.assert_close(
        interpolate(x, torch.tensor([1.0]), torch.tensor([4.0])), torch.full((7,), 4.0)
    )


def test_the_gain_is_the_fall_of_the_noise_in_decibels():
    clean = torch.zeros(2, 2, 4)
    # The noise's amplitude falls to a tenth, and grows to ten times itself.
    frames = torch.ones(2, 2, 4)
    denoised = torch.tensor([0.1, 10.0]).view(2, 1, 1).expand(2, 2, 4)
    torch.testing.assert_close(gain_db(frames, denoised, clean), torch.tensor([20.0, -20.0]))
