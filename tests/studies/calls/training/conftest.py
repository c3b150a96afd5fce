"""Small prepared data, written as `prepare` writes them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from safetensors.numpy import save_file

from studies.calls.training import load
from uphold.threads import one_thread

COUNTS = {"train": 100, "validation": 40, "iid": 30, "ood": 50}


def write(folder: Path, *, features=16, classes=1, counts=COUNTS, seed=0, change=None) -> Path:
    """Write prepared data in which a shift of the features marks the positives.

    `change` may alter the arrays and the table before they are written.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    n = sum(counts.values())
    y = (rng.random((n, classes)) < 0.35).astype(np.uint8)
    shift = rng.standard_normal((classes, features))
    x = (rng.standard_normal((n, features)) + 0.7 * y @ shift).astype(np.float32)
    positive = y.any(axis=1)
    items = pd.DataFrame(
        {
            "item": [f"clip-{i}" for i in range(n)],
            "label": np.where(positive, "call", "noise"),
            "call_type": np.where(positive, rng.choice(["grunt", "grunt", "growl"], n), ""),
            "quality": np.where(positive, rng.choice(["high", "medium", "low"], n), ""),
            "recorder": rng.choice(["a", "b"], n),
            "split": np.repeat(list(counts), list(counts.values())),
        }
    )
    if change:
        change(x, y, items)
    folder.mkdir(parents=True, exist_ok=True)
    save_file({"x": x, "y": y}, folder / "features.safetensors")
    items.to_parquet(folder / "items.parquet")
    return folder


@pytest.fixture(autouse=True)
def on_one_thread():
    """Train as lanes do."""
    with one_thread():
        yield


@pytest.fixture
def prepared(tmp_path) -> Callable:
    """Return a function that writes prepared data and loads them; see `write`."""

    def make(**options):
        return load(write(tmp_path / "data", **options))

    return make


@pytest.fixture
def folder(tmp_path) -> Callable:
    """Return a function that writes prepared data and returns their folder; see `write`."""

    def make(**options):
        return write(tmp_path / "data", **options)

    return make
