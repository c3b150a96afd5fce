"""A limit on how many items of real data are used, so that a small scale stays small.

In: what stratum each item is of. Out: which items are used. Promised: strata keep their shares, up
to one item and but for small ones, of which more is taken, so that they can still be split; equal
arguments give equal draws; items of an earlier round come first, so that many recordings give a
little each before one gives much.
"""

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uphold.errors import InputError
from uphold.randomness import generator

FEWEST = 4
"""Taken of a small stratum, where the limit allows: one each to test and validate on, two more."""


def drawn(
    strata: Sequence[Hashable],
    at_most: int | None,
    seed: int,
    setting: str,
    rounds: Sequence[int] | None = None,
) -> NDArray[np.int64]:
    """Return which items are used.

    Parameters
    ----------
    strata : sequence
        Of each item.
    at_most : int or None
        How many may be used; None: all.
    seed : int
        Of the draw.
    setting : str
        What the limit is called, for messages.
    rounds : sequence of int, optional
        Of each item; those of a lower one are taken first.

    Returns
    -------
    ndarray of int64
        Their positions, rising.

    Raises
    ------
    InputError
        The limit is below the number of strata.
    """
    if at_most is None or len(strata) <= at_most:
        return np.arange(len(strata), dtype=np.int64)
    members: dict[Hashable, list[int]] = {}
    for k, stratum in enumerate(strata):
        members.setdefault(stratum, []).append(k)
    if len(members) > at_most:
        raise InputError(
            f"{setting} is {at_most:,}, and the data have {len(members):,} kinds of item, each of "
            f"which needs one: raise it to at least {len(members):,}, or set null for no limit."
        )
    ordered = sorted(members, key=repr)
    sizes = shares([len(members[stratum]) for stratum in ordered], at_most)
    order = generator(seed, "limit").permutation(len(strata))
    place = np.argsort(order)
    used = [
        k
        for stratum, size in zip(ordered, sizes, strict=True)
        for k in sorted(members[stratum], key=lambda k: (rounds[k] if rounds else 0, place[k]))[
            :size
        ]
    ]
    return np.array(sorted(used), dtype=np.int64)


def shares(sizes: Sequence[int], at_most: int, few: int = FEWEST) -> list[int]:
    """Divide a limit among strata, in proportion, with a few at least for each.

    Parameters
    ----------
    sizes : sequence of int
        Items of each stratum; together more than `at_most`, which is at least their number.
    at_most : int
    few : int
        What a small stratum gets at least, where it has so many and the limit allows it.

    Returns
    -------
    list of int
        Items to be taken of each; together `at_most`.
    """
    fewest = max(1, min(few, at_most // len(sizes)))
    taken = [min(size, fewest) for size in sizes]
    # What is left goes, one by one, to where the share lags most.
    wanted = np.array(sizes) * at_most / sum(sizes)
    for _ in range(at_most - sum(taken)):
        lag = np.where(np.array(taken) < np.array(sizes), wanted - np.array(taken), -np.inf)
        taken[int(lag.argmax())] += 1
    return taken


def card(noun: str, used: int, of: int, at_most: int | None) -> dict[str, Any]:
    """Return what a data card says of it: ``noun``, ``used``, ``of`` and ``at_most``."""
    return {"noun": noun, "used": used, "of": of, "at_most": at_most}
