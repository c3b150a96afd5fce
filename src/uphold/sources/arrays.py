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
        except (OSError, ValueError) as error:
            raise InputError(f"{path} cannot be read as an .npy file: {error}.") from error
    if array.dtype.kind not in "fiuc":
        raise InputError(f"{path} must hold numbers, not {array.dtype}.")
    return array
