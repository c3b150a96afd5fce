"""What a trained run has several of, taken for the unit of inference.

In: scores. Out: the column within which their replicate lies, such as the seed that gave several
episodes. Promised: by the name of the replicate, and by the rows: within one configuration and seed
there is more than one of them. All that one training gave is one unit, however often measured.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from uphold.format import name
from uphold.statistics.scores import EPOCHS, ITEMS, Scores, codes, distinct

PARTS = (
    EPOCHS
    | ITEMS
    | {"episode", "rollout", "timestep", "game", "eval", "evaluation", "question", "prompt"}
    | {"iteration", "iter", "draw", "pass"}
)
"""What a trained run has several of."""
UNITS = frozenset({"seed", "rng", "run", "trial", "random"})
_NUMBERS_OF = frozenset({"num", "number", "n", "count", "total", "max"})


class TakenForUnit(NamedTuple):
    """The column that the replicate lies within, and how many runs and parts of runs there are."""

    unit: str
    runs: int
    parts: int


def taken_for_unit(scores: Scores) -> TakenForUnit | None:
    """Return what the replicate is a part of, None where it is a unit."""
    part = scores.replicate
    if not said(part) & PARTS:
        return None
    for unit in _units(scores):
        arm = codes(scores.table, [factor for factor in scores.factors if factor != unit])
        run = codes(scores.table.assign(**{_ARM: arm}), [_ARM, unit])
        pair = codes(scores.table.assign(**{_ARM: run}), [_ARM, part])
        runs, parts = distinct(run), distinct(pair)
        if parts >= 2 * runs:
            return TakenForUnit(unit, runs, parts)
    return None


def way_out(scores: Scores, found: TakenForUnit) -> str:
    """Return what a spec says in place: the column found is the unit, and the replicate within."""
    inner = [scores.replicate, *(within for within in scores.within if within != found.unit)]
    leave = f", and {name(found.unit)} is no factor then" if found.unit in scores.factors else ""
    return f"Set `replicate: [{', '.join([found.unit, *inner])}]` in the spec{leave}"


def said(column: str) -> set[str]:
    """Return the words of a column's name, as they stand and each as one of its kind."""
    words = words_of(column)
    return words | {word.removesuffix("s") for word in words}


def words_of(column: str) -> set[str]:
    """Return the words of a column's name."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column)
    return set(re.split(r"[^a-z]+", apart.lower())) - {""}


_ARM = "\0arm"


def _units(scores: Scores) -> Iterator[str]:
    """Yield the columns besides the replicate that look like seeds or runs and take two values."""
    for column in scores.table.columns:
        words = said(str(column))
        if column in scores.replicates or not words & UNITS or words & (_NUMBERS_OF | PARTS):
            continue
        if scores.table[column].nunique() > 1:
            yield column
