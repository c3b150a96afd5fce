"""Prepared data of the speech study as its training sees them."""

import json
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
    """Read what `prepare` wrote.

    Raises
    ------
    InputError
        If a file is missing.
    """
    for name in ("features.safetensors", "card.json"):
        if not (folder / name).is_file():
            raise InputError(f"{folder / name} is missing: run `uphold prepare speech` first.")
    card = json.loads((folder / "card.json").read_text("utf-8"))
    arrays = load_file(folder / "features.safetensors")
    return SpeechData(**arrays, classes=len(card["classes"]), frame_s=card["features"]["frame_s"])
