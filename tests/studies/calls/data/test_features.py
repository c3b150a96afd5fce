import numpy as np
import pytest

from studies.calls.data import features
from studies.calls.data.window import RATE, SAMPLES

TIME = np.arange(SAMPLES) / RATE


def statistics(clip):
    """The features by statistic, undivided, each of shape (bands,)."""
    rows = features.embed(clip).reshape(len(features.STATISTICS), features.BANDS)
    return {name: rows[k] * features.DIVISORS[name] for k, name in enumerate(features.STATISTICS)}


@pytest.fixture
def noise():
    return np.random.default_rng(0).standard_normal(SAMPLES)


def test_there_are_1024_finite_numbers(noise):
    x = features.embed(noise)
    assert x.shape == (1024,)
    assert x.dtype == np.float32
    assert np.isfinite(x).all()


def test_levels_are_those_of_librosas_mel_spectrogram(noise):
    librosa = pytest.importorskip("librosa")  # of the extra peers
    mel = librosa.feature.melspectrogram(
        y=noise,
        sr=16000,
        n_fft=512,
        hop_length=160,
        center=False,
        n_mels=64,
        htk=True,
        norm=None,
        dtype=np.float64,
    ).T
    expected = np.maximum(10 * np.log10(mel / mel.mean()), -60)
    np.testing.assert_allclose(features.levels(noise), expected, atol=1e-4)


def test_a_gain_changes_nothing(noise):
    np.testing.assert_array_equal(features.embed(noise), features.embed(noise / 4))
    np.testing.assert_allclose(features.embed(noise), features.embed(noise * 3), atol=1e-5)


def test_digital_silence_is_all_zero():
    np.testing.assert_array_equal(features.embed(np.zeros(SAMPLES)), np.zeros(1024))


def test_the_loudest_band_is_that_of_the_tone():
    # 64 bands of equal width in mel: 2595 log10(1 + 1000 / 700) = 1000 mel of 2840, in steps of
    # 2840 / 65 = 43.7, is nearest to the centre of the 23rd band.
    tone = np.sin(2 * np.pi * 1000 * TIME) + 1e-3 * np.random.default_rng(0).standard_normal(
        SAMPLES
    )
    assert np.argmax(statistics(tone)["mean"]) == 22


def test_a_level_that_swings_by_5_db_5_times_a_second_shows_at_that_rate():
    swing = 10 ** (5 * np.sin(2 * np.pi * 5 * TIME) / 20)
    here = {
        name: rows[22] for name, rows in statistics(swing * np.sin(2 * np.pi * 1000 * TIME)).items()
    }
    # A sine of amplitude 5 has the standard deviation 5 / √2, and 5 Hz lies in 4–8 Hz (mod_4).
    assert here["mod_4"] == pytest.approx(5 / np.sqrt(2), rel=0.05)
    assert here["sd"] == pytest.approx(5 / np.sqrt(2), rel=0.05)
    assert max(here[f"mod_{k}"] for k in (1, 2, 3, 5, 6, 7)) < 1
    # It goes from −5 to 5 and back five times a second: 100 dB in 100 steps.
    assert here["step"] == pytest.approx(1, rel=0.05)
    # A sine is below −5 sin 72° for a tenth of the time; frames see 20 of its phases.
    assert here["q90"] - here["q10"] == pytest.approx(2 * 5 * np.sin(np.radians(72)), rel=0.1)


def test_modulations_add_up_to_the_variance(noise):
    found = statistics(noise)
    total = sum(found[f"mod_{k}"] ** 2 for k in range(1, 8))
    # All eight numbers are rounded to a few thousandths of a decibel.
    np.testing.assert_allclose(np.sqrt(total), found["sd"], atol=3e-3)


def test_a_sound_in_one_half_is_skewed():
    found = statistics(
        np.where(TIME < 0.6, 1, 0.01) * np.random.default_rng(1).standard_normal(SAMPLES)
    )
    # A fifth of the frames lie 40 dB above the rest: skewness (1 − 2p) / √(p (1 − p)) = 1.5.
    assert np.median(found["skewness"]) == pytest.approx(1.5, abs=0.2)
    assert np.median(found["q90"] - found["q50"]) == pytest.approx(40, abs=4)
