"""Ready grids: an ``.npz`` file with ``X`` and ``y``.

In: a file, or a folder that holds one. Out: `PreparedMultitask`, one item a row.

====  =============  ===============================================================
``X``  (n, 32, 32)   numbers, one grid a row
``y``  (n, 3)        head A: an integer from 0 to 9; head B: an integer from 0 to 31;
                     head C: a number from 0 to 1
====  =============  ===============================================================

Promised: the file is read by `uphold.sources.npz`, and all that is wrong with its numbers is told
at once.
"""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studies.multitask.data import splits
from studies.multitask.data.prepared import CLASSES_A, CLASSES_B, SIDE, PreparedMultitask
from studies.multitask.settings.data import Data
from uphold.errors import InputError
from uphold.format import percent
from uphold.sources import limits, npz

FEWEST = 20
SETTING = "data.npz.at_most"
LARGEST_PIXEL = 1e6
"""Beyond it single precision would lose the image in its own offset."""


def make(settings: Data) -> PreparedMultitask:
    """Return the data of one file of grids.

    Raises
    ------
    InputError
        Where the file cannot be read or its arrays are not what they should be.
    """
    ours = settings.npz
    if ours.validation_share + ours.test_share >= 1:
        raise InputError(
            f"npz.validation_share {ours.validation_share:g} and npz.test_share "
            f"{ours.test_share:g} leave nothing to train on: together they must be below 1."
        )
    path = _file(Path(settings.path))
    arrays = npz.read(path, ("X", "y"))
    problems = _problems(arrays["X"], arrays["y"])
    if problems:
        raise InputError(f"{path} cannot be used: {'; '.join(problems)}.")
    given = len(arrays["X"])
    used = limits.drawn(arrays["y"][:, 0].tolist(), ours.at_most, ours.split_seed, SETTING)
    x, y = arrays["X"][used].astype(np.float32), arrays["y"][used]
    contents = [hashlib.sha256(grid.tobytes()).hexdigest() for grid in x]
    split = splits.draw(
        y[:, 0],
        contents,
        validation_share=ours.validation_share,
        test_share=ours.test_share,
        seed=ours.split_seed,
    )
    decisions = [
        f"Splits were drawn here: {percent(ours.test_share)} test and "
        f"{percent(ours.validation_share)} validation, stratified by head A, seed "
        f"{ours.split_seed}."
    ]
    if len(x) < given:
        decisions.append(
            f"{len(x):,} of {given:,} items are used ({SETTING} is {ours.at_most:,}), drawn by "
            f"head A, seed {ours.split_seed}."
        )
    copies = len(x) - len(set(contents))
    if copies:
        decisions.append(
            f"{copies:,} grids are copies of another one: equal grids stay in one split."
        )
    return PreparedMultitask(
        x=x,
        a=y[:, 0].astype(np.uint8),
        b=y[:, 1].astype(np.uint8),
        c=y[:, 2].astype(np.float32),
        split=split,
        names_a=[f"A{k}" for k in range(CLASSES_A)],
        names_b=[f"B{k}" for k in range(CLASSES_B)],
        about={
            "heads": {"a": "as given", "b": "as given", "c": "as given"},
            "used": limits.card("item", len(x), given, ours.at_most),
        },
        decisions=decisions,
    )


def _file(path: Path) -> Path:
    """Return the file that a path names: itself, or the only one in the folder."""
    if not path.is_dir():
        return path
    found = sorted(path.glob("*.npz"))
    if len(found) != 1:
        held = ", ".join(file.name for file in found) or "none"
        raise InputError(
            f"{path} should hold one .npz file and holds {held}: name it in params.yaml, as"
            " studies.multitask.path."
        )
    return found[0]


def _problems(x: NDArray[Any], y: NDArray[Any]) -> list[str]:
    """Return a sentence for everything that is wrong with the arrays."""
    problems = []
    for name, array, shape in (("X", x, ("n", SIDE, SIDE)), ("y", y, ("n", 3))):
        if (
            array.dtype.kind not in "fiu"
            or array.shape[1:] != shape[1:]
            or array.ndim != len(shape)
        ):
            wanted = ", ".join(map(str, shape))
            problems.append(
                f"{name} must be numbers of shape ({wanted}), not {array.dtype} of shape "
                f"{array.shape}"
            )
    if problems:
        return problems
    if len(x) != len(y):
        return [f"X has {len(x):,} rows and y has {len(y):,}"]
    if len(x) < FEWEST:
        return [f"{len(x):,} items are too few to be divided: there must be {FEWEST}"]
    pixels = np.abs(x.reshape(len(x), -1)).max(axis=1)
    problems += _bad("X", ~np.isfinite(pixels), "NaN or infinite values")
    problems += _bad(
        "X", np.isfinite(pixels) & (pixels > LARGEST_PIXEL), f"values beyond ±{LARGEST_PIXEL:,.0f}"
    )
    for column, (head, classes) in enumerate((("A", CLASSES_A), ("B", CLASSES_B))):
        label = y[:, column]
        valid = (label >= 0) & (label < classes) & (label == np.floor(label))
        problems += _bad(
            "y", ~valid, f"a label of head {head} that is no integer from 0 to {classes - 1}"
        )
    problems += _bad(
        "y", ~((y[:, 2] >= 0) & (y[:, 2] <= 1)), "a value of head C that is not from 0 to 1"
    )
    return problems


def _bad(name: str, rows: NDArray[np.bool_], what: str) -> list[str]:
    found = np.flatnonzero(rows)
    return [f"{name} has {what} in {len(found):,} rows, first {found[0]}"] if len(found) else []
