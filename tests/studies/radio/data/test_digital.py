"""Digital waveforms, against sums, matched filters and phases worked out here."""

import numpy as np
import pytest
import torch

from studies.radio.data.constellations import CONSTELLATIONS
from studies.radio.data.digital import drawn, gmsk, linear, offset_qpsk
from studies.radio.data.draws import Draws
from studies.radio.data.pulses import SPAN

STEPS = 8


def times(symbols, start=0.0):
    return torch.from_numpy(start + np.arange(symbols * STEPS)[None] / STEPS)


def textbook_pulse(t, b):
    t = t + 1e-7
    top = np.sin(np.pi * t * (1 - b)) + 4 * b * t * np.cos(np.pi * t * (1 + b))
    return top / (np.pi * t * (1 - (4 * b * t) ** 2))


def test_drawn_symbols_are_all_points_equally_often():
    symbols = drawn("16QAM", 50, 400, Draws(1)).numpy()
    assert symbols.shape == (50, 400 + 2 * SPAN)
    points, counts = np.unique(symbols, return_counts=True)
    assert len(points) == 16
    assert counts.min() > 0.9 * symbols.size / 16


def test_a_sample_is_the_sum_of_the_symbols_around_it():
    symbols = drawn("64QAM", 1, 21, Draws(2))
    time = times(20, start=0.377)
    found = linear(symbols, time, torch.tensor([0.25])).numpy()[0]
    centres = np.arange(symbols.shape[1]) - SPAN
    distance = time.numpy()[0][:, None] - centres
    near = (distance >= -SPAN) & (distance < SPAN + 1)
    expected = (np.where(near, textbook_pulse(distance, 0.25), 0) * symbols.numpy()).sum(axis=1)
    np.testing.assert_allclose(found, expected, atol=1e-4)


@pytest.mark.parametrize("name", ["QPSK", "128APSK", "256QAM"])
def test_a_matched_filter_gives_the_symbols_back(name):
    symbols = drawn(name, 1, 80, Draws(3))
    sent = linear(symbols, times(80), torch.tensor([0.35])).numpy()[0]
    taps = textbook_pulse(np.arange(-SPAN * STEPS, SPAN * STEPS + 1) / STEPS, 0.35) / STEPS
    heard = np.convolve(sent, taps, mode="same")[::STEPS]
    inner = slice(SPAN, 80 - SPAN)
    np.testing.assert_allclose(heard[inner], symbols.numpy()[0, SPAN:][inner], atol=0.02)


def test_the_quadrature_of_offset_qpsk_is_half_a_symbol_late():
    symbols = drawn("QPSK", 1, 40, Draws(4))
    roll_off = torch.tensor([0.3])
    plain = linear(symbols, times(38, start=1.0), roll_off)
    late = offset_qpsk(symbols, times(38, start=0.5), roll_off)
    torch.testing.assert_close(late.real, plain.real)
    later = offset_qpsk(symbols, times(38, start=1.0), roll_off)
    torch.testing.assert_close(later.imag, plain.imag)


def test_gmsk_has_a_constant_envelope_and_turns_a_quarter_a_bit():
    bits = torch.ones(1, 30 + 2 * SPAN)
    steady = gmsk(bits, times(30)).numpy()[0]
    np.testing.assert_allclose(abs(steady), 1, atol=1e-6)
    turns = np.angle(steady[STEPS:] / steady[:-STEPS])
    np.testing.assert_allclose(turns, np.pi / 2, atol=1e-4)
    drawn_bits = drawn("BPSK", 1, 30, Draws(5)).real.contiguous()
    phase = np.unwrap(np.angle(gmsk(drawn_bits, times(28)).numpy()[0]))
    # From long before a bit to long after it, the phase has turned by the sum of quarters; the
    # filter spreads the two bits at the ends.
    first, last = 4, 24
    inner = drawn_bits.numpy()[0, SPAN + first : SPAN + last + 1]
    expected = np.pi / 2 * (inner[1:-1].sum() + (inner[0] + inner[-1]) / 2)
    turned = phase[last * STEPS] - phase[first * STEPS]
    assert turned == pytest.approx(expected, abs=0.5)


def test_every_linear_constellation_can_be_sent():
    for name in CONSTELLATIONS:
        symbols = drawn(name, 2, 10, Draws(6))
        assert linear(symbols, times(9), torch.tensor([0.2])).isfinite().all()
