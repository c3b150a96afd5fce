"""Claims that are judged at several declared numbers of units.

In: a log whose looks are declared, the runs that a claim rests on, and what may be decided. Out:
the look that the claim has come to, the runs that belong to it, and p that hold for all looks
together. Promised: a claim comes to a look with the last of its configurations, and is judged on
the units of that look alone. Else what some configurations have beyond it would be seen again and
again at the level of one look, as the others come after. A run counts where its row is there, with
a score or without; one that was lost, row and all, was not run. Of units in no known order none
are the first: they are judged where there are exactly as many as the look has.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property, lru_cache
from math import isnan, nan
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np

    from uphold.claims.expectations import Decisions
    from uphold.claims.log import Log


DIGITS = re.compile(r"(\d+)")


class Look(NamedTuple):
    """How far a claim has come.

    Attributes
    ----------
    units : int
        Those of the look, 0 at none.
    runs : ndarray of bool, shape (runs,), or None
        The log's runs that belong to it; None for all of them.
    there : int
        The units of the configuration that has the fewest, 0 where there is no plan.
    unordered : int
        The most units that a configuration has in no known order, 0 where all have an order.
    after : int, optional
        The next look that it can come to, None where there is none.
    """

    units: int
    runs: np.ndarray | None = None
    there: int = 0
    unordered: int = 0
    after: int | None = None


class Looks:
    """The looks of a log.

    Units come in the order of the plan. Where the log knows none, those of a configuration come in
    the order of their values where these are 0, 1, 2, … or 1, 2, 3, … without a gap, so that a
    further one is a later one. Other values have no order: of random seeds a further one may be the
    first, and a look on the first so many would be taken again with each.

    Parameters
    ----------
    log : Log
    """

    def __init__(self, log: Log) -> None:
        self._log = log
        self._at: dict[int, Log] = {}

    def at(self, look: Look) -> Log:
        """Return the log as a look has it."""
        if look.runs is None:
            return self._log
        if look.units not in self._at:
            self._at[look.units] = self._log.only(look.runs)
        return self._at[look.units]

    def come_to(self, rests_on: np.ndarray) -> Look:
        """Return the look that a claim has come to.

        Parameters
        ----------
        rests_on : ndarray of bool, shape (runs,)
            The runs that it rests on.
        """
        import numpy as np

        if not self._log.looks:
            return Look(0)
        cell, place, ordered = self._places
        units = np.zeros(ordered.size, dtype=np.intp)
        np.maximum.at(units, cell, place + 1)
        here = np.unique(cell[rests_on])
        there = int(units[here].min()) if here.size else 0
        most = int(units[here[~ordered[here]]].max(initial=0))
        reached = [n for n in self._log.looks if n <= there and (not most or n == most == there)]
        come = reached[-1] if reached else 0
        # A look that is to be met exactly has no fewer units than are there.
        after = next_after(come or max(there, most - 1), self._log.looks)
        return Look(come, place < come if come else None, there, most, after)

    @cached_property
    def _places(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return each run's configuration and its unit's place there, and which have an order.

        Returns
        -------
        cell, place : ndarray of int, shape (runs,)
            Places from 0 on.
        ordered : ndarray of bool, shape (configurations,)
        """
        import numpy as np

        cell, order = self._log.scores.cells(), places(self._log)
        units, run = np.unique(np.stack([cell, order]), axis=1, return_inverse=True)
        start = np.flatnonzero(np.diff(units[0], prepend=-1))
        place = np.arange(units.shape[1]) - start[units[0]]
        ordered = np.ones(start.size, dtype=bool)
        if not self._log.order:
            numbers = np.array([_number(unit) for unit in _by_value(self._log)])
            first = numbers[units[1]] - place  # the number of the first, if they follow each other
            follow = [np.bincount(units[0], first == number) for number in (0, 1)]
            ordered = np.any(np.equal(follow, np.bincount(units[0])), axis=0)
        return cell, place[run.ravel()], ordered


def places(log: Log) -> np.ndarray:
    """Return the place of each run's unit in the order of the plan, from 0 on, shape (runs,).

    Where no plan is known it is that of values: numbers before text, and both as one counts.
    """
    import numpy as np

    column = log.scores.table[log.scores.replicate]
    known = log.order or {unit: place for place, unit in enumerate(_by_value(log))}
    return np.asarray(column.map(known).to_numpy(dtype=np.intp))


def _by_value(log: Log) -> list[Any]:
    return sorted(log.scores.table[log.scores.replicate].unique(), key=_counted)


def _number(unit: Any) -> float:
    """Return the number that a unit is, or nan."""
    is_text, number, *_ = _counted(unit)
    return nan if is_text else number


def _counted(unit: Any) -> tuple[bool, float, list[tuple[int, str]], str]:
    """Return what sorts units as one counts: 9 before 10 and seed9 before seed10, then text."""
    text = str(unit)
    try:
        number = float(text)
    except ValueError:
        number = nan
    if isnan(number):
        parts = [(int(part), "") if part.isdecimal() else (-1, part) for part in DIGITS.split(text)]
        return True, 0.0, parts, text
    return False, number, [], text


def over_looks(decisions: Decisions, looks: Sequence[int], units: int) -> Decisions:
    """Return decisions with p that hold for all declared looks together.

    Parameters
    ----------
    decisions : Decisions
    looks : sequence of int
        None where claims are judged at whatever units there are. One look takes the whole level.
    units : int
        Those of the look that the claim has come to, 0 before the first, where there is nothing to
        decide.
    """
    if not looks or not decisions:
        return decisions
    if units not in looks:
        return ()
    if len(looks) == 1:
        return decisions
    return tuple(d._replace(p=_p_over_looks(d.p, tuple(looks), units, d.sides)) for d in decisions)


@lru_cache(maxsize=1 << 14)
def _p_over_looks(p: float, looks: tuple[int, ...], units: int, sides: int) -> float:
    """Return one p; kept, since leave-outs ask for that of every claim, changed or not."""
    import numpy as np

    from uphold.statistics.looks import p_over_looks

    return float(p_over_looks(np.array(p), looks, units, sides))


def level_at(level: float, looks: Sequence[int], units: int, sides: int = 2) -> float:
    """Return what a p, of two sides or of one, is held against at a look, 0 before the first."""
    if len(looks) < 2 or units not in looks:
        return level if not looks or units in looks else 0.0
    from uphold.statistics.looks import nominal_levels

    return float(nominal_levels(looks, level, sides=sides)[list(looks).index(units)])


def next_after(units: int, looks: Sequence[int]) -> int | None:
    """Return the next declared number of units, None where the plan is used up."""
    return next((look for look in looks if look > units), None)
