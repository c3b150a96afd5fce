"""Splits of stored frames: which frames of a cell are trained on, chosen on and tested on.

In: how many frames a cell has, and how many each split takes. Out: which ones. Every cell (one
class at one SNR) is drawn by itself: all splits hold all classes at all SNRs in equal numbers.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from studies.radio.settings.data import Stored
from uphold.errors import InputError
from uphold.randomness import generator
from uphold.splits import SPLITS


def sizes(settings: Stored) -> dict[str, int]:
    """Return the frames that each split takes of a cell."""
    return {split: getattr(settings, split) for split in SPLITS}


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
