"""Acted voices: reproducible, each its own, and told apart by what emotions do to them."""

import json

import numpy as np
import pandas as pd
import pytest
from safetensors.numpy import load_file

from studies.speech.data import inputs, prepare
from studies.speech.data.clip import Clip
from studies.speech.data.synthetic import EMOTIONS, Manner, sound, voice
from studies.speech.data.voice import Delivery, speak
from studies.speech.settings.data import EMOTIONS as NAMES
from studies.speech.settings.data import Data
from uphold.randomness import generator

MEL = {"sample_rate": 8000, "n_mels": 16, "n_fft": 512, "hop_length": 400, "seconds": 2.0}


def settings(**change) -> Data:
    return Data(spectrogram=MEL, synthetic={"actors": 3, "repetitions": 1, **change})


def test_equal_settings_give_equal_bytes(tmp_path):
    for name in ("a", "b"):
        prepare(settings(), tmp_path / name)
    for file in ("features.safetensors", "items.parquet", "card.json"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()
    assert inputs(settings()) == []


def test_every_actor_says_what_the_set_has(tmp_path):
    prepare(settings(actors=4, repetitions=2), tmp_path)
    items = pd.read_parquet(tmp_path / "items.parquet")
    assert (items.groupby("actor").size() == 60).all()
    counts = items.groupby("emotion").size()
    assert counts["neutral"] == 4 * 4
    assert (counts.drop("neutral") == 4 * 8).all()
    assert items["file"].is_unique
    card = json.loads((tmp_path / "card.json").read_text())
    assert card["labels"] == {"negative": 4 * 32, "neutral": 16, "positive": 4 * 24}


def test_another_actor_changes_no_clip_of_the_others(tmp_path):
    prepare(settings(actors=3), tmp_path / "three")
    prepare(settings(actors=4), tmp_path / "four")
    three, four = (load_file(tmp_path / n / "features.safetensors") for n in ("three", "four"))
    np.testing.assert_array_equal(three["x"], four["x"][four["actor"] <= 3])


def test_another_seed_gives_other_voices():
    assert voice(1, 5).pitch_hz != voice(2, 5).pitch_hz
    assert voice(1, 5) is not voice(1, 5)
    assert voice(1, 5).pitch_hz == voice(1, 5).pitch_hz


def test_women_speak_higher_than_men():
    men = [voice(7, number).pitch_hz for number in range(1, 24, 2)]
    women = [voice(7, number).pitch_hz for number in range(2, 25, 2)]
    assert np.median(women) > 1.4 * np.median(men)


def delivery(**change) -> Delivery:
    plain = {
        "vowels": "aaaa",
        "seconds": np.full(4, 0.25),
        "pitch_hz": np.full(5, 125.0),
        "loudness": np.ones(4),
        "brightness": 0.7,
        "breath": 0.0,
        "tremor": 0.0,
        "formants": 1.0,
        "gain_db": 0.0,
    }
    return Delivery(**plain | change)


def test_a_voice_has_the_pitch_the_level_and_the_length_it_is_given():
    said = speak(generator(0, "test"), delivery(), 8000)
    assert len(said) == 8000
    assert 20 * np.log10(np.sqrt(np.mean(said**2))) == pytest.approx(-26, abs=0.01)
    spectrum = np.abs(np.fft.rfft(said[:8000]))
    harmonics = spectrum[125:2000:125].mean()
    between = spectrum[187:2000:125].mean()
    assert harmonics > 10 * between


def test_a_vowel_is_loudest_at_its_first_formants():
    said = speak(generator(0, "test"), delivery(vowels="iiii", brightness=0.97), 8000)
    spectrum = np.abs(np.fft.rfft(said))
    first, second, gap = (spectrum[a:b].max() for a, b in ((200, 400), (2050, 2450), (900, 1500)))
    assert first > 4 * gap
    assert second > gap


def test_emotions_differ_in_level_and_length_as_they_are_meant_to():
    def mean(emotion, what):
        clips = [
            sound(3, Clip(actor, emotion, "strong", 1, 1), voice(3, actor), 8000)
            for actor in range(1, 13)
        ]
        return np.mean([what(clip) for clip in clips])

    def level(clip):
        return 20 * np.log10(np.sqrt(np.mean(clip**2)))

    assert mean("angry", level) > mean("sad", level) + 6
    assert mean("sad", len) > mean("fearful", len) * 1.2
    assert set(EMOTIONS) == set(NAMES)
    assert EMOTIONS["neutral"] == Manner()


def test_the_classes_can_be_told_and_are_not_told_perfectly(tmp_path):
    """Nearest class mean of standardised band levels, one actor left out at a time."""
    prepare(settings(actors=12, repetitions=1), tmp_path)
    arrays = load_file(tmp_path / "features.safetensors")
    x = np.concatenate([arrays["x"].mean(axis=2), arrays["x"].std(axis=2)], axis=1)
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    hits = []
    for actor in range(1, 13):
        here = arrays["actor"] == actor
        y = arrays["label"]
        means = np.stack([x[~here & (y == c)].mean(axis=0) for c in range(3)])
        found = ((x[here, None] - means) ** 2).sum(axis=2).argmin(axis=1)
        hits.append(np.mean([np.mean(found[y[here] == c] == c) for c in range(3)]))
    assert 0.38 < np.mean(hits) < 0.9
