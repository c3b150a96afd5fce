import os
import subprocess
import sys

import numpy as np
import pytest
import torch

from studies.calls.training import load
from studies.calls.training.loading import fingerprints
from uphold.errors import InputError


def test_rows_go_to_their_splits_in_order(folder):
    path = folder(features=3, counts={"train": 5, "validation": 2, "iid": 3, "ood": 4})
    data = load(path)
    assert [len(rows.x) for rows in (data.train, data.validation, *data.tests.values())] == [
        5,
        2,
        3,
        4,
    ]
    assert list(data.tests) == ["iid", "ood"]
    assert data.train.x.dtype == data.train.y.dtype == torch.float32
    assert data.train.x.shape == (5, 3)
    assert data.train.y.shape == (5, 1)


def test_splits_may_be_interleaved(folder):
    def change(x, _y, items):
        x[:, 0] = np.arange(len(x))
        items["split"] = np.tile(["iid", "train", "ood", "validation"], 5)

    counts = {"train": 5, "validation": 5, "iid": 5, "ood": 5}
    data = load(folder(features=2, counts=counts, change=change))
    assert data.train.x[:, 0].tolist() == [1, 5, 9, 13, 17]
    assert data.validation.x[:, 0].tolist() == [3, 7, 11, 15, 19]
    assert data.tests["iid"].x[:, 0].tolist() == [0, 4, 8, 12, 16]


def test_unknown_types_and_qualities_are_empty(folder):
    def change(_x, _y, items):
        items["quality"] = None
        items["call_type"] = items["call_type"].where(items["call_type"] != "growl")

    data = load(folder(change=change))
    assert set(data.train.quality) == {""}
    assert set(data.train.call_type) == {"", "grunt"}


@pytest.mark.parametrize("name", ["features.safetensors", "items.parquet"])
def test_a_missing_file_is_named(folder, name):
    path = folder()
    (path / name).unlink()
    with pytest.raises(InputError, match=rf"{name} is missing: run `uphold prepare calls`"):
        load(path)


def test_files_that_do_not_belong_together(folder, tmp_path):
    path = folder()
    other = folder(counts={"train": 3, "validation": 3, "iid": 3, "ood": 3})
    assert path == other
    (path / "items.parquet").replace(tmp_path / "items.parquet")
    folder()
    (tmp_path / "items.parquet").replace(path / "items.parquet")
    with pytest.raises(InputError, match="220 feature rows, 220 label rows and 12 items"):
        load(path)


@pytest.mark.parametrize("split", ["train", "validation"])
def test_an_empty_split_is_named(folder, split):
    counts = {"train": 5, "validation": 5, "iid": 5, "ood": 5, split: 0}
    with pytest.raises(InputError, match=f"no item has the split '{split}'"):
        load(folder(counts=counts))


def test_fingerprints_tell_features_and_targets_apart():
    x = torch.tensor([[1.0, 2.0], [1.0, 2.0], [1.0, 2.0], [1.0, 3.0]])
    y = torch.tensor([[1.0], [1.0], [0.0], [1.0]])
    a, b, other_target, other_feature = fingerprints(x, y)
    assert a == b
    assert len({a, other_target, other_feature}) == 3


LOADING = """
import sys
from pathlib import Path
from studies.calls.training import load
from uphold.training.workers import forkable
load(Path(sys.argv[1]))
print(forkable())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="threads are counted on Linux alone")
def test_loading_starts_no_thread_so_that_workers_can_be_forks(folder):
    env = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-c", LOADING, str(folder())]
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=True)
    assert done.stdout.strip() == "True"
