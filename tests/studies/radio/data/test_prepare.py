"""The index of the data package: the files that `prepare` writes, and from what."""

import json
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file

from studies.radio.data import card, inputs, prepare, synthetic
from studies.radio.data.radioml2018 import FILE
from studies.radio.settings.data import Data, Stored, Synthetic
from uphold.errors import InputError

SMALL = Synthetic(classes=("OOK", "16QAM", "FM"), snr_lowest=-10, train=3, validation=2, test=4)
SIZES = {"train": 3, "validation": 2, "test": 4}
LEVELS = [float(v) for v in range(-10, 19, 2)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("data") / "radio"
    prepare(Data(synthetic=SMALL), path)
    return path


def test_the_tensors_are_as_documented(folder):
    tensors = load_file(folder / "frames.safetensors")
    assert tensors.pop("classes") == 3
    assert tensors.keys() == {
        f"{split}/{name}" for split in SIZES for name in ("iq", "clean", "label", "snr")
    }
    for split, each in SIZES.items():
        frames = 3 * 15 * each
        for name in ("iq", "clean"):
            assert tensors[f"{split}/{name}"].dtype == np.float32
            assert tensors[f"{split}/{name}"].shape == (frames, 2, 128)
        label, snr = tensors[f"{split}/label"], tensors[f"{split}/snr"]
        assert (label.dtype, snr.dtype) == (np.int64, np.float32)
        cells, counts = np.unique(np.stack([label, snr]), axis=1, return_counts=True)
        assert cells.shape == (2, 45) and set(counts) == {each}
        assert sorted(set(snr.tolist())) == LEVELS


def test_frames_are_those_of_the_generator_in_one_scale(folder):
    tensors = load_file(folder / "frames.safetensors")
    here = (tensors["test/label"] == 1) & (tensors["test/snr"] == 6)
    ((iq, clean),) = synthetic.portions(SMALL, "test", "16QAM", 6.0, 4)
    scale = np.sqrt(np.mean(abs(iq.numpy()) ** 2, axis=1, keepdims=True))
    for name, made in (("iq", iq), ("clean", clean)):
        expected = made.numpy() / scale
        stored = tensors[f"test/{name}"][here]
        np.testing.assert_allclose(stored[:, 0] + 1j * stored[:, 1], expected, atol=1e-3)


def test_frames_have_power_1_unless_normalisation_is_off(folder, tmp_path):
    prepare(Data(synthetic=SMALL, normalise="none"), tmp_path)
    for split in SIZES:
        power = (load_file(folder / "frames.safetensors")[f"{split}/iq"] ** 2).sum(axis=1).mean(1)
        np.testing.assert_allclose(power, 1, atol=1e-3)
        plain = load_file(tmp_path / "frames.safetensors")
        np.testing.assert_allclose((plain[f"{split}/clean"] ** 2).sum(axis=1).mean(1), 1, atol=1e-3)
        assert (plain[f"{split}/iq"] ** 2).sum(axis=1).mean(1).max() > 5


def test_the_card_says_what_there_is(folder):
    answer = json.loads((folder / "card.json").read_text("utf-8"))
    assert answer["source"] == "synthetic"
    assert answer["classes"] == ["OOK", "16QAM", "FM"]
    assert answer["snrs"] == LEVELS
    assert answer["samples"] == 128
    assert answer["clean"] is True
    assert answer["splits"]["test"] == {"items": 180, "cells": 45, "frames a cell": 4}
    assert answer["settings"]["channel"]["taps"] == SMALL.channel.taps
    assert 0 < answer["snr_error_db"]["mean"] < answer["snr_error_db"]["largest"] < 1


def test_the_snr_error_is_measured_and_not_assumed(tmp_path):
    """Frames whose clean part is doubled have an SNR that is off."""
    from studies.radio.data import frames
    from studies.radio.data.source import Batch

    settings = Data(synthetic=SMALL.model_copy(update={"train": 100}), normalise="none")
    source = synthetic.make(settings)
    batches = [Batch(b.split, b.at, b.iq + b.clean, 2 * b.clean) for b in source.batches]
    frames.write(source.with_batches(batches), tmp_path / "f", "none")
    errors = card.snr_errors(source, tmp_path / "f")
    np.testing.assert_allclose(errors, 20 * np.log10(2), atol=0.15)


@pytest.mark.parametrize("name", ["frames.safetensors", "card.json"])
def test_equal_settings_give_equal_bytes_and_replace_what_was_there(folder, tmp_path, name):
    for stale in ("frames.safetensors", "card.json"):
        (tmp_path / stale).write_text("stale" * 10**6)
    prepare(Data(synthetic=SMALL), tmp_path)
    assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_another_process_writes_the_same_bytes(folder, tmp_path):
    code = (
        "import sys; from pathlib import Path; from studies.radio.data import prepare; "
        "from studies.radio.settings.data import Data; "
        "prepare(Data.model_validate_json(sys.argv[1]), Path(sys.argv[2]))"
    )
    settings = Data(synthetic=SMALL).model_dump_json()
    subprocess.run([sys.executable, "-c", code, settings, str(tmp_path)], check=True)
    ours = (folder / "frames.safetensors").read_bytes()
    assert (tmp_path / "frames.safetensors").read_bytes() == ours


def test_another_seed_gives_other_frames(folder, tmp_path):
    prepare(Data(synthetic=SMALL.model_copy(update={"seed": 1})), tmp_path)
    ours, others = (load_file(f / "frames.safetensors")["test/clean"] for f in (folder, tmp_path))
    assert (ours != others).any(axis=(1, 2)).all()


def stored(tmp_path, change=None):
    label, level = np.repeat(np.arange(24), 12), np.tile(np.repeat([0, 1], 6), 24)
    x = np.random.default_rng(3).normal(size=(288, 16, 2)).astype(np.float32)
    if change is not None:
        x[100] = change
    with h5py.File(tmp_path / FILE, "w") as file:
        file["X"], file["Y"] = x, np.eye(24, dtype=np.int64)[label]
        file["Z"] = 10 * level[:, None]
    settings = Stored(train=3, validation=1, test=2)
    return Data(source="radioml2018", path=str(tmp_path), radioml2018=settings)


def test_stored_frames_have_no_clean_ones(tmp_path):
    prepare(stored(tmp_path), tmp_path / "out")
    with safe_open(tmp_path / "out" / "frames.safetensors", framework="numpy") as file:
        assert not [name for name in file.keys() if "clean" in name]  # noqa: SIM118
        assert file.get_tensor("validation/iq").shape == (48, 2, 16)
    answer = json.loads((tmp_path / "out" / "card.json").read_text("utf-8"))
    assert answer["settings"]["path"] == str(tmp_path)
    assert "snr_error_db" not in answer and answer["clean"] is False
    assert len(answer["notes"]) == 2


@pytest.mark.parametrize("value", [0.0, np.nan, np.inf])
def test_stored_frames_without_a_signal_are_refused(tmp_path, value):
    with pytest.raises(InputError, match=r"1 frames of the split .* all zero or have values"):
        prepare(stored(tmp_path, value), tmp_path / "out")


def test_inputs_are_the_files_that_the_data_come_from():
    assert inputs(Data()) == []
    assert inputs(Data(source="radioml2016", path="a")) == [Path("a")]
