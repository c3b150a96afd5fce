"""A damaged file is read, or is one error that names it, in little memory and time."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from .formats import FORMATS

CASES = Path(__file__).with_name("cases.py")
UNGUARDED = ("npz", "stored npz", "HDF5", "YAML", "parquet", "record.json", "manifest")


def tried(name: str, *options: str) -> dict:
    command = [sys.executable, str(CASES), name, *options]
    env = os.environ | {"OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=env, timeout=600)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("name", FORMATS)
def test_damage_is_read_or_is_one_error_that_names_the_file(name):
    found = tried(name)
    assert not found["wrong"]
    assert found["refused"] > 20


@pytest.mark.parametrize("name", UNGUARDED)
def test_a_reader_without_its_guard_is_found(name):
    assert tried(name, "--unguarded")["wrong"]
