"""The test of a claim about spread: two arms, matched, and the ratio of their SDs over units.

In: a claim, its log, and the runs of its two arms, matched. Out: a test that can be run again
without some of the runs. Promised: the value is the ratio, 1 where nothing differs, and its
standard error is that of the ratio's logarithm; where no rearrangement of the units is rare enough
to decide anything, there is no test.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from math import comb, log
from typing import Any

import numpy as np

from uphold import format
from uphold.claims.claim import Claim
from uphold.claims.log import Log
from uphold.claims.not_run import barred
from uphold.claims.outcomes import Outcome, judged_by
from uphold.claims.training_identity import cancels
from uphold.claims.untestable import (
    Untestable,
    confounded,
    confounded_together,
    never_together,
    no_noise,
    no_runs,
    one_seed,
    too_few_to_exchange,
)
from uphold.claims.wording import condition_text
from uphold.claims.would_take import seeds_text
from uphold.error_rates import ALPHA, MOST_SEEDS, POWER
from uphold.statistics.contrasts import DIFFERENCE
from uphold.statistics.matching import Matching
from uphold.statistics.permutation import DRAWS
from uphold.statistics.power import SeedsNeeded, seeds_needed
from uphold.statistics.scores import Scores, distinct
from uphold.statistics.spread_ratio import SpreadRatio, spread_ratio

NORMAL = 1e6
"""Degrees of freedom of a variance that is known."""
FEWER = 1_000
"""Rearrangements where something is left out: only the verdict is asked for."""


@dataclass(frozen=True, kw_only=True)
class SpreadOutcome(Outcome):
    """What a claim about spread gave.

    Attributes
    ----------
    spread : SpreadRatio, optional
    unit : str
        What the units are called.
    """

    spread: SpreadRatio | None = None
    unit: str = ""


def prepare_spread(
    claim: Claim,
    log: Log,
    alike: np.ndarray,
    matching: Matching,
    arms: Sequence[Mapping[str, Any]],
    by: float,
    back: bool,
) -> "Spread":
    """Return the test of a claim about the spread of two arms, ``back`` of the first by the second.

    One test has one p whichever way it is written, since both ways have the same rearrangements.
    """
    return Spread(
        scores=log.scores,
        matching=matching,
        arms=tuple(map(condition_text, arms)),
        by=by,
        back=back,
        aim=claim.expected.aim,
        to_show=claim.expected.to_show,
        rows=np.unique(matching.row),
        barred=barred(claim, log.scores, alike, cancels(matching, DIFFERENCE, alike)),
    )


@dataclass(frozen=True)
class Spread:
    """The test: the ratio of two SDs; see `uphold.statistics.spread_ratio`."""

    scores: Scores
    matching: Matching
    arms: tuple[str, ...]
    by: float
    back: bool
    aim: str
    to_show: str
    rows: np.ndarray
    barred: Untestable | None
    weights: tuple[float, ...] = DIFFERENCE

    def outcome(self, keep: np.ndarray | None = None, draws: int = DRAWS) -> Outcome:
        m = self.matching
        means = m.means(keep)
        kept = np.ones(m.row.size, dtype=bool) if keep is None else keep[m.row]
        found = None
        if m.side is None and not m.confounded:
            most = DRAWS if keep is None else FEWER
            found = spread_ratio(means.arm, means.context, means.unit, means.value, most)
            found = found.turned() if found and self.back else found
        if found is None:
            unit = m.unit[m.cell]
            arm = m.arm[m.cell]
            by_arm = [distinct(unit[kept & (arm == a)]) for a in range(m.arms)]
            nothing = self._nothing(distinct(m.row[kept]), min(by_arm))
            return judged_by(nothing, self.barred or self._without(by_arm))
        se, df = found.log_error()
        known = bool(np.isfinite(se) and se > 0)
        used = kept & np.append(found.used, False)[means.of_cell[m.cell]]
        low, high = found.interval()
        outcome = SpreadOutcome(
            value=found.value,
            ci_low=low,
            ci_high=high,
            p=found.p(),
            se=se if known else np.nan,
            df=df if known else np.nan,
            n=found.units,
            runs=distinct(m.row[used]),
            seeds=found.units,
            method="exchanged within units" if found.shared else "exchanged between units",
            limit=self.by,
            nested=m.nested,
            ratio=True,
            spread=found,
            unit=format.name(self.scores.replicate),
        )
        if keep is None:
            unused = np.setdiff1d(m.row, m.row[used])
            outcome = replace(outcome, unmatched=tuple(self.scores.run_names(unused)))
        return judged_by(outcome, self.barred or self._untestable(found, means.context))

    def _nothing(self, runs: int, seeds: int) -> Outcome:
        return SpreadOutcome(
            value=np.nan,
            ci_low=np.nan,
            ci_high=np.nan,
            p=np.nan,
            se=np.nan,
            df=np.nan,
            n=0,
            runs=runs,
            seeds=seeds,
            method="none",
            ratio=True,
        )

    def _without(self, by_arm: list[int]) -> Untestable:
        replicate = self.scores.replicate
        if self.matching.confounded:
            return confounded(self.matching.confounded, replicate)
        if self.matching.together:
            return confounded_together(self.matching.together, replicate)
        if min(by_arm) == 0:
            some = "runs on one side" if max(by_arm) else "runs that it is about"
            return no_runs(some, replicate)
        if min(by_arm) == 1:
            return one_seed("runs on one side", replicate)
        return never_together(replicate)

    def _untestable(self, found: SpreadRatio, context: np.ndarray) -> Untestable | None:
        replicate = format.name(self.scores.replicate)
        if not found.value > 0:
            return no_noise("the scores of one side are all the same", replicate)
        sides = 2 if self.aim == "difference" else 1
        if sides / found.rearrangements < ALPHA:
            return None
        contexts = distinct(context[found.used])
        least = fewest(sides, ALPHA, 0 if found.shared else contexts)
        needed = planned(found.units, contexts, log(self.by), self.aim)
        more = (
            f", and {_to_see(needed, least, replicate)} to {self.to_show}{format.exact(self.by)}"
            f" with {format.percent(POWER)} power"
        )
        return too_few_to_exchange(found.units, least, replicate, more)


def fewest(sides: int, alpha: float, contexts: int) -> int:
    """Return the fewest units of either arm of which a rearrangement may be rare enough.

    ``contexts`` is in how many contexts units are exchanged between the arms, each with units of
    its own; 0 where they are exchanged within units.
    """
    return next(
        n for n in count(2) if sides < alpha * (comb(2 * n, n) ** contexts if contexts else 2**n)
    )


def planned(units: int, contexts: int, effect: float, aim: str) -> SeedsNeeded:
    """Return the units that it takes, where there are too few to know how surely they tell.

    As normal scores would have it: the variance of the ratio's logarithm is then 1 / units, or so
    many times less as there are contexts. The range is from contexts that are independent to
    contexts that are one.
    """
    ends = [
        seeds_needed((units * many) ** -0.5, NORMAL, units, effect, aim) for many in (contexts, 1)
    ]
    low, high = (end.high if end else None for end in ends)
    return SeedsNeeded(low, high)


def _to_see(needed: SeedsNeeded, least: int, replicate: str) -> str:
    """Return such as ``"12 to 40 seeds"``."""
    if needed.low is None:
        return f"more than {MOST_SEEDS} {replicate}s"
    low, high = (n and max(n, least) for n in needed)
    return seeds_text(SeedsNeeded(low, high), replicate)
