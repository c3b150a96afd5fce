import numpy as np
import pytest
import torch
from safetensors.numpy import save_file

from studies.radio.training import load
from uphold.errors import InputError


def write(folder, change=0.0, rows=6, clean=True):
    rng = np.random.default_rng(0)
    tensors = {"classes": np.array(3)}
    for split in ("train", "validation", "test"):
        count = rows if split == "validation" else 6
        tensors[f"{split}/iq"] = rng.standard_normal((count, 2, 16)).astype(np.float32) + change
        tensors[f"{split}/label"] = np.arange(count) % 3
        tensors[f"{split}/snr"] = np.linspace(-4, 6, count).astype(np.float32)
        if clean:
            tensors[f"{split}/clean"] = tensors[f"{split}/iq"] / 2
    folder.mkdir(exist_ok=True)
    save_file(tensors, folder / "frames.safetensors")
    return tensors


def test_frames_are_read_as_they_were_written(tmp_path):
    written = write(tmp_path)
    data = load(tmp_path)
    assert data.classes == 3 and data.samples == 16 and data.lowest == -4
    np.testing.assert_array_equal(data.train.iq.numpy(), written["train/iq"])
    np.testing.assert_array_equal(data.test.clean.numpy(), written["test/clean"])
    np.testing.assert_array_equal(data.validation.clean.numpy(), written["validation/clean"])
    assert data.train.clean is None
    assert data.train.label.dtype == torch.int64
    assert len(data.calibration.roughness) == 6


def test_frames_without_clean_ones_are_read_too(tmp_path):
    write(tmp_path, clean=False)
    data = load(tmp_path)
    assert data.test.clean is None and data.validation.clean is None


def test_the_digest_is_that_of_the_training_frames(tmp_path):
    write(tmp_path / "a")
    write(tmp_path / "b", rows=4)
    write(tmp_path / "c", change=0.1)
    one, validated, changed = (load(tmp_path / name).digest for name in "abc")
    assert one == validated != changed


def test_what_is_missing_is_named(tmp_path):
    with pytest.raises(InputError, match=r"frames\.safetensors is missing: run `uphold prepare"):
        load(tmp_path)
    write(tmp_path, rows=0)
    with pytest.raises(InputError, match="'validation' has no frames"):
        load(tmp_path)
