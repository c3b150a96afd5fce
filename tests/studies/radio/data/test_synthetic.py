"""The generator as a whole: SNR, bandwidth, and what follows from the seed."""

from typing import get_args

import numpy as np
import pytest
import torch

from studies.radio.data import synthetic
from studies.radio.settings.data import Channel, Data, Modulation, Synthetic

CLASSES = get_args(Modulation)
LINEAR = [n for n in CLASSES if n.endswith(("SK", "PSK", "QAM"))]


def cell(settings, name, snr_db=10.0, frames=8, split="train"):
    """Received and clean frames of a cell, complex128."""
    pairs = list(synthetic.portions(settings, split, name, snr_db, frames))
    return [np.concatenate([pair[k].numpy() for pair in pairs]).astype(complex) for k in (0, 1)]


@pytest.mark.parametrize("name", CLASSES)
def test_in_every_cell_the_measured_snr_is_the_label(name):
    settings = Synthetic()
    for snr_db in synthetic.snrs(settings):
        got, clean = cell(settings, name, snr_db, frames=200)
        signal = np.mean(abs(clean) ** 2, axis=1)
        noise = np.mean(abs(got - clean) ** 2, axis=1)
        assert 10 * np.log10(1 / np.mean(noise / signal)) == pytest.approx(snr_db, abs=0.1)


@pytest.mark.parametrize("name", CLASSES)
def test_no_class_is_constant_or_empty(name):
    _, clean = cell(Synthetic(), name, frames=40)
    assert np.isfinite(clean).all()
    np.testing.assert_allclose(np.mean(abs(clean) ** 2, axis=1), 1, atol=1e-5)
    assert np.std(clean, axis=1).min() > 0.1
    # no two frames are the same signal in another phase
    likeness = abs(clean @ clean.conj().T) / clean.shape[1] - np.eye(len(clean))
    assert likeness.max() < 0.999


def occupied(frames, share):
    """Width in cycles a sample that holds a share of the power, equal parts left out beside it."""
    spectrum = (abs(np.fft.fft(frames * np.hanning(frames.shape[1]))) ** 2).mean(axis=0)
    sums = np.cumsum(np.fft.fftshift(spectrum / spectrum.sum()))
    low, high = np.interp([(1 - share) / 2, (1 + share) / 2], sums, np.arange(len(sums)))
    return (high - low) / frames.shape[1]


def expected_width(roll_off, share):
    """The same of a raised-cosine spectrum, in symbol rates."""
    f = np.linspace(-1, 1, 200_001)
    flank = (abs(f) - (1 - roll_off) / 2) / roll_off
    density = np.cos(np.pi / 2 * np.clip(flank, 0, 1)) ** 2
    sums = np.cumsum(density) / density.sum()
    low, high = np.interp([(1 - share) / 2, (1 + share) / 2], sums, f)
    return high - low


@pytest.mark.parametrize("roll_off", [0.1, 0.4])
@pytest.mark.parametrize("name", ["BPSK", "8PSK", "64APSK", "256QAM", "OQPSK"])
def test_digital_frames_are_as_wide_as_symbol_rate_and_roll_off_say(name, roll_off):
    settings = Synthetic(
        samples=1024,
        samples_per_symbol=8,
        roll_off=(roll_off, roll_off),
        channel=Channel(carrier_offset=0, taps=0),
    )
    _, clean = cell(settings, name, frames=200)
    width = occupied(clean, 0.99) * 8
    assert width == pytest.approx(expected_width(roll_off, 0.99), rel=0.02)
    assert (1 - roll_off) < width < (1 + roll_off)


def test_gmsk_and_analog_frames_lie_within_their_bands():
    settings = Synthetic(
        samples=1024, samples_per_symbol=8, channel=Channel(carrier_offset=0, taps=0)
    )
    top = settings.message_band[1]
    # 99 % bandwidth of GMSK at BT .3: .92 symbol rates (Murota & Hirade 1981, table I)
    assert occupied(cell(settings, "GMSK", frames=200)[1], 0.99) * 8 == pytest.approx(
        0.92, abs=0.03
    )
    for name, width in {"AM-DSB-WC": 2 * top, "AM-DSB-SC": 2 * top, "AM-SSB-SC": top}.items():
        assert 0.8 * width < occupied(cell(settings, name, frames=300)[1], 0.99) < width + 0.003
    # Carson's rule with the deviation at three times its RMS
    assert 2 * top < occupied(cell(settings, "FM", frames=200)[1], 0.99) < 2 * (3 * top + top)


def test_a_cell_depends_on_nothing_but_its_own_name_and_the_seed():
    first = Synthetic(classes=("FM", "OOK"), train=3)
    other = Synthetic(classes=("QPSK", "FM"), train=9, snr_lowest=-4, snr_step=1)
    for one, another in zip(cell(first, "FM"), cell(other, "FM"), strict=True):
        np.testing.assert_array_equal(one, another)
    for changed in (
        cell(first.model_copy(update={"seed": 1}), "FM"),
        cell(first, "FM", split="test"),
        cell(first, "FM", snr_db=12.0),
    ):
        assert abs(changed[1] - cell(first, "FM")[1]).max() > 0.1


@pytest.mark.parametrize("name", ["16QAM", "GMSK", "OQPSK", "AM-SSB-WC"])
def test_more_frames_leave_the_first_ones_as_they_are(name, monkeypatch):
    few = cell(Synthetic(), name, frames=7)
    monkeypatch.setattr(synthetic, "PORTION", 128 * 3)
    many = cell(Synthetic(), name, frames=20)
    for one, another in zip(few, many, strict=True):
        np.testing.assert_allclose(one, another[:7], atol=1e-5)


@pytest.mark.parametrize("threads", [2, 3])
def test_the_number_of_threads_changes_no_bit(threads):
    settings = Synthetic(samples=1024, samples_per_symbol=8)
    before = torch.get_num_threads()
    alone = [cell(settings, name, frames=140) for name in ("64QAM", "FM", "GMSK")]
    try:
        torch.set_num_threads(threads)
        shared = [cell(settings, name, frames=140) for name in ("64QAM", "FM", "GMSK")]
        assert torch.get_num_threads() == threads
    finally:
        torch.set_num_threads(before)
    np.testing.assert_array_equal(shared, alone)


def test_levels_of_snr_include_both_ends():
    assert synthetic.snrs(Synthetic()) == [float(v) for v in range(-20, 19, 2)]
    fine = Synthetic(snr_lowest=-0.3, snr_highest=0.3, snr_step=0.1)
    assert synthetic.snrs(fine) == pytest.approx([-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3])


def test_classes_stand_in_their_true_order():
    source = synthetic.make(Data(synthetic=Synthetic(classes=("OQPSK", "FM", "OOK", "FM"))))
    assert source.classes == ["OOK", "FM", "OQPSK"]
