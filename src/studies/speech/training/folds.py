"""Which clips a run trains on, validates on and is tested on.

Actors in the order of their numbers are cut into groups of nearly equal size, so that each group
has men and women where the set alternates them. One group is tested, the next one validates (the
last one's next is the first), all others train. The random split deals the same groups' sizes out
to the clips instead, by one draw for all runs: its folds are as many and as large, and cover all
clips once, but the voices of the test clips are in the training set.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studies.speech.settings.run import SpeechRun
from uphold.errors import InputError
from uphold.randomness import generator

Places = NDArray[np.int64]


@dataclass(frozen=True)
class Fold:
    """Places of clips, each in ascending order; every clip is in one of the three.

    Attributes
    ----------
    number : int
        Which group is tested.
    train, validation, test : ndarray of int64
    """

    number: int
    train: Places
    validation: Places
    test: Places


def fold(settings: SpeechRun, seed: int, actors: NDArray[np.int64]) -> Fold:
    """Return the fold of one run.

    Parameters
    ----------
    settings : SpeechRun
        Its split, groups, fold and rotating.
    seed : int
        The run's; it turns the folds where they rotate, and does nothing else here.
    actors : ndarray of int64, shape (clips,)

    Raises
    ------
    InputError
        Where there are fewer actors than groups.
    """
    there = np.unique(actors)
    if len(there) < settings.groups:
        raise InputError(
            f"groups is {settings.groups}, and the number of actors {len(there)}. Set "
            "training.groups in params/speech.yaml to at most as many as there are."
        )
    group = np.empty(len(actors), dtype=np.int64)
    for number, members in enumerate(np.array_split(there, settings.groups)):
        group[np.isin(actors, members)] = number
    if settings.split == "random":
        group = generator(0, "random split").permutation(group)
    tested = (settings.fold + turn(settings, seed)) % settings.groups
    validating = (tested + 1) % settings.groups
    return Fold(
        number=tested,
        train=np.flatnonzero((group != tested) & (group != validating)),
        validation=np.flatnonzero(group == validating),
        test=np.flatnonzero(group == tested),
    )


def turn(settings: SpeechRun, seed: int) -> int:
    """Return by how many groups the seed turns the folds."""
    return int(generator(seed, "rotation").integers(settings.groups)) if settings.rotating else 0
