"""Prepared data of the speech study as its training sees them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from uphold.errors import InputError


@dataclass(frozen=True)
class SpeechData:
    """All clips, in the prepared order.

    Attributes
    ----------
    x : ndarray of float32, shape (clips, bands, frames)
        Levels in dB.
    label, actor : ndarray of int64, shape (clips,)
    classes : int
        How many classes the mode has, whether or not there are clips of each.
    frame_s : float
        Seconds from one frame to the next.
    """

    x: NDArray[np.float32]
    label: NDArray[np.int64]
    actor: NDArray[np.int64]
    classes: int
    frame_s: float


def load(folder: Path) -> SpeechData:
    """Read what `prepare` wrote; its card is for readers.

    Raises
    ------
    InputError
        If the file is missing.
    """
    if not (file := folder / "features.safetensors").is_file():
        raise InputError(f"{file} is missing: run `uphold prepare speech` first.")
    arrays = load_file(file)
    classes, frame_s = int(arrays.pop("classes")), float(arrays.pop("frame_s"))
    return SpeechData(**arrays, classes=classes, frame_s=frame_s)
