"""Ready feature vectors, in the layout of BirdNET-Analyzer's training cache.

In: an ``.npz`` file. Out: `PreparedCalls`, one item a row.

=======================  ====================================================================
array                    meaning
=======================  ====================================================================
x_train, y_train         vectors (n, d) and labels (n, C); required
x_test, y_test           likewise; the split ``iid``. Absent or of size 0: ``iid`` is drawn
x_ood, y_ood             likewise; the split ``ood``. Not written by BirdNET-Analyzer
labels                   the C class names, text; required
binary_classification,   BirdNET-Analyzer's settings; copied to the card
multi_label
=======================  ====================================================================

A label is 1 where the class is present, 0 where it is not and −1 where the folder's name said that
it is absent (``-frog``), which counts as 0 here. A row without a 1 is a negative.

Promised: nothing is unpickled (`uphold.sources.npz`). An array of objects is refused, and the
message says how to save it as text; and so is a number that single precision does not hold.
"""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studies.calls.data import labels, splits
from studies.calls.data.prepared import Item, PreparedCalls
from studies.calls.data.problems import refuse
from studies.calls.settings.data import Data
from uphold.errors import InputError
from uphold.sources import limits, npz
from uphold.sources.arrays import single

PARTS = {"train": "", "test": "iid", "ood": "ood"}
FLAGS = ("binary_classification", "multi_label")
REQUIRED = ("x_train", "y_train", "labels")
SETTING = "data.embeddings.at_most"
LARGEST = 2**34
"""Bytes: four million vectors of 1,024 numbers."""


def make(settings: Data) -> PreparedCalls:
    """Return the data of one file of embeddings.

    Raises
    ------
    InputError
        Where the file cannot be read or its arrays do not agree; it names all such arrays at once.
    """
    ours = settings.embeddings
    path = Path(settings.path)
    arrays = _load(path)
    columns = _class_names(arrays, path)
    refuse(_disagreements(arrays, columns), path)
    labels.check_positive(settings.positive, columns)
    parts = [part for part in PARTS if _there(arrays, part)]
    x = np.concatenate([single(arrays[f"x_{part}"], f"{path}: x_{part}") for part in parts])
    signed = np.concatenate([arrays[f"y_{part}"] for part in parts])
    y = (signed == 1).astype(np.uint8)
    names = [f"x_{part}[{k}]" for part in parts for k in range(len(arrays[f"x_{part}"]))]
    texts = [",".join(c for c, there in zip(columns, row, strict=True) if there) for row in y]
    of_part = [PARTS[part] or ("train" if _there(arrays, "test") else "") for part in parts]
    given = [s for s, part in zip(of_part, parts, strict=True) for _ in arrays[f"x_{part}"]]
    strata = list(zip(given, texts, strict=True))
    used = limits.drawn(strata, ours.at_most, ours.split_seed, SETTING)
    card = limits.card("vector", len(used), len(x), ours.at_most)
    x, y, signed = x[used], y[used], signed[used]
    names, texts, given = ([column[k] for k in used] for column in (names, texts, given))
    contents = [hashlib.sha256(row.tobytes()).hexdigest() for row in x]
    drawn, decisions = splits.complete(
        given,
        [(text,) for text in texts],
        contents,
        validation_share=ours.validation_share,
        test_share=ours.test_share,
        seed=ours.split_seed,
    )
    refuse(
        [
            f"{one} and {other} are the same vector on two sides of a split: keep one of them"
            for one, other in splits.crossings(drawn, contents, names)
        ],
        path,
    )
    if len(x) < card["of"]:
        decisions.append(
            f"{len(x):,} of {card['of']:,} vectors are used ({SETTING} is {ours.at_most:,}), drawn "
            f"by split and label, seed {ours.split_seed}."
        )
    hard = int(np.sum((signed == -1).any(axis=1)))
    if hard:
        decisions.append(f"{hard:,} items say of a class that it is absent (−1): taken as 0.")
    return PreparedCalls(
        x=x,
        y=y,
        items=[
            Item(name, path.name, 0.0, text or "noise", "", "", "", split)
            for name, text, split in zip(names, texts, drawn, strict=True)
        ],
        classes=columns,
        about={
            "features": {"size": x.shape[1], "definition": f"as given in {path.name}"},
            **{flag: bool(arrays[flag]) for flag in FLAGS if flag in arrays},
            "used": card,
        },
        decisions=decisions,
    )


def _load(path: Path) -> dict[str, NDArray[Any]]:
    """Return the arrays of the file, without unpickling anything."""
    if not path.is_file():
        raise InputError(
            f"There is no file of embeddings {path} (studies.calls.path in params.yaml)."
        )
    given = [f"{axis}_{part}" for part in PARTS if part != "train" for axis in "xy"]
    return npz.read(path, REQUIRED, (*given, *FLAGS), others=True, largest=LARGEST)


def _class_names(arrays: dict[str, NDArray[Any]], path: Path) -> list[str]:
    names = arrays["labels"]
    if names.ndim != 1 or names.dtype.kind != "U" or not names.size:
        refuse([f"'labels' must be a list of text, not {names.dtype} of shape {names.shape}"], path)
    found = list(map(labels.composed, names.tolist()))
    if len(set(found)) < len(found):
        refuse(["'labels' names a class twice"], path)
    return found


def _there(arrays: dict[str, NDArray[Any]], part: str) -> bool:
    return any(arrays[name].size for name in (f"x_{part}", f"y_{part}") if name in arrays)


def _disagreements(arrays: dict[str, NDArray[Any]], columns: list[str]) -> list[str]:
    """Return a sentence for each array that does not fit."""
    problems = [
        f"{flag} must be one truth value, not {_shape(arrays[flag])}"
        for flag in FLAGS
        if flag in arrays and (arrays[flag].size != 1 or arrays[flag].dtype.kind not in "biu")
    ]
    if not _there(arrays, "train"):
        problems.append("x_train is empty")
    width = arrays["x_train"].shape[-1] if arrays["x_train"].ndim else 0
    for part in PARTS:
        if not _there(arrays, part):
            continue
        x, y = (arrays.get(f"{axis}_{part}") for axis in "xy")
        if x is None or y is None:
            problems.append(f"of x_{part} and y_{part} one is missing")
            continue
        if x.ndim != 2 or x.dtype.kind not in "fiu":
            problems.append(f"x_{part} must be numbers of shape (items, features), not {_shape(x)}")
        elif x.shape[1] != width:
            problems.append(f"x_{part} has {x.shape[1]} features where x_train has {width}")
        elif not np.isfinite(x).all():
            bad = np.flatnonzero(~np.isfinite(x).all(axis=1))
            problems.append(
                f"x_{part} has NaN or infinite values in {len(bad)} rows, first {bad[0]}"
            )
        if y.ndim != 2 or y.shape[1] != len(columns):
            problems.append(f"y_{part} must have shape (items, {len(columns)}), not {_shape(y)}")
        elif x.ndim and len(x) != len(y):
            problems.append(f"x_{part} has {len(x)} rows and y_{part} has {len(y)}")
        elif not np.isin(y, (-1, 0, 1)).all():
            problems.append(f"y_{part} has values other than −1, 0 and 1")
    return problems


def _shape(array: NDArray[Any]) -> str:
    return f"{array.dtype} of shape {array.shape}"
