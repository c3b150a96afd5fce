"""Prepared data of the study as its training sees them: standardised grids, targets, splits.

Comes in: the folder that `prepare` wrote. Goes out: `MultitaskData`. Grids are shifted and scaled
by mean and standard deviation of the training pixels, the same for all pixels.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import load_file
from torch import Tensor
from torch.nn.functional import one_hot

from uphold.errors import InputError
from uphold.splits import SPLITS

GRIDS = "grids.safetensors"
CLASSES_A, CLASSES_B = 10, 32


@dataclass(frozen=True)
class Rows:
    """Some items, in the prepared order.

    Attributes
    ----------
    x : Tensor of shape (n, 1, 32, 32), float32
    a, b : Tensor of shape (n, classes), float32
        One-hot.
    c : Tensor of shape (n,), float32
    """

    x: Tensor
    a: Tensor
    b: Tensor
    c: Tensor

    def __len__(self) -> int:
        return len(self.x)

    def __getitem__(self, rows: Tensor) -> "Rows":
        return Rows(self.x[rows], self.a[rows], self.b[rows], self.c[rows])

    def to(self, device: str) -> "Rows":
        """Return the items on a device."""
        return Rows(*(part.to(device) for part in (self.x, self.a, self.b, self.c)))


@dataclass(frozen=True)
class Standard:
    """By what pixels are shifted and scaled: mean and standard deviation of the training pixels."""

    mean: np.float64
    scale: np.float64

    def of(self, grids: NDArray[np.float32]) -> Tensor:
        """Return grids (n, 32, 32) as a network takes them, (n, 1, 32, 32)."""
        x = ((grids - self.mean) / self.scale).astype(np.float32)
        # torch.tensor copies to memory of torch's own, which lies on whole cache lines.
        return torch.tensor(x[:, None])

    def arrays(self) -> dict[str, NDArray[np.float64]]:
        """Return it as it lies among a run's weights."""
        return {"standard": np.array([self.mean, self.scale])}


@dataclass(frozen=True)
class MultitaskData:
    """The prepared data.

    Attributes
    ----------
    train : Rows
        What runs learn from.
    validation : Rows
        What chooses the epoch, in runs that stop early.
    test : Rows
        It is predicted and nothing else.
    standard : Standard
        Fitted to the training split.
    digest : str
        Equal for equal training splits.
    """

    train: Rows
    validation: Rows
    test: Rows
    standard: Standard
    digest: str

    def to(self, device: str) -> "MultitaskData":
        """Return the data on a device."""
        train, validation, test = (r.to(device) for r in (self.train, self.validation, self.test))
        return MultitaskData(train, validation, test, self.standard, self.digest)


def load(folder: Path) -> MultitaskData:
    """Read what `prepare` wrote.

    Raises
    ------
    InputError
        If the file is missing, or a split is empty.
    """
    path = folder / GRIDS
    if not path.is_file():
        raise InputError(f"{path} is missing: run `uphold prepare multitask` first.")
    arrays = load_file(path)
    places = [np.flatnonzero(arrays["split"] == number) for number in range(len(SPLITS))]
    for name, here in zip(SPLITS, places, strict=True):
        if not len(here):
            raise InputError(f"{path}: no item has the split {name!r}.")
    pixels = arrays["x"][places[0]].astype(np.float64)
    standard = Standard(pixels.mean(), pixels.std() or np.float64(1))

    def rows(here: np.ndarray) -> Rows:
        return Rows(
            x=standard.of(arrays["x"][here]),
            a=one_hot(torch.tensor(arrays["a"][here].astype(np.int64)), CLASSES_A).float(),
            b=one_hot(torch.tensor(arrays["b"][here].astype(np.int64)), CLASSES_B).float(),
            c=torch.tensor(arrays["c"][here]),
        )

    digest = hashlib.sha256()
    for name in ("x", "a", "b", "c"):
        digest.update(np.ascontiguousarray(arrays[name][places[0]]).tobytes())
    train, validation, test = map(rows, places)
    return MultitaskData(train, validation, test, standard, digest.hexdigest())
