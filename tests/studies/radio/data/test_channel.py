"""Clock, paths, carrier and noise, each measured from what they do to known samples."""

import numpy as np
import pytest
import torch

from studies.radio.data import channel, clock
from studies.radio.data.draws import Draws
from studies.radio.settings.data import Channel, Synthetic

STILL = Channel(carrier_offset=0, clock_drift=0, taps=0)


def tone(frames, samples, frequency=0.1):
    wave = torch.polar(torch.ones(samples), 2 * torch.pi * frequency * torch.arange(samples))
    return wave.repeat(frames, 1)


def test_times_start_anywhere_in_a_symbol_and_drift_either_way():
    settings = Synthetic(samples=100, samples_per_symbol=5, channel=Channel(clock_drift=0.01))
    found = clock.times(settings, 4000, Draws(1)).numpy()
    assert found.shape == (4000, 100 + 3)
    assert 0 <= found[:, 0].min() < 0.01 and 4.99 < found[:, 0].max() <= 5
    rate = np.diff(found, axis=1)
    np.testing.assert_allclose(rate, rate[:, :1].repeat(102, axis=1), atol=1e-9)
    assert rate.min() == pytest.approx(0.99, abs=1e-4)
    assert rate.max() == pytest.approx(1.01, abs=1e-4)
    assert found.max() / 5 < clock.symbols(settings)


def test_without_a_channel_samples_are_turned_and_scaled_alone():
    sent = 3 * tone(50, 64)
    got = channel.received(sent, STILL, Draws(2)).numpy()
    ratio = got / sent.numpy()
    np.testing.assert_allclose(ratio, ratio[:, :1].repeat(64, axis=1), atol=1e-5)
    np.testing.assert_allclose(abs(ratio), 1 / 3, atol=1e-5)
    assert np.ptp(np.angle(ratio[:, 0])) > 5


def test_the_carrier_is_off_by_at_most_the_setting():
    offset = STILL.model_copy(update={"carrier_offset": 0.01})
    got = channel.received(tone(500, 256), offset, Draws(3)).numpy()
    step = np.angle(got[:, 1:] / got[:, :-1]).mean(axis=1) / (2 * np.pi) - 0.1
    assert step.min() == pytest.approx(-0.01, abs=3e-4)
    assert step.max() == pytest.approx(0.01, abs=3e-4)


def test_frames_arrive_with_power_1():
    got = channel.received(tone(20, 67) * torch.rand(20, 1), Channel(taps=4), Draws(4))
    assert got.shape == (20, 64)
    np.testing.assert_allclose(got.abs().square().mean(1), 1, atol=1e-5)


def test_the_paths_have_the_stated_powers():
    """One pulse at a time passes through; what arrives later is a path."""
    taps, k_db, spread = 5, 3.0, 1.5
    settings = STILL.model_copy(
        update={"taps": taps, "rician_k_db": (k_db, k_db), "delay_spread": spread}
    )
    sent = torch.zeros(40_000, 8 + taps - 1, dtype=torch.complex64)
    sent[:, taps - 1] = 1
    paths = channel._through_paths(sent, settings, Draws(5)).numpy()
    power = np.mean(abs(paths) ** 2, axis=0)
    scattered = np.exp(-np.arange(taps) / spread)
    scattered *= 10 ** (-k_db / 10) / scattered.sum()
    np.testing.assert_allclose(power[1:taps], scattered[1:], rtol=0.05)
    assert power[0] == pytest.approx(1 + scattered[0], rel=0.05)
    assert not power[taps:].any()
    assert abs(paths[:, 0].mean()) == pytest.approx(1, rel=0.02)


@pytest.mark.parametrize("snr_db", [-20.0, 0.0, 30.0])
def test_noise_is_white_circular_and_as_strong_as_stated(snr_db):
    found = channel.noise((2000, 128), snr_db, Draws(6)).numpy().astype(complex)
    power = 10 ** (-snr_db / 10)
    assert 10 * np.log10(np.mean(abs(found) ** 2)) == pytest.approx(-snr_db, abs=0.05)
    assert abs(np.mean(found**2)) < 0.01 * power
    assert abs(np.mean(found[:, 1:] * found[:, :-1].conj())) < 0.01 * power
