from dataclasses import replace

import numpy as np
import pytest
import scipy.signal

from studies.calls.data.recorders import FAMILIAR, FOREIGN, recorder
from studies.calls.data.window import RATE, SAMPLES
from uphold.randomness import generator

PLAIN = replace(
    recorder(0, "plain", foreign=False),
    noise_slope_db=-4.0,
    low_edge_hz=1e-3,
    high_edge_hz=1e6,
    resonance_db=0.0,
    echo=0.0,
    gain_db=-20.0,
)


@pytest.fixture
def sounds():
    return np.random.default_rng(0).standard_normal((2, SAMPLES))


def test_a_recorder_is_linear(sounds):
    one, other = sounds
    heard = recorder(3, "a", foreign=True).hear
    np.testing.assert_allclose(heard(one) + 2 * heard(other), heard(one + 2 * other), atol=1e-9)


def test_a_plain_recorder_changes_the_gain_alone(sounds):
    sound = sounds[0] - sounds[0].mean()  # no recorder passes a constant
    np.testing.assert_allclose(PLAIN.hear(sound), 0.1 * sound, atol=1e-9)


def test_echoes_come_after_the_delay_and_fade():
    clap = np.zeros(SAMPLES)
    clap[1000] = 1
    heard = replace(PLAIN, gain_db=0.0, echo=0.5, echo_s=0.05).hear(clap)
    expected = np.zeros(SAMPLES)
    expected[[1000, 1800, 2600, 3400]] = [1, 0.5, 0.25, 0.125]
    np.testing.assert_allclose(heard, expected, atol=1e-4)


def test_no_echo_comes_before_its_sound():
    late = np.zeros(SAMPLES)
    late[-1] = 1
    loudest = replace(PLAIN, echo=FOREIGN["echo"][1], echo_s=FOREIGN["echo_s"][1])
    assert np.abs(loudest.hear(late)[: SAMPLES // 2]).max() < 1e-4


def test_the_response_falls_by_3_db_at_its_edges():
    narrow = replace(PLAIN, gain_db=0.0, low_edge_hz=200.0, high_edge_hz=4000.0)
    for hertz, fall_db in ((200, -3.01), (4000, -3.01), (900, 0.0), (100, -12.3)):
        tone = np.sin(2 * np.pi * hertz * np.arange(SAMPLES) / RATE)
        middle = slice(8000, 40000)
        level_db = 20 * np.log10(narrow.hear(tone)[middle].std() / tone[middle].std())
        assert level_db == pytest.approx(fall_db, abs=0.1)


def test_the_resonance_lifts_its_frequency():
    lifted = replace(PLAIN, gain_db=0.0, resonance_hz=1000.0, resonance_db=8.0)
    tone = np.sin(2 * np.pi * 1000 * np.arange(SAMPLES) / RATE)
    assert 20 * np.log10(lifted.hear(tone).std() / tone.std()) == pytest.approx(8, abs=0.1)


def test_background_has_unit_power_times_gain_and_its_colour():
    noise = np.concatenate([PLAIN.background(generator(k, "test")) for k in range(8)])
    assert noise.std() == pytest.approx(0.1, rel=0.05)
    hertz, power = scipy.signal.welch(noise, RATE, nperseg=4096)
    inside = (hertz > 100) & (hertz < 7000)
    slope, _ = np.polyfit(np.log2(hertz[inside]), 10 * np.log10(power[inside]), 1)
    assert slope == pytest.approx(-4.0, abs=0.2)


def test_recorders_follow_from_seed_and_name():
    assert recorder(1, "a", foreign=False) == recorder(1, "a", foreign=False)
    assert recorder(1, "a", foreign=False) != recorder(2, "a", foreign=False)
    one, other = (recorder(1, name, foreign=False) for name in "ab")
    assert one.resonance_hz != other.resonance_hz


def test_recorders_are_within_their_ranges():
    for foreign, ranges in ((False, FAMILIAR), (True, FOREIGN)):
        for k in range(20):
            made = recorder(k, "a", foreign=foreign)
            assert all(low <= getattr(made, key) <= high for key, (low, high) in ranges.items())
