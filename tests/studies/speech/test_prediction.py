"""Clips of users' files as the networks take them."""

import numpy as np
import pytest
import soundfile

from studies.speech.data.spectrogram import log_mel
from studies.speech.prediction import read
from studies.speech.settings.data import Data, LogMel
from uphold.errors import InputError

MEL = LogMel(sample_rate=8000, n_mels=16, n_fft=256, hop_length=256, seconds=2.0)


def test_a_clip_is_one_spectrogram_as_the_study_makes_it(tmp_path):
    samples = np.random.default_rng(0).normal(0, 0.1, 8000).astype(np.float32)
    soundfile.write(tmp_path / "a.wav", samples, 8000, subtype="FLOAT")
    found = read(tmp_path / "a.wav", Data(spectrogram=MEL))
    np.testing.assert_array_equal(found.x, log_mel(samples, MEL)[None])
    assert found.where == {}


def test_what_is_no_clip_is_refused(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.full(800, 0.1), 8000)
    with pytest.raises(InputError, match=r"a\.wav lasts 0\.10 s; a clip lasts from 0\.5 to 60 s"):
        read(tmp_path / "a.wav", Data(spectrogram=MEL))
    (tmp_path / "b.wav").write_text("no sound")
    with pytest.raises(InputError, match=r"b\.wav cannot be read"):
        read(tmp_path / "b.wav", Data(spectrogram=MEL))
