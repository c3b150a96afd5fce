import numpy as np
import pytest

from studies.calls.data.events import Event, coloured_noise, hertz
from studies.calls.data.window import RATE, SAMPLES

TIME = np.arange(SAMPLES) / RATE


def tone(hertz, amplitude):
    return amplitude * np.sin(2 * np.pi * hertz * TIME)


def test_snr_compares_powers_within_band_and_active_samples():
    active = (TIME >= 1) & (TIME < 2)
    event = Event(tone(500, 1), active)
    heard = tone(500, 3)
    # Outside the active second the rest is 100 times louder; above the band it is 30 times louder.
    rest = np.where(active, tone(700, 1.5), tone(700, 150)) + tone(6000, 45)
    quiet_rest = tone(700, 1.5) + tone(6000, 45)
    assert event.snr_db(heard, quiet_rest) == pytest.approx(20 * np.log10(3 / 1.5), abs=0.01)
    # The sharp cut of a sound that jumps leaks a little into the active second.
    assert event.snr_db(heard, rest) == pytest.approx(20 * np.log10(3 / 1.5), abs=2)


def test_the_band_is_the_events_own():
    event = Event(tone(4000, 1), np.ones(SAMPLES, dtype=bool), band=(2000.0, 7900.0))
    assert event.snr_db(tone(4000, 1), tone(500, 99) + tone(3000, 1)) == pytest.approx(0, abs=0.01)


def test_coloured_noise_has_the_colour():
    amplitude = np.where(hertz() < 1000, 2.0, 0.5)
    power = np.abs(np.fft.rfft(coloured_noise(np.random.default_rng(0), amplitude))) ** 2
    low, high = power[hertz() < 1000].mean(), power[hertz() >= 1000].mean()
    assert low / high == pytest.approx(16, rel=0.1)
