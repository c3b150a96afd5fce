"""Pulses, against the textbook quotient and numerical integration."""

import numpy as np
import pytest
import torch

from studies.radio.data.pulses import gaussian_phase, root_raised_cosine

TIME = np.linspace(-7.9, 7.9, 2001) + 0.00013


def pulse(time, roll_off):
    return root_raised_cosine(torch.tensor(time).double(), torch.tensor(roll_off).double()).numpy()


@pytest.mark.parametrize("b", [0.1, 0.22, 0.4, 1.0])
def test_the_sum_equals_the_quotient(b):
    t = TIME
    quotient = np.sin(np.pi * t * (1 - b)) + 4 * b * t * np.cos(np.pi * t * (1 + b))
    quotient /= np.pi * t * (1 - (4 * b * t) ** 2)
    np.testing.assert_allclose(pulse(t, b), quotient, atol=1e-8)


@pytest.mark.parametrize("b", [0.1, 0.4])
def test_at_its_singular_points_the_pulse_has_the_limits_of_the_quotient(b):
    angle = np.pi / (4 * b)
    flank = (1 + 2 / np.pi) * np.sin(angle) + (1 - 2 / np.pi) * np.cos(angle)
    assert pulse(0.0, b) == pytest.approx(1 + b * (4 / np.pi - 1))
    assert pulse(1 / (4 * b), b) == pytest.approx(b / np.sqrt(2) * flank)


def test_without_roll_off_it_is_a_sinc():
    np.testing.assert_allclose(pulse(TIME, 0.0), np.sinc(TIME), atol=1e-12)


def test_after_the_matched_filter_symbols_do_not_reach_each_other():
    steps = 64
    time = np.arange(-60 * steps, 60 * steps + 1) / steps
    both = np.convolve(pulse(time, 0.35), pulse(time, 0.35)) / steps
    centre = len(both) // 2
    at_symbols = both[centre - 10 * steps : centre + 10 * steps + 1 : steps]
    np.testing.assert_allclose(at_symbols, np.eye(21)[10], atol=1e-3)


def test_the_phase_of_gmsk_is_the_integral_of_a_smoothed_rectangle():
    steps = 400
    time = np.arange(-6 * steps, 6 * steps + 1) / steps
    sigma = np.sqrt(np.log(2)) / (2 * np.pi * 0.3)
    gauss = np.exp(-0.5 * (time / sigma) ** 2)
    rectangle = np.where(abs(time) < 0.5, 0.5, 0) + np.where(abs(time) == 0.5, 0.25, 0)
    frequency = np.convolve(rectangle, gauss / gauss.sum(), mode="same")
    phase = (np.cumsum(frequency) - frequency / 2) / steps
    found = gaussian_phase(torch.tensor(time)).numpy()
    np.testing.assert_allclose(found, phase, atol=1e-5)
    assert found[[0, len(time) // 2, -1]] == pytest.approx([0, 0.25, 0.5], abs=1e-9)
