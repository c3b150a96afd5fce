import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studies.calls.data.negatives import DISTRACTORS, clicks, insects, neighbour, wind
from studies.calls.data.voices import LISTENED_FOR
from studies.calls.data.window import RATE, SAMPLES
from uphold.randomness import generator

KINDS = {**DISTRACTORS, "neighbour": lambda rng: neighbour(rng, 240.0)}


def share_of_energy(sound, low, high):
    hertz, power = np.fft.rfftfreq(SAMPLES, 1 / RATE), np.abs(np.fft.rfft(sound)) ** 2
    return power[(hertz >= low) & (hertz <= high)].sum() / power.sum()


@given(seed=st.integers(0, 10_000), kind=st.sampled_from(sorted(KINDS)))
def test_each_kind_sounds_where_its_level_is_measured(seed, kind):
    event = KINDS[kind](generator(seed, "test"))
    assert event.sound.shape == event.active.shape == (SAMPLES,)
    assert np.isfinite(event.sound).all()
    assert np.mean(event.sound[event.active] ** 2) > 0
    assert share_of_energy(event.sound, *event.band) > 0.3


def test_wind_is_low_and_insects_are_high():
    for seed in range(20):
        assert share_of_energy(wind(generator(seed, "test")).sound, 0, 1000) > 0.9
        assert share_of_energy(insects(generator(seed, "test")).sound, 2000, 8000) > 0.95


def test_knocks_are_short():
    for seed in range(20):
        event = clicks(generator(seed, "test"))
        power = np.sort(event.sound**2)[::-1]
        assert power[: SAMPLES // 3].sum() > 0.99 * power.sum()


@pytest.mark.parametrize("pitch", [140.0, 330.0])
def test_the_neighbour_shares_the_band_of_the_call(pitch):
    for seed in range(20):
        event = neighbour(generator(seed, "test"), pitch)
        assert share_of_energy(event.sound, 80, 2500) > 0.9
    # Its pitch overlaps with that of the call at every place.
    assert 0.75 * pitch < 1.05 * LISTENED_FOR.pitch[1]
    assert 1.3 * pitch > LISTENED_FOR.pitch[0]
