from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from studies.multitask.data import card, inputs, prepare, synthetic
from studies.multitask.settings.data import Data, Synthetic
from uphold.errors import InputError

SETTINGS = Data(synthetic=Synthetic(train=40, validation=20, test=30))


@pytest.fixture
def data():
    return synthetic.make(SETTINGS)


def test_it_counts_what_each_split_holds(data):
    found = card.describe(data, SETTINGS)
    assert found["source"] == "synthetic"
    assert {name: part["items"] for name, part in found["splits"].items()} == {
        "train": 40,
        "validation": 20,
        "test": 30,
    }
    # forty images: ten shapes for each of the first four of the 32 classes of B
    assert found["splits"]["train"]["classes of A"] == 10
    assert found["splits"]["train"]["classes of B"] == 4
    assert found["splits"]["test"]["mean of C"] == pytest.approx(data.c[60:].mean(), abs=1e-6)
    assert found["settings"]["train"] == 40


@pytest.mark.parametrize("head", ["a", "b"])
def test_a_head_with_a_single_class_is_refused(data, head):
    one = np.where(data.split == 0, 3, getattr(data, head)).astype(np.uint8)
    with pytest.raises(InputError, match=f"Head {head.upper()} has a single class"):
        card.check(replace(data, **{head: one}))


def test_an_empty_split_is_refused(data):
    card.check(data)
    with pytest.raises(InputError, match="The split test has no item"):
        card.check(replace(data, split=np.minimum(data.split, 1)))


def test_equal_settings_give_equal_bytes(tmp_path):
    for name in ("one", "other"):
        prepare(SETTINGS, tmp_path / name)
    for file in ("grids.safetensors", "card.json"):
        one, other = ((tmp_path / name / file).read_bytes() for name in ("one", "other"))
        assert one == other


def test_only_a_file_that_is_read_is_an_input():
    assert inputs(SETTINGS) == []
    assert inputs(Data(source="npz", path="data/grids/mine.npz")) == [Path("data/grids/mine.npz")]
