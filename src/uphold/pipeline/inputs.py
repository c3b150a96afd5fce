"""What a file of a user's is to a trained model: rows of numbers, and where in the file each is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Inputs:
    """The inputs that one file holds.

    Attributes
    ----------
    x : ndarray of shape (rows, …)
        As the prepared data of the study have them.
    where : mapping of str to ndarray or list, each of (rows,)
        Columns that tell the rows of a file apart, such as ``start_s``; none for a single row.
    left_out : str
        What of the file is in no row, in words; nothing where all of it is in one.
    """

    x: NDArray[Any]
    where: Mapping[str, Any]
    left_out: str = ""


def numbered(x: NDArray[Any], name: str) -> Inputs:
    """Return rows of an array, told apart by their number, from 0."""
    return Inputs(x, {name: np.arange(len(x))})
