"""Random streams, each seeded by a run (or by a data set) and a purpose.

There are no global seeds in this project. Whoever needs a random number asks for the stream that
belongs to one seed and one purpose, so that a draw for one purpose can never shift the draws for
another, and a run's result cannot depend on which other runs are trained beside it.
"""

import hashlib

import numpy as np


def generator(seed: int, *purpose: str | int) -> np.random.Generator:
    """Return the random stream of one seed and one purpose.

    Parameters
    ----------
    seed : int
        The seed of a run or of a data set.
    *purpose : str or int
        What the numbers are for, such as ``"shuffle"`` or ``"clip", 17``.

    Returns
    -------
    numpy.random.Generator
        A Philox stream keyed by the SHA-256 of seed and purpose. Equal arguments give equal
        streams on every machine; different arguments give independent ones.
    """
    name = "\x1f".join([str(int(seed)), *(f"{type(part).__name__}:{part}" for part in purpose)])
    key = np.frombuffer(hashlib.sha256(name.encode()).digest()[:16], dtype="<u8")
    return np.random.Generator(np.random.Philox(key=key))
