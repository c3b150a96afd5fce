"""Constellations, pulses, waveforms and noise, against those of an independent generator.

Sionna comes with the extra ``peers``; without it these tests are skipped.
"""

import numpy as np
import pytest
import torch

from studies.radio.data.channel import noise
from studies.radio.data.constellations import CONSTELLATIONS
from studies.radio.data.digital import drawn, linear
from studies.radio.data.draws import Draws
from studies.radio.data.pulses import SPAN, root_raised_cosine

pytest.importorskip("sionna")
mapping = pytest.importorskip("sionna.phy.mapping")
signal = pytest.importorskip("sionna.phy.signal")
phy_channel = pytest.importorskip("sionna.phy.channel")

STEPS = 8


def sorted_points(points):
    return sorted(zip(points.real.round(5) + 0.0, points.imag.round(5) + 0.0, strict=True))


@pytest.mark.parametrize(("name", "bits"), [("QPSK", 2), ("16QAM", 4), ("64QAM", 6), ("256QAM", 8)])
def test_the_points_of_qam_are_the_same(name, bits):
    theirs = mapping.qam(bits, precision="double")
    np.testing.assert_allclose(
        sorted_points(CONSTELLATIONS[name]), sorted_points(theirs), atol=2e-5
    )


@pytest.mark.parametrize(("name", "bits"), [("BPSK", 1), ("4ASK", 2), ("8ASK", 3)])
def test_the_points_of_amplitude_keying_are_the_same(name, bits):
    theirs = mapping.pam(bits, precision="double")
    np.testing.assert_allclose(
        sorted_points(CONSTELLATIONS[name]), sorted_points(theirs.astype(complex)), atol=2e-5
    )


def taps(roll_off):
    theirs = signal.RootRaisedCosineFilter(2 * SPAN, STEPS, roll_off, precision="double")
    return theirs.coefficients.cpu().numpy()


@pytest.mark.parametrize("roll_off", [0.1, 0.25, 0.4])
def test_pulses_are_the_same_but_for_the_scale(roll_off):
    theirs = taps(roll_off)
    time = torch.arange(len(theirs), dtype=torch.float64) / STEPS - SPAN
    ours = root_raised_cosine(time, torch.tensor(roll_off, dtype=torch.float64)).numpy()
    # The scale of a filter is a convention.
    ours *= np.sqrt((theirs**2).sum() / (ours**2).sum())
    np.testing.assert_allclose(ours, theirs, atol=1e-6)


@pytest.mark.parametrize("name", ["QPSK", "64QAM"])
def test_waveforms_at_whole_steps_are_the_same(name):
    symbols = drawn(name, 2, 61, Draws(1))
    upsampled = signal.Upsampling(STEPS)(symbols)
    shape = signal.RootRaisedCosineFilter(2 * SPAN, STEPS, 0.35)
    # Their filter has unit energy by sample, ours by symbol.
    theirs = shape(upsampled, padding="same").cpu().numpy() * np.sqrt(STEPS)
    theirs = theirs[:, SPAN * STEPS :][:, : 60 * STEPS]
    time = torch.arange(60 * STEPS, dtype=torch.float64).repeat(2, 1) / STEPS
    ours = linear(symbols, time, torch.tensor([0.35, 0.35])).numpy()
    # Between symbols ours reaches up to a symbol further back, where a pulse is below .005.
    np.testing.assert_allclose(ours, theirs, atol=1e-2)


@pytest.mark.parametrize("snr_db", [-10.0, 12.0])
def test_noise_is_as_strong(snr_db):
    zeros = torch.zeros(500, 400, dtype=torch.complex64)
    theirs = phy_channel.AWGN()(zeros, 10 ** (-snr_db / 10)).abs().square().mean()
    ours = noise((500, 400), snr_db, Draws(2)).abs().square().mean()
    assert 10 * torch.log10(ours / theirs) == pytest.approx(0, abs=0.06)
