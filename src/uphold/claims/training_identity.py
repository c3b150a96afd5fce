"""Which runs were trained alike, whatever their arms are called.

In: a log that knows its runs' training sets. Out: a number for each run, and whether what a claim
compares is told apart by nothing but its name. Promised: runs are trained alike only where a digest
of the training set says so and no factor but those that make the set differs between them. Sizes of
sets are no proof: a set may hold other clips and as many. Where no digest tells, configurations
count as one if all their scores are the same, so that nobody takes a copy for another run; but not
where scores meet here and there as well, as they do on few items: then it may be chance.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from uphold.claims.log import TRAINING_SET, Log
from uphold.statistics.level_means import LevelRuns
from uphold.statistics.matching import Matching
from uphold.statistics.scores import Scores, codes, distinct

UNKNOWN = -1
_ABOUT_DATA = re.compile(
    r"(up|down|over|under|re)[-_ ]?sampl|balanc|qualit|subset|train(ing)?[-_ ]?(set|data|size)",
    re.IGNORECASE,
)
_ABOUT_LOSS = re.compile(r"loss|weight|focal", re.IGNORECASE)
_DIGEST = re.compile(r"[0-9a-f]{8,}", re.IGNORECASE)


@dataclass(frozen=True)
class Training:
    """What is known of the runs' training sets.

    Attributes
    ----------
    columns : tuple of str
        By which the sets are told apart.
    sets : ndarray of int, shape (runs,)
        The number of each run's set, -1 where it is not known.
    acting : tuple of str
        The factors that act through the training set alone: those that the log declares, or else
        those with which the set changes somewhere and those whose names speak of what is trained
        on.
    proven : bool
        Whether equal numbers are equal sets: a digest tells, a size does not.
    """

    columns: tuple[str, ...]
    sets: np.ndarray
    acting: tuple[str, ...]
    proven: bool


def training(log: Log) -> Training | None:
    """Return what a log knows of its runs' training sets, None where it knows nothing."""
    columns, scores = _columns(log), log.scores
    known = scores.table[list(columns)].notna().all(axis=1).to_numpy()
    if not columns or not known.any():
        return None
    sets = np.where(known, codes(scores.table, list(columns)), UNKNOWN)
    here, declared = scores.only(known), log.data_factors
    acting = tuple(
        name
        for name in scores.factors
        if (_acts(here, name, sets[known]) if declared is None else name in declared)
    )
    return Training(columns, sets, acting, _proven(log))


def trained_alike(log: Log) -> np.ndarray:
    """Return a number for each run, shape (runs,), equal where two were trained alike.

    Seeds apart: equal numbers under other seeds are one arm's runs. A run of which too little is
    known is like no other.
    """
    found = training(log) if _proven(log) else None
    return np.arange(len(log.scores.table)) if found is None else alike(log.scores, found)


def alike(scores: Scores, found: Training) -> np.ndarray:
    """Return the same by what is known of the training sets, be it proven or not."""
    alone = np.arange(len(scores.table))
    if not found.acting:
        return alone
    others = [name for name in scores.factors if name not in found.acting]
    code = codes(scores.table, others) * (found.sets.max() + 1) + found.sets
    return np.asarray(np.where(found.sets == UNKNOWN, code.max(initial=0) + 1 + alone, code))


def under_one_name(log: Log, alike: np.ndarray) -> np.ndarray:
    """Return the number of each run's configuration, shape (runs,), one by several names as one.

    ``alike`` are the numbers of `trained_alike`.
    """
    own = log.scores.cells()
    proven = _proven(log)
    if proven and distinct(alike) == alike.size:
        return own
    code = alike if proven else codes(log.scores.table, list(log.metrics))
    known = np.ones(own.size, dtype=bool) if proven else log.scored()
    replicate = codes(log.scores.table, list(log.scores.replicates))
    runs: dict[int, dict[int, int]] = defaultdict(dict)
    for cell, unit, what in zip(*(x[known].tolist() for x in (own, replicate, code)), strict=True):
        runs[cell][unit] = what
    one = _merged(runs, proven)
    return own if one is None else np.array([one.get(cell, cell) for cell in own.tolist()])


def _merged(runs: Mapping[int, Mapping[int, int]], proven: bool) -> dict[int, int] | None:
    """Return for each configuration the first that has the same in all units that both have.

    None where it is not proven that they are one, and some that are not have the same in a unit.
    """
    first: dict[int, int] = {}
    merged: dict[int, dict[int, int]] = {}
    holding: dict[tuple[int, int], list[int]] = defaultdict(list)
    for cell, here in runs.items():
        met = dict.fromkeys(other for run in here.items() for other in holding[run])
        one = [other for other in met if _are_one(here, merged[other], proven)]
        if not proven and len(one) < len(met):
            return None
        first[cell] = one[0] if one else cell
        known = merged.setdefault(first[cell], {})
        for unit in here.keys() - known.keys():
            holding[unit, here[unit]].append(first[cell])
        known |= here
    return first


def _are_one(here: Mapping[int, int], other: Mapping[int, int], proven: bool) -> bool:
    both = here.keys() & other.keys()
    same = all(here[unit] == other[unit] for unit in both)
    # What is the same in every unit, such as a full score, tells nothing.
    return same and (proven or len({here[unit] for unit in both}) > 1)


def cancels(matching: Matching, weights: Sequence[float], alike: np.ndarray) -> bool:
    """Return whether a weighted sum of arms is 0 by construction.

    It is where, in every match, the weights of arms that were trained alike add up to 0: a contrast
    of an arm with itself, an interaction with a step that changes nothing.
    """
    group = matching.groups()
    used = group >= 0
    arms, side = matching.arm[matching.cell], alike[matching.row]
    pair = group[used].astype(np.int64) * (int(side.max(initial=-1)) + 1) + side[used]
    if all(weights) and np.unique(pair).size == pair.size:
        return False  # in no match were two runs trained alike
    matches = _sets(group[used], arms[used], side[used]).values()
    return bool(matches) and all(
        len(sides) == matching.arms
        and all(sum(weights[b] for b in sides if sides[b] == side) == 0 for side in sides.values())
        for sides in matches
    )


def all_alike(levels: LevelRuns, alike: np.ndarray) -> bool:
    """Return whether all levels were trained alike wherever two of them can be compared."""
    code = alike[levels.row]
    if np.unique(code).size == code.size:
        return False  # no two runs were trained alike
    level = levels.level[levels.cell]
    place = levels.context * (int(levels.unit.max(initial=-1)) + 1) + levels.unit
    place = place[levels.cell]
    compared = [sides for sides in _sets(place, level, code).values() if len(sides) > 1]
    met = {level for sides in compared for level in sides}
    return bool(compared) and met == set(level.tolist()) and all(map(_equal, compared))


def _equal(sides: Mapping[int, set[int]]) -> bool:
    first, *others = sides.values()
    return all(other == first for other in others)


def _sets(group: np.ndarray, part: np.ndarray, code: np.ndarray) -> dict[int, dict[int, set[int]]]:
    """Gather the codes by group and, within it, by part."""
    found: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for g, p, c in zip(group.tolist(), part.tolist(), code.tolist(), strict=True):
        found[g][p].add(c)
    return found


def _columns(log: Log) -> tuple[str, ...]:
    return (TRAINING_SET,) if TRAINING_SET in log.training else log.training


def _proven(log: Log) -> bool:
    """Return whether a column tells one training set from another, as a digest does."""
    columns = _columns(log)
    return columns == (TRAINING_SET,) or any(_digests(log.scores.table[c]) for c in columns)


def _digests(column: pd.Series) -> bool:
    """Return whether a column holds digests: eight or more hexadecimal digits throughout."""
    given = column.dropna().unique()
    return all(isinstance(value, str) and _DIGEST.fullmatch(value) for value in given)


def _acts(scores: Scores, factor: str, sets: np.ndarray) -> bool:
    """Return whether a factor works through the training set, as far as the log tells."""
    if _ABOUT_DATA.search(factor) and not _ABOUT_LOSS.search(factor):
        return True
    rest = [*(f for f in scores.factors if f != factor), *scores.replicates]
    place = codes(scores.table, rest)
    level = codes(scores.table, [factor])
    # The training set is the factor's doing if it differs between levels and within none.
    cell = place * (int(level.max(initial=-1)) + 1) + level
    of_sets = int(sets.max(initial=-1)) + 1
    by_set = np.unique(place * of_sets + sets) // max(of_sets, 1)
    varies = np.bincount(by_set) > 1
    return bool(varies.any()) and np.unique(cell * of_sets + sets).size == np.unique(cell).size
