"""Guarded reading of HDF5 files.

Promised: nothing outside the file is opened (links, external storage and virtual datasets are
refused); no memory is taken that the file's own size does not account for; and whatever is wrong
with the file, when it is opened or in the middle of a dataset, is one error that names it.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import h5py
import numpy as np

from uphold.errors import InputError
from uphold.sources import unpacked

LARGEST_CHUNK = 2**26
"""Bytes that a stored chunk may unpack to; HDF5 keeps several of them."""
PLAINLY = "save it without compression"


@contextmanager
def opened(path: Path) -> Iterator[h5py.File]:
    """Give an HDF5 file, open for reading; what h5py raises while it is open is its damage."""
    try:
        with h5py.File(path, "r") as file:
            yield file
    # h5py passes on what the library says as whatever fits best, and fails on what it does not
    # expect of a header.
    except (OSError, LookupError, RuntimeError, ValueError, TypeError, AttributeError) as error:
        said = " ".join(str(error).split()).strip("\"'").rstrip(".") or type(error).__name__
        raise InputError(
            f"{path} cannot be read as an HDF5 file: {said}. Get the file again."
        ) from error


def datasets(file: h5py.File, names: Iterable[str], path: Path) -> dict[str, h5py.Dataset]:
    """Return datasets that are wholly in this file.

    Raises
    ------
    InputError
        One is not there or lies elsewhere, or they are larger than the file accounts for.
    """
    found = {name: _dataset(file, name, path) for name in names}
    unpacked.refuse_larger(path, sum(int(one.nbytes) for one in found.values()), PLAINLY)
    return found


def _dataset(file: h5py.File, name: str, path: Path) -> h5py.Dataset:
    link = file.get(name, getlink=True) if name in file.keys() else None  # noqa: SIM118
    if link is None:
        raise InputError(f"{path} has no dataset {name}: RML2018.01A has X, Y and Z.")
    if not isinstance(link, h5py.HardLink):
        raise InputError(f"{path}: {name} is a link to elsewhere, which is not followed.")
    found = file[name]
    if not isinstance(found, h5py.Dataset) or found.shape is None:
        raise InputError(f"{path}: {name} is no dataset.")
    if found.is_virtual or found.external:
        raise InputError(f"{path}: {name} lies in other files, which are not opened.")
    if found.chunks and np.prod(found.chunks, dtype=float) * found.dtype.itemsize > LARGEST_CHUNK:
        raise InputError(f"{path}: {name} is stored in chunks that are too large to unpack.")
    return found
