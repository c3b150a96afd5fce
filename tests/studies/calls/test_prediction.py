"""Sound and ready vectors of users' files as the heads take them."""

import numpy as np
import pytest
import soundfile

from studies.calls.data import features
from studies.calls.prediction import read, table
from studies.calls.settings.data import Data
from uphold.errors import InputError


def test_windows_of_a_recording_are_embedded_as_those_of_the_study(tmp_path):
    samples = np.random.default_rng(0).normal(0, 0.1, 16_000 * 8).astype(np.float32)
    soundfile.write(tmp_path / "a.wav", samples, 16_000, subtype="FLOAT")
    found = read(tmp_path / "a.wav", Data())
    assert found.where["start_s"].tolist() == [0, 3, 6]
    np.testing.assert_array_equal(found.x[1], features.embed(samples[48_000:96_000]))


def test_a_head_that_learnt_from_vectors_takes_vectors(tmp_path):
    x = np.random.default_rng(0).normal(size=(4, 5))
    np.savez(tmp_path / "v.npz", x=x)
    found = read(tmp_path / "v.npz", Data(source="embeddings"))
    np.testing.assert_array_equal(found.x, x.astype(np.float32))
    soundfile.write(tmp_path / "a.wav", np.zeros(9), 16_000)
    with pytest.raises(InputError, match=r"a\.wav is no file of arrays"):
        read(tmp_path / "a.wav", Data(source="embeddings"))


def test_the_label_is_the_positive_class_from_the_threshold_on():
    outputs = np.array([[0.9, 0.47], [0.1, 0.46]], np.float32)
    told = table(outputs, ["owl", "call"], 0.47000000000000003, Data())
    assert told["label"].tolist() == ["call", "no call"]
    assert told.columns.tolist() == ["label", "owl", "call"]
