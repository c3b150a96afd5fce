"""Grids of users' files, and what is said of them."""

import numpy as np

from studies.multitask.prediction import read, table
from studies.multitask.settings.data import Data

LABELS = {"a": [f"A{k}" for k in range(10)], "b": [f"B{k}" for k in range(32)]}


def test_grids_are_read_with_or_without_their_labels(tmp_path):
    x = np.arange(2 * 32 * 32).reshape(2, 32, 32)
    np.savez(tmp_path / "g.npz", X=x, y=np.zeros((2, 3)))
    found = read(tmp_path / "g.npz", Data())
    assert found.x.dtype == np.float32
    np.testing.assert_array_equal(found.x, x)


def test_each_head_has_its_label_and_c_its_value():
    outputs = np.zeros((1, 43), np.float32)
    outputs[0, [3, 10 + 31, 42]] = 4, 5, 0.25
    told = table(outputs, LABELS, None, Data())
    assert told["a_label"].tolist() == ["A3"] and told["b_label"].tolist() == ["B31"]
    assert told["c"].tolist() == [0.25]
    assert len(told.columns) == 2 + 10 + 32 + 1
