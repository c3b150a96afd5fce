"""Spectrograms: their size, their level, and where a tone is seen."""

import numpy as np
import pytest

from studies.speech.data.spectrogram import (
    RANGE_DB,
    STEP_DB,
    frame_s,
    frames,
    log_mel,
    mel_filters,
)
from studies.speech.settings.data import LogMel

MEL = LogMel(sample_rate=8000, n_mels=32, n_fft=512, hop_length=400, seconds=2.0)


def tone(hz: float, seconds: float, gain: float = 0.5) -> np.ndarray:
    time = np.arange(round(seconds * 8000)) / 8000
    return (gain * np.sin(2 * np.pi * hz * time)).astype(np.float32)


@pytest.mark.parametrize("seconds", [0.5, 2.0, 3.3])
def test_every_clip_has_the_same_size(seconds):
    assert log_mel(tone(440, seconds), MEL).shape == (32, frames(MEL)) == (32, 41)


def test_a_short_clip_stands_in_the_middle():
    loud = log_mel(tone(440, 1.0), MEL).max(axis=0) > -20
    assert frame_s(MEL) == 0.05
    assert np.flatnonzero(loud).min() == pytest.approx(10, abs=1)
    assert np.flatnonzero(loud).max() == pytest.approx(30, abs=1)


def test_a_long_clip_loses_both_ends_alike():
    ends = np.concatenate([tone(300, 0.5), tone(2000, 2.0), tone(300, 0.5)])
    middle = log_mel(tone(2000, 2.0), MEL)
    np.testing.assert_allclose(log_mel(ends, MEL)[:, 2:-2], middle[:, 2:-2], atol=0.5)


def test_the_level_is_kept_and_its_range_limited():
    quiet, loud = (log_mel(tone(440, 2.0, gain), MEL) for gain in (0.05, 0.5))
    assert loud.max() - quiet.max() == pytest.approx(20, abs=0.01)
    assert loud.max() - loud.min() <= RANGE_DB + 1e-4


def test_a_higher_tone_lies_in_a_higher_band():
    low, high = (log_mel(tone(hz, 2.0), MEL).mean(axis=1).argmax() for hz in (300, 1500))
    assert low < high


def test_the_defaults_are_the_archived_settings():
    mel = LogMel()
    assert (mel.sample_rate, mel.n_mels, mel.n_fft, mel.hop_length) == (22050, 128, 1024, 512)


@pytest.mark.parametrize("mel", [MEL, LogMel()])
def test_levels_are_those_of_librosa(mel):
    librosa = pytest.importorskip("librosa")  # of the extra peers
    noise = np.random.default_rng(0).standard_normal(round(mel.seconds * mel.sample_rate))
    # Louder by 100 dB from beginning to end, so that some of it lies below the range.
    sound = noise * 10 ** np.linspace(-5, 0, len(noise))
    power = librosa.feature.melspectrogram(
        y=sound,
        sr=mel.sample_rate,
        n_fft=mel.n_fft,
        hop_length=mel.hop_length,
        n_mels=mel.n_mels,
        dtype=np.float64,
    )
    expected = librosa.power_to_db(power, ref=1.0, top_db=RANGE_DB)
    np.testing.assert_allclose(log_mel(sound, mel), expected, atol=STEP_DB / 2 + 1e-4)


def test_filters_have_their_corners_at_even_steps_of_mel():
    # 4,000 Hz are 15 + 27 ln 4 / ln 6.4 = 35.16 mel: of 33 steps of 1.07 mel the first 14 reach
    # to 1,000 Hz, 71.0 Hz each.
    peaks = mel_filters(8000, 8192, 32).argmax(axis=1) * 8000 / 8192
    np.testing.assert_allclose(np.diff(peaks)[:12], 71.0, atol=1)
    ratios = peaks[15:] / peaks[14:-1]
    np.testing.assert_allclose(ratios, 6.4 ** (35.16 / 33 / 27), rtol=2e-3)
    np.testing.assert_allclose(mel_filters(8000, 8192, 32).sum(axis=1) * 8000 / 8192, 1, rtol=1e-3)
