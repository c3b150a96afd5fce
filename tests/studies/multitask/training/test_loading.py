import json

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file

from studies.multitask.training import load
from uphold.errors import InputError


def test_splits_come_standardised_by_the_training_pixels(folder, data):
    arrays = load_file(folder / "grids.safetensors")
    pixels = arrays["x"][arrays["split"] == 0].astype(np.float64)
    expected = (arrays["x"][arrays["split"] == 2] - pixels.mean()) / pixels.std()
    np.testing.assert_allclose(data.test.x[:, 0].numpy(), expected, atol=1e-5)
    assert [len(rows) for rows in (data.train, data.validation, data.test)] == [70, 20, 24]
    assert float(data.train.x.mean()) == pytest.approx(0, abs=1e-5)
    assert float(data.train.x.std(unbiased=False)) == pytest.approx(1, abs=1e-5)


def test_labels_are_one_hot(folder, data):
    arrays = load_file(folder / "grids.safetensors")
    train = arrays["split"] == 0
    assert data.train.a.shape == (70, 10) and data.train.b.shape == (70, 32)
    for head in ("a", "b"):
        targets = getattr(data.train, head)
        assert torch.equal(targets.sum(dim=1), torch.ones(70))
        np.testing.assert_array_equal(targets.argmax(dim=1), arrays[head][train])
    np.testing.assert_array_equal(data.train.c, arrays["c"][train])


def test_the_digest_is_of_the_training_split_alone(folder, data, tmp_path):
    arrays = load_file(folder / "grids.safetensors")

    def digest_with(row: int) -> str:
        changed = {**arrays, "x": arrays["x"].copy()}
        changed["x"][row] += 1
        save_file(changed, tmp_path / "grids.safetensors")
        return load(tmp_path).digest

    assert digest_with(row=-1) == data.digest != digest_with(row=0)


def test_an_empty_split_is_refused(folder, tmp_path):
    arrays = load_file(folder / "grids.safetensors")
    arrays["split"][arrays["split"] == 1] = 0
    save_file(arrays, tmp_path / "grids.safetensors")
    with pytest.raises(InputError, match="no item has the split 'validation'"):
        load(tmp_path)


def test_missing_data_are_refused(tmp_path):
    with pytest.raises(InputError, match="run `uphold prepare multitask` first"):
        load(tmp_path)


def test_the_card_counts_the_items(folder):
    card = json.loads((folder / "card.json").read_text())
    assert card["splits"]["train"]["items"] == 70
    assert len(card["classes"]["b"]) == 32
