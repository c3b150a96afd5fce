"""The prepared data of the study, whatever they come from, and the files that hold them.

``grids.safetensors``
    ``x``, float32, (items, 32, 32); the labels of heads A and B, ``a`` and ``b``, uint8, and of
    head C, ``c``, float32 in [0, 1], each (items,); ``split``, uint8, the place of an item's split
    in `SPLITS`.
``card.json``
    What the data are and how they came about (`card.describe`).

Promised: equal data give equal bytes.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

SIDE = 32
CLASSES_A, CLASSES_B = 10, 32
GRIDS, CARD = "grids.safetensors", "card.json"


@dataclass(frozen=True)
class PreparedMultitask:
    """Grids, the labels of their three heads, and their splits.

    Attributes
    ----------
    x : ndarray of float32, shape (items, 32, 32)
    a, b : ndarray of uint8, shape (items,)
    c : ndarray of float32, shape (items,)
    split : ndarray of uint8, shape (items,)
        Places in `SPLITS`.
    names_a, names_b : list of str
        The classes' names.
    about : dict
        Facts for the data card (JSON values).
    decisions : list of str
        Sentences for the data card: what was decided or derived on the way.
    """

    x: NDArray[np.float32]
    a: NDArray[np.uint8]
    b: NDArray[np.uint8]
    c: NDArray[np.float32]
    split: NDArray[np.uint8]
    names_a: list[str]
    names_b: list[str]
    about: dict[str, Any] = field(default_factory=dict)
    decisions: list[str] = field(default_factory=list)


def write(data: PreparedMultitask, card: dict[str, Any], folder: Path) -> None:
    """Write the two files, replacing those of an earlier preparation."""
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    arrays = {name: getattr(data, name) for name in ("x", "a", "b", "c", "split")}
    save_file({k: np.ascontiguousarray(v) for k, v in arrays.items()}, folder / GRIDS)
    text = json.dumps(card, indent=2, ensure_ascii=False, allow_nan=False)
    (folder / CARD).write_text(text + "\n", encoding="utf-8")
