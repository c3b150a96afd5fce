"""One array of a ``.npy`` or ``.npz`` file: nothing is unpickled, and no header is believed."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uphold.errors import InputError
from uphold.sources import npz

SUFFIXES = (".npy", ".npz")


def read(path: Path, name: str, *, more: str = "") -> NDArray[Any]:
    """Return the array of a ``.npy`` file, or that of its name in an ``.npz`` file.

    Parameters
    ----------
    path : Path
    name : str
        Of the array in an ``.npz`` file; others may stand beside it and are not read.
    more : str
        What else the caller reads, for messages: ``" or .h5"``.

    Raises
    ------
    InputError
        Where it is no such file, or holds anything but numbers.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(
            f"{path} is no file of arrays: save them as .npy, or as {name!r} in an .npz{more} file."
        )
    if suffix == ".npz":
        array = npz.read(path, (name,), others=True)[name]
    else:
        try:
            # Mapped, so that a header cannot ask for more memory than the file has content.
            array = np.load(path, mmap_mode="r", allow_pickle=False)
        except (OSError, *npz.NO_HEADER) as error:
            said = str(error).rstrip(".") or type(error).__name__
            raise InputError(f"{path} cannot be read as an .npy file: {said}.") from error
    if array.dtype.kind not in "fiuc":
        raise InputError(f"{path} must hold numbers, not {array.dtype}.")
    return array


def single(array: NDArray[Any], name: str) -> NDArray[np.float32]:
    """Return numbers in single precision.

    Parameters
    ----------
    array : ndarray
    name : str
        What they are called, for messages: the file, the array, or both.

    Raises
    ------
    InputError
        A finite number is beyond what single precision holds and would become infinite.
    """
    with np.errstate(over="ignore"):
        made = array.astype(np.float32)
    lost = np.isinf(made) & np.isfinite(array)
    if lost.any():
        rows = np.flatnonzero(lost.reshape(len(lost), -1).any(axis=1)) if lost.ndim else [0]
        raise InputError(
            f"{name} has numbers beyond {np.finfo(np.float32).max:.2g} in {len(rows):,} rows, "
            f"first {rows[0]}: single precision does not hold them."
        )
    return made
