"""Analog waveforms, against what their definitions say of spectrum, envelope and phase."""

import numpy as np
import pytest
import torch

from studies.radio.data.analog import message, modulated
from studies.radio.data.draws import Draws

BAND = (0.02, 0.1)
TIME = torch.arange(2048, dtype=torch.float64).repeat(60, 1)


@pytest.fixture(scope="module")
def sent():
    return message(TIME, BAND, Draws(1))


def power_in(signal, low, high):
    """Share of the power at frequencies from low to high, in cycles a sample."""
    spectrum = abs(np.fft.fft(signal * np.hanning(signal.shape[1]))) ** 2
    frequency = np.fft.fftfreq(signal.shape[1])
    inside = (frequency >= low) & (frequency <= high)
    return spectrum[:, inside].sum() / spectrum.sum()


def test_the_message_has_power_1_within_its_band(sent):
    plain = sent.analytic_NT.real.numpy()
    assert np.mean(plain**2) == pytest.approx(1, abs=0.1)
    assert power_in(plain, 0.019, 0.101) == pytest.approx(0.5, abs=1e-3)
    assert len({row.tobytes() for row in plain}) == len(plain)


def test_its_integral_is_the_running_sum(sent):
    plain, integral = sent.analytic_NT.real.numpy(), sent.integral_NT.numpy()
    middle = (plain[:, 1:] + plain[:, :-1]) / 2
    np.testing.assert_allclose(np.diff(integral, axis=1), middle, atol=0.15)
    assert np.corrcoef(np.diff(integral, axis=1).ravel(), middle.ravel())[0, 1] > 0.999


def test_single_sideband_is_on_one_side(sent):
    without = modulated("AM-SSB-SC", sent, BAND[1]).numpy()
    assert power_in(without, 0.019, 0.101) > 0.999
    with_carrier = modulated("AM-SSB-WC", sent, BAND[1]).numpy()
    assert power_in(with_carrier, -0.002, 0.002) == pytest.approx(0.5, abs=0.05)
    assert power_in(with_carrier, 0.019, 0.101) == pytest.approx(0.5, abs=0.05)


def test_double_sideband_is_real_with_or_without_a_carrier(sent):
    with_carrier = modulated("AM-DSB-WC", sent, BAND[1]).numpy()
    without = modulated("AM-DSB-SC", sent, BAND[1]).numpy()
    assert not with_carrier.imag.any() and not without.imag.any()
    # depth .5: a carrier of power 1 beside sidebands of power .25
    assert power_in(with_carrier, -0.002, 0.002) == pytest.approx(0.8, abs=0.03)
    assert power_in(without, -0.002, 0.002) < 1e-3


def test_fm_has_a_constant_envelope_and_the_message_in_its_frequency(sent):
    fm = modulated("FM", sent, BAND[1]).numpy()
    np.testing.assert_allclose(abs(fm), 1, atol=1e-6)
    frequency = np.angle(fm[:, 1:] / fm[:, :-1]) / (2 * np.pi)
    middle = (sent.analytic_NT.real[:, 1:] + sent.analytic_NT.real[:, :-1]).numpy() / 2
    np.testing.assert_allclose(frequency, BAND[1] * middle, atol=0.02)


def test_another_name_is_no_analog_modulation(sent):
    with pytest.raises(ValueError, match="QPSK is no analog"):
        modulated("QPSK", sent, BAND[1])
