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


@pytest.mark.parametrize(
    ("seconds", "ends", "left_out"),
    [
        (0.4, [0.4], ""),
        (5.9, [3, 5.9], ""),
        (12.9, [3, 6, 9, 12], "its last 0.9 s, which are less than 1 s"),
    ],
)
def test_a_window_ends_with_the_recording_and_a_short_rest_is_told(
    tmp_path, seconds, ends, left_out
):
    samples = np.random.default_rng(0).normal(0, 0.1, round(16_000 * seconds))
    soundfile.write(tmp_path / "a.wav", samples, 16_000)
    found = read(tmp_path / "a.wav", Data())
    assert found.where["end_s"].tolist() == pytest.approx(ends)
    assert found.left_out == left_out


def test_a_head_that_learnt_from_vectors_takes_vectors(tmp_path):
    x = np.random.default_rng(0).normal(size=(4, 5))
    np.savez(tmp_path / "v.npz", x=x)
    found = read(tmp_path / "v.npz", Data(source="embeddings"))
    np.testing.assert_array_equal(found.x, x.astype(np.float32))
    soundfile.write(tmp_path / "a.wav", np.zeros(9), 16_000)
    with pytest.raises(InputError, match=r"a\.wav is no file of arrays"):
        read(tmp_path / "a.wav", Data(source="embeddings"))


def test_a_head_that_learnt_from_sound_takes_no_vectors(tmp_path):
    np.savez(tmp_path / "v.npz", x=np.zeros((4, 5)))
    with pytest.raises(InputError) as raised:
        read(tmp_path / "v.npz", Data())
    assert str(raised.value) == (
        f"{tmp_path / 'v.npz'} holds arrays, and this model takes sound: name recordings, or "
        "export a model that was trained with data.source: embeddings."
    )


def told(outputs, classes, threshold=0.5):
    return table(np.array(outputs, np.float32), classes, threshold, Data())["label"].tolist()


def test_the_label_is_the_positive_class_from_the_threshold_on():
    outputs = np.array([[0.47], [0.46]], np.float32)
    found = table(outputs, ["call"], 0.47000000000000003, Data())
    assert found["label"].tolist() == ["call", "no call"]
    assert found.columns.tolist() == ["label", "call"]


def test_of_several_classes_the_label_names_what_is_there():
    outputs = [[0.1, 0.47, 0.2], [0.9, 0.47, 0.2], [0.6, 0.46, 0.9], [0.1, 0.46, 0.5]]
    assert told(outputs, ["owl", "call", "tit"], 0.47) == [
        "call",
        "call",  # whatever else is there; the scores say it
        "tit and owl, no call",
        "tit, no call",
    ]


def test_a_window_of_none_of_several_classes_is_called_that():
    # The threshold is that of the positive class, and of no other.
    assert told([[0.49, 0.1], [0.3, 0.19]], ["owl", "call"], 0.2) == ["none of 2 classes"] * 2


def test_the_columns_are_the_classes_in_the_order_of_the_outputs():
    found = table(np.array([[0.9, 0.1]], np.float32), ["owl", "call"], 0.5, Data())
    assert found.columns.tolist() == ["label", "owl", "call"]
    assert found.iloc[0, 1:].tolist() == pytest.approx([0.9, 0.1])
