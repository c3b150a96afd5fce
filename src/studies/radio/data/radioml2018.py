"""RML2018.01A: an HDF5 file of 20 GB, of which a share is read.

In: ``GOLD_XYZ_OSC.0001_1024.hdf5``. Out: `Source`.

=======  ==================  ===========================================
dataset  shape               meaning
=======  ==================  ===========================================
X        (N, samples, 2)     float32, in-phase and quadrature
Y        (N, 24)             one-hot, in the order of `Modulation`
Z        (N, 1)              SNR in dB
=======  ==================  ===========================================

The frames may stand in any order. Promised: the file is read front to back in blocks, and never
more than one block is in memory (`hdf5`).
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import get_args

import h5py
import numpy as np
from numpy.typing import NDArray

from studies.radio.data import hdf5, splits, stored
from studies.radio.data.source import Batch, Source
from studies.radio.settings.data import Data, Modulation
from uphold.errors import InputError

FILE = "GOLD_XYZ_OSC.0001_1024.hdf5"
BLOCK = 4096
"""Frames read at once."""
LARGEST_DB = 1_000
"""Beyond it, either way, a number is no SNR but damage."""
NOTES = [
    "The classes are in the order that the frames bear out, not in that of the list which is "
    "shipped with the file.",
    "The SNR is the publisher's label; what it was measured as is not known.",
]
SETTING = "data.radioml2018.at_most"
Chosen = tuple[NDArray[np.int64], NDArray[np.int64]]


def make(settings: Data) -> Source:
    """Return the frames that the settings take from the file.

    Raises
    ------
    InputError
        Where the file is missing, is not as above, or has too few frames.
    """
    ours = settings.radioml2018
    path = stored.find(settings.path, FILE)
    classes = list(get_args(Modulation))
    with hdf5.opened(path) as file:
        x, y, z = hdf5.datasets(file, "XYZ", path).values()
        _check(x, y, z, len(classes), path)
        label, snr = _labels(y, path), _levels(z, path)
        samples = x.shape[1]
    levels = np.unique(snr)
    share = splits.share(ours, len(classes), len(levels), SETTING)
    levels = levels[share.levels]
    source = Source(
        classes=classes,
        snrs=[float(v) for v in levels],
        samples=samples,
        sizes=share.sizes,
        clean=False,
        notes=NOTES + share.notes,
        stored=len(label),
    )
    cell = label * len(levels) + np.searchsorted(levels, snr)
    # What is at no level that is taken comes after all cells.
    cell[~np.isin(snr, levels)] = len(classes) * len(levels)
    return source.with_batches(_batches(path, _chosen(source, cell, ours.split_seed)))


def _chosen(source: Source, cell: NDArray[np.int64], seed: int) -> dict[str, Chosen]:
    """Return, by split, the rows to take (rising) and the position that each goes to."""
    order = np.argsort(cell, kind="stable")
    ends = np.searchsorted(cell[order], np.arange(len(source.classes) * len(source.snrs) + 1))
    rows = {split: np.zeros(source.frames(split), dtype=np.int64) for split in source.sizes}
    for label, name in enumerate(source.classes):
        for level, snr_db in enumerate(source.snrs):
            k = label * len(source.snrs) + level
            here = order[ends[k] : ends[k + 1]]
            drawn = splits.draw(len(here), source.sizes, seed, name, snr_db)
            for split, index in drawn.items():
                start = source.start(split, label, level)
                rows[split][start : start + len(index)] = here[index]
    to = {split: np.argsort(taken) for split, taken in rows.items()}
    return {split: (rows[split][to[split]], to[split]) for split in rows}


def _batches(path: Path, chosen: Mapping[str, Chosen]) -> Iterator[Batch]:
    last = max(rows[-1] for rows, _ in chosen.values())
    with hdf5.opened(path) as file:
        x = hdf5.datasets(file, "X", path)["X"]
        for start in range(0, int(last) + 1, BLOCK):
            block = None
            for split, (rows, to) in chosen.items():
                here = slice(*np.searchsorted(rows, (start, start + BLOCK)))
                if here.start < here.stop:
                    block = x[start : start + BLOCK] if block is None else block
                    yield Batch(split, to[here], block[rows[here] - start].transpose(0, 2, 1))


def _check(x: h5py.Dataset, y: h5py.Dataset, z: h5py.Dataset, classes: int, path: Path) -> None:
    frames = len(x) if x.ndim else 0
    if x.dtype != np.float32 or x.ndim != 3 or x.shape[2] != 2 or 0 in x.shape:
        raise InputError(f"{path}: X must be float32 of shape (N, samples, 2), not {_shape(x)}.")
    if y.dtype.kind not in "iuf" or y.shape != (frames, classes):
        raise InputError(
            f"{path}: Y must be numbers of shape {(frames, classes)}, not {_shape(y)}."
        )
    if z.dtype.kind not in "iuf" or z.shape != (frames, 1):
        raise InputError(f"{path}: Z must be numbers of shape {(frames, 1)}, not {_shape(z)}.")


def _labels(y: h5py.Dataset, path: Path) -> NDArray[np.int64]:
    """Return the class of each frame."""
    labels = np.zeros(len(y), dtype=np.int64)
    for start in range(0, len(y), 16 * BLOCK):
        rows = y[start : start + 16 * BLOCK]
        labels[start : start + len(rows)] = rows.argmax(axis=1)
        bad = np.flatnonzero(((rows == 1).sum(axis=1) != 1) | ((rows != 0).sum(axis=1) != 1))
        if len(bad):
            raise InputError(
                f"{path}: Y is not one-hot (one 1 a row, and nothing but 0 beside it) in row "
                f"{start + bad[0]}."
            )
    return labels


def _levels(z: h5py.Dataset, path: Path) -> NDArray[np.float64]:
    """Return the SNR of each frame in dB."""
    levels = z[:, 0].astype(np.float64)
    if not np.isfinite(levels).all():
        raise InputError(f"{path}: Z has values that are not numbers.")
    if len(levels) and np.abs(levels).max() > LARGEST_DB:
        raise InputError(f"{path}: Z has values beyond ±{LARGEST_DB:,} dB, which are no SNR.")
    return levels


def _shape(dataset: h5py.Dataset) -> str:
    return f"{dataset.dtype} of shape {dataset.shape}"
