"""Splits of stored frames: which frames of a cell are trained on, chosen on and tested on.

In: how many frames a cell has, and how many each split takes. Out: which ones. Every cell (one
class at one SNR) is drawn by itself: all splits hold all classes at all SNRs in equal numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studies.radio.settings.data import Stored
from uphold.errors import InputError
from uphold.randomness import generator
from uphold.sources import limits
from uphold.splits import SPLITS


@dataclass(frozen=True)
class Share:
    """What is taken of the cells of a file.

    Attributes
    ----------
    sizes : dict of str to int
        Frames of a cell, by split.
    levels : list of int
        Which levels of SNR.
    notes : list of str
        What a reader should know of it.
    """

    sizes: dict[str, int]
    levels: list[int]
    notes: list[str]


def share(settings: Stored, classes: int, levels: int, setting: str) -> Share:
    """Return what is taken: all that the settings ask for, or less where a limit is set.

    A limit takes less of every cell, in the proportions of the splits and one a split at least;
    where it is too small for that, one a split of fewer levels, evenly spread from the lowest to
    the highest.

    Parameters
    ----------
    settings : Stored
    classes, levels : int
        How many there are.
    setting : str
        What the limit is called, for messages.

    Raises
    ------
    InputError
        Where the limit is below one frame of each class at two levels in each split, or at the one
        level that there is.
    """
    sizes = {split: getattr(settings, split) for split in SPLITS}
    every = list(range(levels))
    limit = settings.at_most
    if limit is None or sum(sizes.values()) * classes * levels <= limit:
        return Share(sizes, every, [])
    fewest = len(SPLITS) * classes
    spread = min(2, levels)
    if limit < (needed := spread * fewest):
        raise InputError(
            f"{setting} is {limit:,}, but one frame of each of {classes} classes at {spread} "
            f"{'levels' if spread > 1 else 'level'} of SNR for each of {len(SPLITS)} splits makes "
            f"{needed:,}: raise it to at least {needed:,}, or set null for no limit."
        )
    each = limit // (classes * levels)
    if each >= len(SPLITS):
        fewer = limits.shares(list(sizes.values()), each, few=1)
        return Share(dict(zip(sizes, fewer, strict=True)), every, [])
    kept = np.linspace(0, levels - 1, min(levels, limit // fewest)).round().astype(int).tolist()
    return Share(
        dict.fromkeys(sizes, 1),
        kept,
        [f"{len(kept)} of {levels} levels of SNR are used, since {setting} is {limit:,}."],
    )


def draw(
    available: int, wanted: Mapping[str, int], seed: int, name: str, snr_db: float
) -> dict[str, NDArray[np.int64]]:
    """Draw the frames of one cell for every split, none for two.

    Parameters
    ----------
    available : int
        Frames that the cell has.
    wanted : mapping of str to int
        Frames by split, in the order in which they are drawn: more for a later split leaves the
        earlier ones as they are.
    seed : int
    name : str
        The class.
    snr_db : float

    Returns
    -------
    dict of str to ndarray of int64
        Indices within the cell.

    Raises
    ------
    InputError
        The cell is too small.
    """
    total = sum(wanted.values())
    if total > available:
        each = " + ".join(f"{n} {split}" for split, n in wanted.items())
        raise InputError(
            f"{name} at {snr_db:g} dB has {available} frames where {each} = {total} are wanted: "
            "lower them in the settings of the source."
        )
    order = generator(seed, "split", name, f"{snr_db:g}").permutation(available)
    ends = np.cumsum(list(wanted.values()))
    return dict(zip(wanted, np.split(order[:total], ends[:-1]), strict=True))
