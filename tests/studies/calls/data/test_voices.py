import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studies.calls.data.voices import CALLS, LISTENED_FOR, Voice, growl, grunt
from studies.calls.data.window import RATE, SAMPLES
from uphold.randomness import generator


def stretches(active):
    """Lengths in seconds of the stretches in which the animal sounds."""
    return [sum(1 for _ in run) / RATE for on, run in itertools.groupby(active) if on]


def spectrum(sound):
    return np.fft.rfftfreq(len(sound), 1 / RATE), np.abs(np.fft.rfft(sound)) ** 2


@given(seed=st.integers(0, 10_000), name=st.sampled_from(sorted(CALLS)))
def test_an_utterance_lies_within_the_window_and_where_it_says(seed, name):
    event = CALLS[name](generator(seed, "test"), LISTENED_FOR)
    assert event.sound.shape == event.active.shape == (SAMPLES,)
    assert np.isfinite(event.sound).all()
    assert not event.sound[~event.active].any()
    assert np.abs(event.sound[event.active]).max() > 0.01
    assert not event.active[: round(0.04 * RATE)].any()
    assert not event.active[-round(0.04 * RATE) :].any()


@given(seed=st.integers(0, 10_000))
def test_a_grunt_is_one_to_four_short_pulses(seed):
    pulses = stretches(grunt(generator(seed, "test"), LISTENED_FOR).active)
    assert 1 <= len(pulses) <= 4
    assert all(0.089 < length < 0.241 for length in pulses)


@given(seed=st.integers(0, 10_000))
def test_a_growl_is_one_long_train(seed):
    (length,) = stretches(growl(generator(seed, "test"), LISTENED_FOR).active)
    assert 0.599 < length < 1.601


@pytest.mark.parametrize("name", sorted(CALLS))
def test_calls_have_their_energy_in_the_call_band(name):
    for seed in range(20):
        hertz, power = spectrum(CALLS[name](generator(seed, "test"), LISTENED_FOR).sound)
        inside = (hertz >= 80) & (hertz <= 2500)
        assert power[inside].sum() > 0.9 * power.sum()


def test_a_grunt_has_the_pitch_of_its_voice():
    voice = Voice(pitch=(150, 150), glide=(1, 1), pulse_rate=(30, 30), formants=((450, 450),))
    for seed in range(10):
        event = grunt(generator(seed, "test"), voice)
        first = np.flatnonzero(event.active)[0]
        pulse = event.sound[first : first + round(0.08 * RATE)]
        similarity = np.correlate(pulse, pulse, "full")[len(pulse) - 1 :]
        lags = np.arange(round(RATE / 200), round(RATE / 110))
        # Pulses differ by 7 % in pitch, and jitter adds some more.
        assert RATE / lags[np.argmax(similarity[lags])] == pytest.approx(150, rel=0.12)


def test_a_growl_has_the_pulse_rate_of_its_voice_and_is_not_regular():
    voice = Voice(pitch=(150, 150), glide=(1, 1), pulse_rate=(20, 20), formants=((900, 900),))
    intervals = np.array([])
    for seed in range(10):
        loud = np.abs(growl(generator(seed, "test"), voice).sound)
        # A pulse begins where it is loud after 20 ms of near silence.
        above = np.flatnonzero(loud > 0.05 * loud.max())
        starts = above[np.append(True, np.diff(above) > 320)]
        intervals = np.append(intervals, np.diff(starts) / RATE)
    # Where a pulse is too faint to be found, two intervals look like one.
    intervals = intervals[intervals < 0.075]
    assert len(intervals) > 100
    assert np.mean(intervals) == pytest.approx(1 / 20, rel=0.03)
    assert np.std(intervals) / np.mean(intervals) == pytest.approx(0.08, rel=0.2)
