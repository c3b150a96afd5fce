"""Permutations within blocks, for tests whose residuals are not normal.

In: values and their blocks. Out: many permuted copies, in chunks that fit in memory. Promised: a
value never leaves its block, and equal arguments give equal permutations on every machine.
"""

from collections.abc import Iterator

import numpy as np

from uphold.randomness import generator

DRAWS = 10_000
CHUNK = 4_000_000


def permuted_within(
    values: np.ndarray, block: np.ndarray, draws: int = DRAWS, seed: int = 0
) -> Iterator[np.ndarray]:
    """Yield permuted copies of values, shape (some draws, n), ``draws`` rows in all.

    Parameters
    ----------
    values, block : ndarray, shape (n,)
        The values of one block are shuffled among its places.
    """
    rng = generator(seed, "permutation")
    places = [np.flatnonzero(block == b) for b in np.unique(block)]
    step = max(1, CHUNK // max(values.size, 1))
    for start in range(0, draws, step):
        copies = np.tile(values, (min(step, draws - start), 1))
        for place in places:
            copies[:, place] = rng.permuted(copies[:, place], axis=1)
        yield copies
