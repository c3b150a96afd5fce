"""The slope of a metric along a numeric setting, over the trials of a search.

In: a log with numeric settings, and which of them is asked for. Out: a test that can be run again
without some of the runs. Promised: a unit is what the outermost replicate numbers, and has one
point of the space; all other settings are adjusted for, as if they added up; what bends so that it
turns has no slope.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import nan

import numpy as np
from scipy.special import stdtr

from uphold.claims.numeric import Scale, along, back, step
from uphold.claims.outcomes import Outcome, judged_by
from uphold.claims.untestable import (
    Untestable,
    bent,
    confounded,
    no_noise,
    no_runs,
    one_seed,
    several_points,
    too_few,
)
from uphold.error_rates import ALPHA, MOST_SEEDS
from uphold.format import rough
from uphold.statistics.scores import Scores, codes, first_of_each, numbered
from uphold.statistics.slope import Slope, slope

OWN = 3
"""Columns that a setting's own slope takes: a constant, the number and its square."""


@dataclass(frozen=True, kw_only=True)
class SlopeOutcome(Outcome):
    """What a claim about a slope gave.

    Attributes
    ----------
    found : Slope, optional
        For the step that effects are told for.
    ends : tuple of float
        The values of the setting at its two ends.
    log : bool
        Whether the setting is on a log scale.
    """

    found: Slope | None = None
    ends: tuple[float, float] = (nan, nan)
    log: bool = False

    def same_p(self, margin: float) -> float:
        """Return the p that the change is inside ± margin: of the line, and at both ends."""
        if not self.se > 0 or self.found is None:
            return nan
        ends = [end for end in (self.found.low, self.found.high) if end.se > 0]
        inside = [float(stdtr(e.df, (abs(e.value) - margin) / e.se)) for e in ends]
        return max([self.equivalence_p(margin), *inside])


@dataclass(frozen=True)
class Line:
    """The test: the slope over trials; see `uphold.statistics.slope`.

    ``label`` is what the metric is called; ``numeric`` are the numeric settings of the log.
    """

    scores: Scores
    metric: str
    label: str
    numeric: Mapping[str, Scale]
    of: str
    per: float
    rows: np.ndarray
    barred: Untestable | None

    def outcome(self, keep: np.ndarray | None = None, draws: int = 0) -> Outcome:
        scores, seed = self.scores, self.scores.replicate
        rows = self.rows if keep is None else self.rows[keep[self.rows]]
        if self.barred or not rows.size:
            why = self.barred or no_runs("runs that it is about", seed)
            return judged_by(self._nothing(rows.size, 0), why)
        table = scores.table.iloc[rows]
        units, unit = numbered(codes(table, [seed]))
        point = codes(table, [*self.numeric, *scores.factors])
        points = np.unique(unit * rows.size + point).size
        if points > units.size:
            nothing = self._nothing(rows.size, units.size)
            return judged_by(nothing, several_points(points, units.size, seed))
        first = rows[first_of_each(unit, units.size)]
        y = np.bincount(unit, scores.values(self.metric)[rows]) / np.bincount(unit)
        scale = self.numeric[self.of]
        x = along(scores.values(self.of)[first], scale)
        others, adjusted = beside(scores, first, self.numeric, self.of)
        by = step(self.per, scale)
        found = slope(x / by, y, others)
        ends = back(np.array(found.ends) * by, scale)
        line = SlopeOutcome.from_t(
            *found.line,
            n=units.size,
            runs=rows.size,
            seeds=units.size,
            method="least squares, HC3",
            adjusted=adjusted,
            found=found,
            ends=(float(ends[0]), float(ends[1])),
            log=scale == "log",
            takes=_enough(units.size),
        )
        return judged_by(line, self._untestable(found, by, adjusted, units.size))

    def _untestable(
        self, found: Slope, by: float, adjusted: tuple[str, ...], units: int
    ) -> Untestable | None:
        seed, of = self.scores.replicate, self.of
        if units < 2:
            return one_seed("runs that it is about", seed)
        if found.told:
            return confounded(adjusted or (of,), seed)
        if not np.isfinite(found.line.se):
            return too_few("trial")
        if not found.line.se > 0:
            return no_noise("the scores lie on one line", "trial")
        turns = found.ends[0] < found.turn < found.ends[1]
        if turns and found.bend.p < ALPHA:
            at = back(np.array([found.turn * by]), self.numeric[of])
            return bent(self.label, of, rough(float(at[0])), found.bend.value > 0, found.bend.p)
        return None

    def _nothing(self, runs: int, units: int) -> Outcome:
        return SlopeOutcome.from_t(
            nan, nan, nan, n=units, runs=runs, seeds=units, method="none",
            log=self.numeric[self.of] == "log",
        )  # fmt: skip


def _enough(units: int) -> str:
    if units < MOST_SEEDS:
        return ""
    return f"How many more than the {units} trials it would take is not planned."


def beside(
    scores: Scores, rows: np.ndarray, numeric: Mapping[str, Scale], of: str
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return the columns of a model for the settings of some runs but one, and who varies of them.

    Numbers have a square besides, so that what another setting does in the middle of its values is
    no noise, where half of the runs are left to tell the noise. A setting that some trials do not
    have (the momentum of another optimizer) has a column that says so, and no effect in these.

    Returns
    -------
    columns : ndarray, shape (rows, columns)
    varied : tuple of str
    """
    numbers = {name: scale for name, scale in numeric.items() if name != of}
    levels = {name: of_levels(scores, rows, name) for name in scores.factors}
    for squares in (True, False):
        found = {name: of_number(scores, rows, name, s, squares) for name, s in numbers.items()}
        found |= levels
        varied = {name: columns for name, columns in found.items() if columns.size}
        columns = np.column_stack([np.empty((rows.size, 0)), *varied.values()])
        if columns.shape[1] + OWN <= rows.size / 2:
            break
    return columns, tuple(varied)


def of_number(
    scores: Scores, rows: np.ndarray, name: str, scale: Scale, squares: bool
) -> np.ndarray:
    """Return a numeric setting's columns, shape (rows, columns): none where it does not vary."""
    x = along(scores.values(name)[rows], scale)
    there = ~np.isnan(x)
    columns = [there.astype(float)] if 0 < there.sum() < there.size else []
    if np.unique(x[there]).size > 1:
        z = np.where(there, (x - x[there].mean()) / x[there].std(), 0.0)
        columns += [z, z**2] if squares else [z]
    return np.column_stack([np.empty((rows.size, 0)), *columns])


def of_levels(scores: Scores, rows: np.ndarray, name: str) -> np.ndarray:
    """Return a column for each level of a factor but the first, shape (rows, columns).

    No level at all, of a factor without effect, is one of its own.
    """
    code = codes(scores.table.iloc[rows], [name])
    return np.asarray(code[:, None] == np.arange(1, code.max(initial=0) + 1), dtype=float)
