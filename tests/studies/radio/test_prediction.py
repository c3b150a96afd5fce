"""Frames of users' files as the networks take them."""

import h5py
import numpy as np
import pytest
import torch

from studies.radio.prediction import load, read, table
from studies.radio.settings.data import Data
from studies.radio.settings.run import RadioRun
from studies.radio.training.network import Network
from studies.radio.training.noise import Calibration
from uphold.errors import InputError
from uphold.training.initial import initialise
from uphold.training.networks import weights

FRAMES = np.random.default_rng(0).normal(size=(3, 2, 32)).astype(np.float32)
POWER = np.square(FRAMES).sum(axis=1).mean(axis=1)


def test_frames_are_read_from_every_kind_of_file_and_layout(tmp_path):
    np.save(tmp_path / "a.npy", FRAMES)
    np.savez(tmp_path / "b.npz", X=FRAMES.transpose(0, 2, 1), Z=np.zeros(3))
    np.save(tmp_path / "c.npy", FRAMES[:, 0] + 1j * FRAMES[:, 1])
    with h5py.File(tmp_path / "d.h5", "w") as file:
        file["X"] = FRAMES.transpose(0, 2, 1)
    expected = FRAMES / np.sqrt(POWER)[:, None, None]
    for name in ("a.npy", "b.npz", "c.npy", "d.h5"):
        found = read(tmp_path / name, Data())
        np.testing.assert_allclose(found.x, expected, rtol=1e-6)
        assert found.x.dtype == np.float32
        assert found.where["frame"].tolist() == [0, 1, 2]
    np.testing.assert_array_equal(read(tmp_path / "a.npy", Data(normalise="none")).x, FRAMES)


def test_files_that_hold_no_frames_say_what_they_should_hold(tmp_path):
    np.save(tmp_path / "one.npy", FRAMES[0])
    with pytest.raises(InputError, match=r"one\.npy must hold frames of shape \(n, samples, 2\)"):
        read(tmp_path / "one.npy", Data())
    np.save(tmp_path / "zero.npy", FRAMES * 0)
    with pytest.raises(InputError, match=r"zero\.npy: 3 frames are all zero .* first at 0"):
        read(tmp_path / "zero.npy", Data())
    (tmp_path / "x.wav").write_bytes(b"RIFF")
    with pytest.raises(InputError, match=r"x\.wav is no file of arrays: .* or \.h5 file"):
        read(tmp_path / "x.wav", Data())
    (tmp_path / "x.h5").write_bytes(b"RIFF")
    with pytest.raises(InputError, match=r"x\.h5 cannot be read as an HDF5 file"):
        read(tmp_path / "x.h5", Data())


def test_a_denoiser_is_bypassed_where_its_run_did():
    settings = RadioRun(denoiser=True)
    network = Network(settings, 3, Calibration(torch.arange(4.0), torch.linspace(0.1, 0.9, 4)))
    initialise(network, 1)
    # a denoiser begins by doing nothing
    kept = {k: v + 0.1 * k.startswith("denoiser") for k, v in weights(network).items()}
    through = load(kept, settings)(FRAMES)
    around = load(kept, settings.model_copy(update={"bypass_denoiser": True}))(FRAMES)
    assert through.shape == (3, 3)
    assert not np.allclose(through, around)


def test_classes_stand_beside_their_probabilities():
    told = table(np.array([[0.0, 5.0], [2.0, 0.0]], np.float32), ["BPSK", "FM"], None, Data())
    assert told["label"].tolist() == ["FM", "BPSK"]
    np.testing.assert_allclose(told[["BPSK", "FM"]].sum(axis=1), 1)
