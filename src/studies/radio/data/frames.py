"""``frames.safetensors``: the file of frames, written piece by piece.

``classes``, int64, says how many classes there are; training reads this file alone, the card is for
readers. For each split s of `SPLITS`:

===============  =======  ==============  ==================================================
tensor           type     shape           meaning
===============  =======  ==============  ==================================================
``{s}/iq``       float32  (N, 2, T)       received frames
``{s}/clean``    float32  (N, 2, T)       the same without noise, in the same scale; only where
                                          it is known
``{s}/label``    int64    (N,)            index into the card's ``classes``
``{s}/snr``      float32  (N,)            dB, as labelled
===============  =======  ==============  ==================================================

Promised: equal sources give equal bytes; no more than one batch is in memory. (The library's own
writer takes whole tensors; its format is a length, a JSON header and the plain bytes.)
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studies.radio.data.source import Source
from uphold.errors import InputError
from uphold.splits import SPLITS

FILE = "frames.safetensors"
TYPES: dict[str, np.dtype[np.generic]] = {"I64": np.dtype("<i8"), "F32": np.dtype("<f4")}


def write(source: Source, path: Path, normalise: str) -> None:
    """Write all frames of a source.

    Parameters
    ----------
    source : Source
    path : Path
    normalise : {"rms", "none"}
        Whether each frame is divided by its root mean square, and its clean frame with it.

    Raises
    ------
    InputError
        Where a frame has values that are not numbers, or nothing but zeros.
    """
    tensors = _create(path, _layout(source))
    tensors["classes"][...] = len(source.classes)
    for split in SPLITS:
        tensors[f"{split}/label"][:] = source.labels(split)
        tensors[f"{split}/snr"][:] = source.levels(split)
    for batch in source.batches:
        try:
            factor = scale(batch.iq, normalise)
        except Powerless as error:
            raise InputError(
                f"{error.many} frames of the split {batch.split} are all zero or have values that "
                f"are not numbers, first at position {batch.at[error.first]}: get the file again."
            ) from None
        tensors[f"{batch.split}/iq"][batch.at] = batch.iq * factor
        if batch.clean is not None:
            tensors[f"{batch.split}/clean"][batch.at] = batch.clean * factor


class Powerless(ValueError):
    """Frames without power: how `many`, and the `first` of them."""

    def __init__(self, bad: NDArray[np.int64]) -> None:
        self.many, self.first = len(bad), int(bad[0])
        super().__init__(
            f"{self.many} frames are all zero or have values that are not numbers, first at "
            f"{self.first}"
        )


def scale(iq: NDArray[np.float32], normalise: str) -> NDArray[np.float32]:
    """Return the factor of each frame (frames, 2, samples), shape (frames, 1, 1)."""
    power = np.mean(iq.astype(np.float64) ** 2, axis=(1, 2), keepdims=True) * 2
    bad = np.flatnonzero(~(np.isfinite(power) & (power > 0)))
    if len(bad):
        raise Powerless(bad)
    factor = np.ones_like(power) if normalise == "none" else 1 / np.sqrt(power)
    return factor.astype(np.float32)


def _layout(source: Source) -> dict[str, tuple[str, tuple[int, ...]]]:
    """Return type and shape of every tensor, in the order of the file."""
    layout: dict[str, tuple[str, tuple[int, ...]]] = {"classes": ("I64", ())}
    for split in SPLITS:
        layout[f"{split}/label"] = ("I64", (source.frames(split),))
    for split in SPLITS:
        for name in ("iq", "clean") if source.clean else ("iq",):
            layout[f"{split}/{name}"] = ("F32", (source.frames(split), 2, source.samples))
        layout[f"{split}/snr"] = ("F32", (source.frames(split),))
    return layout


def _create(path: Path, layout: Mapping[str, tuple[str, tuple[int, ...]]]) -> dict[str, np.memmap]:
    """Create the file and return its tensors, mapped into memory."""
    header: dict[str, dict[str, Any]] = {}
    end = 0
    for name, (kind, shape) in layout.items():
        start, end = end, end + TYPES[kind].itemsize * int(np.prod(shape))
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": (start, end)}
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    first = 8 + len(text)
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        file.flush()
        # All of its place at once: a map into a file that finds none ends the process.
        os.posix_fallocate(file.fileno(), 0, first + end)
    return {
        name: np.memmap(path, TYPES[kind], "r+", first + header[name]["data_offsets"][0], shape)
        for name, (kind, shape) in layout.items()
    }
