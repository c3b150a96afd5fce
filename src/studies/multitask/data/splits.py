"""Splits of items that have none: seeded, stratified by head A, equal grids on one side."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from uphold.randomness import generator
from uphold.splits import SPLITS


def draw(
    a: NDArray[np.integer],
    contents: Sequence[str],
    *,
    validation_share: float,
    test_share: float,
    seed: int,
) -> NDArray[np.uint8]:
    """Draw the split of every item.

    In each class of head A, ``round(share * n)`` of its n different grids go to ``test`` and to
    ``validation``, the rest to ``train``. Items of one grid stay together, under the class of the
    first of them.

    Parameters
    ----------
    a : ndarray of int, shape (items,)
    contents : sequence of str
        A digest of each item's grid.
    validation_share, test_share : float
        Of all items.
    seed : int

    Returns
    -------
    ndarray of uint8, shape (items,)
        Places in `SPLITS`.
    """
    items: dict[str, list[int]] = defaultdict(list)
    for k, content in enumerate(contents):
        items[content].append(k)
    strata: dict[int, list[str]] = defaultdict(list)
    for content, members in items.items():
        strata[int(a[members[0]])].append(content)
    split = np.full(len(a), SPLITS.index("train"), np.uint8)
    for label, found in sorted(strata.items()):
        # Sorted, so that the draw depends on what the items hold and not on their order.
        order = [sorted(found)[k] for k in generator(seed, "split", label).permutation(len(found))]
        tested = round(test_share * len(order))
        held = {"test": order[:tested]}
        held["validation"] = order[tested : tested + round(validation_share * len(order))]
        for name, chosen in held.items():
            for content in chosen:
                split[items[content]] = SPLITS.index(name)
    return split
