"""Files between stages that were damaged are one error that names them and a way out."""

import json

import numpy as np
import pandas as pd
import pytest
from safetensors.numpy import save

from uphold.errors import InputError
from uphold.pipeline.stages.files import (
    PREDICTIONS,
    RUNS,
    SCORES,
    csv_bytes,
    json_bytes,
    read_arrays,
    read_csv,
    read_json,
    reading,
)

TABLE = pd.DataFrame(
    {
        "run": ["a, seed 1", "b, seed 1"],
        "configuration": ["None", "NA"],
        "seed": [1, 1],
        "status": ["ok", "failed"],
        "failure": [None, "it diverged"],
        "key": ["0" * 64, "1" * 64],
        "settings": ['{"lr": 0.1}', '{"lr": 0.2}'],
        "f1": [0.1 + 0.2, None],
    }
)
FILES = {
    RUNS: (csv_bytes(TABLE), read_csv),
    SCORES: (csv_bytes(TABLE), read_csv),
    "promoted.json": (json_bytes({"lr": 0.1, "name": "ü"}), read_json),
    PREDICTIONS: (save({"a/test": np.arange(6.0)}), read_arrays),
}


@pytest.fixture(params=FILES)
def damaged(request, tmp_path):
    """Write a file as a function changes it; return what reading it gives."""
    content, read = FILES[request.param]

    def of(change):
        path = tmp_path / request.param
        path.write_bytes(change(content))
        return read(path)

    return of


def test_what_is_whole_is_read(damaged):
    assert len(damaged(lambda content: content))


@pytest.mark.parametrize("name", FILES)
def test_what_is_not_there_is_called_missing_and_not_damaged(name, tmp_path):
    with pytest.raises(InputError, match=rf"{name} is missing: dvc repro makes it again"):
        FILES[name][1](tmp_path / name)


@pytest.mark.parametrize("size", [0, 1, 7, 20, -2, -15])
def test_what_was_cut_short_is_named(damaged, size):
    with pytest.raises(InputError, match=r"is damaged \(.*dvc repro makes it again"):
        damaged(lambda content: content[:size])


@pytest.mark.parametrize("other", [b"\xff\xfe\xfd", b"\0" * 200, b"[" * 100_000])
def test_what_is_another_file_is_named(damaged, other):
    with pytest.raises(InputError, match="is damaged"):
        damaged(lambda content: other)


@pytest.mark.parametrize("name", ["run", "status", "settings"])
def test_a_table_of_runs_without_a_column_of_its_kind_is_damaged(tmp_path, name):
    path = tmp_path / RUNS
    path.write_bytes(csv_bytes(TABLE).replace(name.encode(), b"xxx", 1))
    with pytest.raises(InputError, match=f"has no column '{name}'"):
        read_csv(path)


def test_a_run_that_neither_ended_nor_failed_is_damage(tmp_path):
    path = tmp_path / RUNS
    path.write_bytes(csv_bytes(TABLE).replace(b",ok,", b",oj,"))
    with pytest.raises(InputError, match="neither ended nor failed"):
        read_csv(path)


def test_a_promotion_of_nothing_is_read_and_a_list_is_not(tmp_path):
    path = tmp_path / "promoted.json"
    path.write_text("null\n", "utf-8")
    assert read_json(path) is None
    path.write_text(json.dumps([1]), "utf-8")
    with pytest.raises(InputError, match="is no object"):
        read_json(path)


def test_an_error_that_names_a_file_itself_stays(tmp_path):
    with pytest.raises(InputError, match=r"^mine$"), reading(tmp_path):
        raise InputError("mine")
