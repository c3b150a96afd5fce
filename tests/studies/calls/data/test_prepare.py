"""The index of the data package: what `prepare` writes, and from what."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from safetensors.numpy import load_file

from studies.calls.data import inputs, prepare, prepared, synthetic
from studies.calls.settings.data import Data, Folder, Synthetic
from uphold.errors import InputError

SMALL = Data(
    synthetic=Synthetic(train=20, validation=20, iid=5, ood=5, recorders=2, ood_recorders=1)
)
FILES = {"features.safetensors", "items.parquet", "card.json"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("data") / "calls"
    prepare(SMALL, path)
    return path


def test_three_files_hold_the_same_items_in_the_same_order(folder):
    assert {path.name for path in folder.iterdir()} == FILES
    tensors = load_file(folder / "features.safetensors")
    items = pd.read_parquet(folder / "items.parquet")
    data = synthetic.make(SMALL)
    np.testing.assert_array_equal(tensors["x"], data.x)
    np.testing.assert_array_equal(tensors["y"], data.y)
    assert (tensors["x"].dtype, tensors["y"].dtype) == (np.float32, np.uint8)
    assert list(items.columns) == [
        "item",
        "source",
        "start_s",
        "label",
        "call_type",
        "quality",
        "recorder",
        "split",
        "snr_db",
        "kind",
    ]
    pd.testing.assert_frame_equal(items, pd.DataFrame([vars(item) for item in data.items]))
    np.testing.assert_array_equal(items["snr_db"].isna(), items["kind"] == "background")
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    assert card["splits"]["train"]["items"] == 20


def test_equal_settings_give_equal_bytes_and_replace_what_was_there(folder, tmp_path):
    for name in FILES:
        (tmp_path / name).write_text("stale")
    prepare(SMALL, tmp_path)
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_data_that_cannot_be_used_write_nothing(tmp_path):
    with pytest.raises(InputError, match="No item in the split train has the class call"):
        prepare(Data(synthetic=Synthetic(train=1, validation=1, iid=1, ood=1)), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_card_that_is_no_json_is_not_written(tmp_path):
    with pytest.raises(ValueError, match="not JSON compliant"):
        prepared.write(synthetic.make(SMALL), {"duration_s": float("nan")}, tmp_path)
    assert not (tmp_path / "card.json").exists()


def test_inputs_are_the_files_that_the_data_come_from():
    assert inputs(Data()) == []
    assert inputs(Data(source="folder", path="a")) == [Path("a")]
    elsewhere = Data(source="folder", path="a", folder=Folder(manifest="b.csv"))
    assert inputs(elsewhere) == [Path("a"), Path("b.csv")]
    assert inputs(Data(source="embeddings", path="a.npz")) == [Path("a.npz")]


def test_preparing_needs_neither_torch_nor_an_audio_library(tmp_path):
    program = (
        "import sys, pathlib\n"
        "from studies.calls.data import prepare\n"
        "from studies.calls.settings.data import Data, Synthetic\n"
        "sizes = Synthetic(train=20, validation=20, iid=1, ood=1)\n"
        "prepare(Data(synthetic=sizes), pathlib.Path(sys.argv[1]))\n"
        "print(sorted({'torch', 'librosa', 'soundfile'} & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
