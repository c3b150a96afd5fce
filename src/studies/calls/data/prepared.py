"""The prepared data of the study, whatever they come from, and the files that hold them.

``features.safetensors``
    ``x``, float32, (items, features); ``y``, uint8, (items, classes): 1 where the class is present,
    all 0 for a negative.
``items.parquet``
    One row an item in the same order: the fields of `Item`.
``card.json``
    What the data are and how they came about (`card.describe`).

Promised: equal data give equal bytes.
"""

import json
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

QUALITIES = ("high", "medium", "low")


@dataclass(frozen=True)
class Item:
    """One window of sound, or one ready feature vector.

    Attributes
    ----------
    item : str
        Stable identifier, unique in the data set.
    source : str
        File that it comes from, or ``synthetic``.
    start_s : float
        Where in the file the window starts, in seconds.
    label : str
        As given.
    call_type, quality, recorder, kind : str
        What is known of it, else empty. ``quality`` is high, medium or low; ``kind`` says what a
        negative contains, such as rain.
    split : {"train", "validation", "iid", "ood"}
    snr_db : float
        Of the call, or of the sound that a negative contains; NaN where there is none or it is not
        known.
    """

    item: str
    source: str
    start_s: float
    label: str
    call_type: str
    quality: str
    recorder: str
    split: str
    snr_db: float = float("nan")
    kind: str = ""


@dataclass(frozen=True)
class PreparedCalls:
    """Features, labels and what is known of each item.

    Attributes
    ----------
    x : ndarray of float32, shape (items, features)
    y : ndarray of uint8, shape (items, classes)
    items : list of Item
    classes : list of str
        The columns of `y`.
    about : dict
        Facts for the data card (JSON values): durations, counts, definitions.
    decisions : list of str
        Sentences for the data card: what was decided or derived on the way.
    """

    x: NDArray[np.float32]
    y: NDArray[np.uint8]
    items: list[Item]
    classes: list[str]
    about: dict[str, Any] = field(default_factory=dict)
    decisions: list[str] = field(default_factory=list)


def write(data: PreparedCalls, card: dict[str, Any], folder: Path) -> None:
    """Write the three files, replacing those of an earlier preparation."""
    import pyarrow as pa
    import pyarrow.parquet
    from safetensors.numpy import save_file

    columns = {f.name: [getattr(item, f.name) for item in data.items] for f in fields(Item)}
    types = {f.name: pa.float64() if f.type is float else pa.string() for f in fields(Item)}
    folder.mkdir(parents=True, exist_ok=True)
    save_file({"x": data.x, "y": data.y}, folder / "features.safetensors")
    pyarrow.parquet.write_table(
        pa.table(columns, schema=pa.schema(list(types.items()))), folder / "items.parquet"
    )
    text = json.dumps(card, indent=2, ensure_ascii=False, allow_nan=False)
    (folder / "card.json").write_text(text + "\n", encoding="utf-8")
