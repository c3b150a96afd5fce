"""Prepared data of the call study as its training sees them.

Comes in: the folder that `prepare` wrote, with ``features.safetensors`` (``x`` and ``y``) and
``items.parquet`` (one row an item, in the same order). Goes out: `CallsData`.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet
import torch
from safetensors.numpy import load_file
from torch import Tensor

from studies.calls.settings.data import TEST_SPLITS
from uphold.errors import InputError


@dataclass(frozen=True)
class Rows:
    """Some items with what is known of them, in the prepared order.

    Attributes
    ----------
    x : Tensor of shape (n, features), float32
    y : Tensor of shape (n, classes), float32
        One column a class, 1 where the item is of it; a negative is all zero.
    call_type, quality : ndarray of str, shape (n,)
        Empty where it is not known.
    """

    x: Tensor
    y: Tensor
    call_type: np.ndarray
    quality: np.ndarray


@dataclass(frozen=True)
class CallsData:
    """The prepared data.

    Attributes
    ----------
    train : Rows
        What runs may learn from.
    validation : Rows
        What chooses the epoch, in runs that stop early.
    tests : dict of str to Rows
        The splits ``iid`` and ``ood``; they are predicted and nothing else.
    fingerprints : tuple of bytes
        A digest of each training row, see `fingerprints`.
    """

    train: Rows
    validation: Rows
    tests: dict[str, Rows]
    fingerprints: tuple[bytes, ...]

    def to(self, device: str) -> "CallsData":
        """Return the data with the features that are only predicted on `device`.

        The training rows stay: training sets are made of them where the random numbers are.
        """
        return CallsData(
            train=self.train,
            validation=_moved(self.validation, device),
            tests={name: _moved(rows, device) for name, rows in self.tests.items()},
            fingerprints=self.fingerprints,
        )


def load(folder: Path) -> CallsData:
    """Read what `prepare` wrote.

    Raises
    ------
    InputError
        If a file is missing, the two do not belong together, or there is nothing to train or
        validate on.
    """
    for name in ("features.safetensors", "items.parquet"):
        if not (folder / name).is_file():
            raise InputError(f"{folder / name} is missing: run `uphold prepare calls` first.")
    features = load_file(folder / "features.safetensors")
    columns = ["split", "call_type", "quality"]
    # From memory pyarrow reads on this thread alone, so that workers can be forks of this process.
    table = pyarrow.BufferReader((folder / "items.parquet").read_bytes())
    items = pyarrow.parquet.ParquetFile(table).read(columns, use_threads=False)
    if not len(features["x"]) == len(features["y"]) == items.num_rows:
        raise InputError(
            f"{folder}: {len(features['x'])} feature rows, {len(features['y'])} label rows and "
            f"{items.num_rows} items do not belong together. Run `uphold prepare calls` again."
        )
    split, call_type, quality = (
        np.array([value or "" for value in items[name].to_pylist()], dtype=str) for name in columns
    )

    def rows(name: str) -> Rows:
        here = split == name
        # torch.tensor copies to memory of torch's own: other memory need not lie on whole cache
        # lines, on which the last bits of a matrix product can depend.
        return Rows(
            x=torch.tensor(features["x"][here], dtype=torch.float32),
            y=torch.tensor(features["y"][here], dtype=torch.float32),
            call_type=call_type[here],
            quality=quality[here],
        )

    train, validation = rows("train"), rows("validation")
    for name, part in (("train", train), ("validation", validation)):
        if not len(part.x):
            raise InputError(f"{folder / 'items.parquet'}: no item has the split {name!r}.")
    tests = {name: rows(name) for name in TEST_SPLITS}
    return CallsData(train, validation, tests, fingerprints(train.x, train.y))


def fingerprints(x: Tensor, y: Tensor) -> tuple[bytes, ...]:
    """Return a digest of every row, of its features and targets: equal rows have equal ones."""
    rows = np.concatenate([x.numpy(), y.numpy()], axis=1)
    return tuple(hashlib.blake2b(row.tobytes(), digest_size=16).digest() for row in rows)


def _moved(rows: Rows, device: str) -> Rows:
    return Rows(rows.x.to(device), rows.y.to(device), rows.call_type, rows.quality)
