"""The tests of claims, each of which can be run again without some of the runs.

In: the runs that a claim is about, gathered. Out: its `Outcome`, from all of them or from those
that are kept. Promised: what compares nothing, or has fewer than two distinct replicates on a side,
or no noise, has no test: it says why, and gives neither p nor interval.
"""

from dataclasses import asdict, dataclass, replace
from typing import Protocol

import numpy as np

from uphold.claims.untested import Untested, no_noise, no_runs, one_level, one_seed, too_few
from uphold.claims.verdicts import ALPHA, Outcome
from uphold.statistics import Anova, Estimate, Scores
from uphold.statistics.contrasts import hedges_g
from uphold.statistics.equivalence import Levels
from uphold.statistics.matching import Matching
from uphold.statistics.oneway import OneWay
from uphold.statistics.permutation import DRAWS
from uphold.statistics.scores import distinct
from uphold.statistics.simultaneous import Cells


class Test(Protocol):
    """A claim's test, ready to be run again.

    Attributes
    ----------
    rows : ndarray of int
        Positions in the scores of the runs that it uses, each once.
    """

    rows: np.ndarray

    def outcome(self, keep: np.ndarray | None = None, draws: int = DRAWS) -> Outcome:
        """Return the outcome from all runs, or from those where ``keep``, shape (runs,), is."""


def _judged_by(outcome: Outcome, untested: Untested | None) -> Outcome:
    """Return an outcome as it stands, or without what no test gave."""
    if untested is None:
        return outcome
    none = dict.fromkeys(("ci_low", "ci_high", "p", "hedges_g"), np.nan)
    why = {"reason": untested.why, "takes": untested.takes, "seeds_help": untested.seeds_help}
    return replace(outcome, **none, **why, within=False)


@dataclass(frozen=True)
class Linear:
    """A contrast, an interaction or a gain: a weighted sum of matched arms, less an offset.

    ``arms`` names each arm, such as ``"with mixup = true"``; ``barred`` says what is wrong with
    them whichever runs are kept.
    """

    scores: Scores
    matching: Matching
    weights: tuple[float, ...]
    margin: float
    rows: np.ndarray
    arms: tuple[str, ...]
    barred: Untested | None
    offset: float = 0.0
    limit: float = np.nan
    for_difference: bool = True

    def outcome(self, keep: np.ndarray | None = None, draws: int = DRAWS) -> Outcome:
        estimate = self.matching.estimate(self.weights, keep, self.offset)
        method = estimate.method if len(self.weights) > 1 else "t"
        found = Outcome(
            **{**asdict(estimate), "method": method},
            within=estimate.inside(self.margin),
            limit=self.limit,
        )
        if not self.for_difference:
            found = replace(found, p=np.nan)
        if keep is None:
            found = self._described(found)
        return _judged_by(found, self.barred or self._untested(estimate, keep))

    def _untested(self, estimate: Estimate, keep: np.ndarray | None) -> Untested | None:
        seed, paired = self.scores.replicate, estimate.method == "paired t"
        if estimate.seeds < 2:
            return self._without_seeds(paired, keep)
        if estimate.se > 0:
            return None
        matched = paired and len(self.weights) > 1
        one = "every match shows one and the same difference" if matched else "no score varies"
        return no_noise(one, seed)

    def _without_seeds(self, paired: bool, keep: np.ndarray | None) -> Untested:
        """Say which side has no run, or which runs share one seed."""
        m, seed = self.matching, self.scores.replicate
        kept = np.ones(m.row.size, dtype=bool) if keep is None else keep[m.row]
        arm = m.arm[m.cell]
        by_arm = [distinct(m.seed[kept & (arm == a)]) for a in range(m.arms)]
        poorest = f"runs {self.arms[by_arm.index(min(by_arm))]}"
        every = distinct(m.seed[kept])
        if min(by_arm) == 0:
            return no_runs(poorest if every else "runs that it is about", seed)
        return one_seed("runs" if every == 1 else "matched runs" if paired else poorest, seed)

    def _described(self, outcome: Outcome) -> Outcome:
        if len(self.weights) != 2:
            return outcome
        paired = outcome.method == "paired t"
        sides = list(self.matching.matched()[0].T) if paired else self.matching.samples()
        unmatched = self.matching.unmatched() if paired else np.array([], dtype=int)
        sign = np.sign(self.weights[1])
        return replace(
            outcome,
            hedges_g=float(sign * hedges_g(*sides)),
            unmatched=tuple(self.scores.run_names(unmatched)),
        )


@dataclass(frozen=True)
class Variance:
    """An ANOVA, with the equivalence of every pair of its levels."""

    seed: np.ndarray
    design: OneWay
    levels: Levels
    margin: float
    rows: np.ndarray
    replicate: str
    barred: Untested | None

    def outcome(self, keep: np.ndarray | None = None, draws: int = DRAWS) -> Outcome:
        # Of a leave-out only the verdict is asked for, and p from .05 on all give the same one.
        anova = self.design.test(keep, draws, np.inf if keep is None else ALPHA)
        if keep is None:
            anova = replace(anova, kruskal_p=self.design.kruskal_p())
        kept = self.rows if keep is None else self.rows[keep[self.rows]]
        seeds = distinct(self.seed[kept])
        found = Outcome(
            value=anova.omega_sq_partial,
            ci_low=np.nan,
            ci_high=np.nan,
            p=anova.verdict_p,
            within=self.levels.all_inside(self.margin, keep),
            n=anova.n,
            runs=anova.n,
            seeds=seeds,
            levels=anova.levels,
            method=f"ANOVA by {anova.verdict_test}",
            se=np.sqrt(anova.mean_square_error),
            df=anova.df_resid,
            anova=anova,
        )
        # Levels that agree everywhere are inside any margin.
        agree = found.within and self.levels.agree(keep)
        return _judged_by(found, self.barred or self._untested(anova, seeds, agree))

    def _untested(self, anova: Anova, seeds: int, agree: bool) -> Untested | None:
        if seeds == 0:
            return no_runs("runs that it is about", self.replicate)
        if anova.levels < 2:
            return one_level("the runs that it is about have one level only", self.replicate)
        if seeds < 2:
            return one_seed("runs", self.replicate)
        if anova.df_resid < 1:
            return too_few(self.replicate)
        if agree:
            return no_noise("all levels agree in every match", self.replicate)
        if np.isnan(anova.F):
            same = f"nothing but level and {self.replicate} tells the scores apart"
            return no_noise(same, self.replicate)
        return None


@dataclass(frozen=True)
class Limits:
    """A bound on the mean of every configuration, of which there may be one.

    ``extent`` is the lowest and the highest value that the metric can have.
    """

    cells: Cells
    limit: float
    at_most: bool
    extent: tuple[float, float]
    rows: np.ndarray
    replicate: str
    barred: Untested | None

    def outcome(self, keep: np.ndarray | None = None, draws: int = DRAWS) -> Outcome:
        means = self.cells.means(keep, extent=self.extent)
        seeds = self.cells.seeds(keep)
        sign = 1.0 if self.at_most else -1.0
        past = sign * (means.mean - self.limit)
        far = sign * ((means.high if self.at_most else means.low) - self.limit)
        near = sign * ((means.low if self.at_most else means.high) - self.limit)
        worst = int(np.argmax(past)) if past.size else None

        def of_worst(values: np.ndarray) -> float:
            return float(values[worst]) if worst is not None else np.nan

        found = Outcome(
            value=of_worst(means.mean),
            ci_low=of_worst(means.low),
            ci_high=of_worst(means.high),
            p=np.nan,
            n=int(means.n.sum()),
            runs=int(means.runs.sum()),
            seeds=seeds,
            method="simultaneous t",
            limit=self.limit,
            at_most=self.at_most,
            levels=means.mean.size,
            breaking=int((past > 0).sum()),
            beyond=int((near > 0).sum()),
            reaching=int((far > 0).sum()),
            unknown=int(np.isnan(far).sum()),
            se=of_worst(means.sem),
            df=of_worst(means.n - 1.0),
        )
        return _judged_by(found, self.barred or self._untested(seeds))

    def _untested(self, seeds: int) -> Untested | None:
        if seeds == 0:
            return no_runs("runs that it is about", self.replicate)
        return one_seed("runs", self.replicate) if seeds == 1 else None
