"""A claim and a log → a test that can be run again without some of the runs.

In: a claim and the log that it is about. Out: a `Test`, which gives the claim's `Outcome`, from all
runs or from those that are kept. Promised: fewer than two distinct replicates give no test, since
nothing then says how much a retrained run would differ.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from studies.claims.claim import CONFIGURATION, Claim
from studies.claims.log import Log
from studies.claims.verdicts import Outcome
from studies.statistics import Anova, Estimate, Scores, Step
from studies.statistics.contrasts import DIFFERENCE, hedges_g, match_levels
from studies.statistics.equivalence import Levels, prepare_levels
from studies.statistics.interactions import DIFFERENCE_OF_DIFFERENCES, match_steps
from studies.statistics.matching import Matching, match
from studies.statistics.oneway import OneWay, prepare_oneway
from studies.statistics.permutation import DRAWS
from studies.statistics.scores import codes, distinct
from studies.statistics.simultaneous import Cells, prepare_cells

NO_RUNS = "no run that it is about has a score"
ONE_SEED = "all runs share one {replicate}, and the spread between seeds is unknown"
ONE_LEVEL = "the runs have one level only"
NO_NOISE = "the differences are the same in every match, which leaves no noise to judge by"
TOO_FEW = "too few runs to know their spread"


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


def prepare(claim: Claim, log: Log) -> Test:
    """Return the test of a claim about a log."""
    return _PREPARE[claim.form](claim, log)


@dataclass(frozen=True)
class Linear:
    """A contrast, an interaction or a gain: a weighted sum of matched arms, less an offset."""

    scores: Scores
    matching: Matching
    weights: tuple[float, ...]
    margin: float
    rows: np.ndarray
    offset: float = 0.0
    limit: float = np.nan
    for_difference: bool = True

    def outcome(self, keep: np.ndarray | None = None, draws: int = DRAWS) -> Outcome:
        estimate = self.matching.estimate(self.weights, keep, self.offset)
        found = Outcome(
            value=estimate.value,
            ci_low=estimate.ci_low,
            ci_high=estimate.ci_high,
            lower=estimate.lower(),
            upper=estimate.upper(),
            p=estimate.p if self.for_difference else np.nan,
            inside=estimate.inside(self.margin),
            limit=self.limit,
            n=estimate.n,
            runs=estimate.runs,
            seeds=estimate.seeds,
            method=estimate.method if len(self.weights) > 1 else "t",
            se=estimate.se,
            df=estimate.df,
            reason=self._reason(estimate),
        )
        return self._described(found) if keep is None else found

    def _reason(self, estimate: Estimate) -> str:
        if estimate.seeds == 0:
            return NO_RUNS
        if estimate.seeds < 2:
            return ONE_SEED.format(replicate=self.scores.replicate)
        if np.isnan(estimate.se):
            return NO_NOISE if estimate.method == "paired t" else TOO_FEW
        return ""

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

    def outcome(self, keep: np.ndarray | None = None, draws: int = DRAWS) -> Outcome:
        anova = self.design.test(keep, draws)
        inside = self.levels.all_inside(self.margin, keep)
        kept = self.rows if keep is None else self.rows[keep[self.rows]]
        seeds = distinct(self.seed[kept])
        return Outcome(
            value=anova.omega_sq_partial,
            ci_low=np.nan,
            ci_high=np.nan,
            p=anova.verdict_p,
            inside=inside,
            n=anova.n,
            runs=anova.n,
            seeds=seeds,
            levels=anova.levels,
            method="ANOVA" if np.isnan(anova.p_permutation) else "ANOVA by permutation",
            se=np.sqrt(anova.mean_square_error),
            df=anova.df_resid,
            anova=anova,
            reason=self._reason(anova, seeds, inside),
        )

    def _reason(self, anova: Anova, seeds: int, inside: bool) -> str:
        if seeds == 0:
            return NO_RUNS
        if anova.levels < 2:
            return ONE_LEVEL
        if seeds < 2:
            return ONE_SEED.format(replicate=self.replicate)
        if anova.df_resid < 1:
            return TOO_FEW
        return NO_NOISE if np.isnan(anova.F) and not inside else ""


@dataclass(frozen=True)
class Limits:
    """A bound on the mean of every configuration."""

    seed: np.ndarray
    cells: Cells
    limit: float
    at_most: bool
    rows: np.ndarray
    replicate: str

    def outcome(self, keep: np.ndarray | None = None, draws: int = DRAWS) -> Outcome:
        means = self.cells.means(keep)
        kept = self.rows if keep is None else self.rows[keep[self.rows]]
        seeds = distinct(self.seed[kept])
        sign = 1.0 if self.at_most else -1.0
        past = sign * (means.mean - self.limit)
        far = sign * ((means.high if self.at_most else means.low) - self.limit)
        near = sign * ((means.low if self.at_most else means.high) - self.limit)
        worst = int(np.argmax(past)) if past.size else None

        def of_worst(values: np.ndarray) -> float:
            return float(values[worst]) if worst is not None else np.nan

        reason = NO_RUNS if seeds == 0 else ""
        if seeds == 1:
            reason = ONE_SEED.format(replicate=self.replicate)
        return Outcome(
            value=of_worst(means.mean),
            ci_low=of_worst(means.low),
            ci_high=of_worst(means.high),
            n=int(means.n.sum()),
            runs=int(means.n.sum()),
            seeds=seeds,
            method="simultaneous t",
            limit=self.limit,
            at_most=self.at_most,
            levels=means.mean.size,
            breaking=int((past > 0).sum()),
            beyond=int((near > 0).sum()),
            # A configuration whose spread is unknown may reach anywhere.
            reaching=int((~(far <= 0)).sum()),
            se=of_worst(means.sem),
            df=of_worst(means.n - 1.0),
            reason=reason,
        )


def _seeds(scores: Scores) -> np.ndarray:
    return codes(scores.table, [scores.replicate])


def _contrast(claim: Claim, log: Log) -> Linear:
    step = claim.contrast
    m = match_levels(log.scores, claim.metric, step.factor, step.from_, step.to, claim.where)
    return _linear(claim, log, m, DIFFERENCE)


def _interaction(claim: Claim, log: Log) -> Linear:
    of, by = (
        Step(s.factor, s.from_, s.to) for s in (claim.interaction.of, claim.interaction.with_)
    )
    m = match_steps(log.scores, claim.metric, of, by, claim.where)
    return _linear(claim, log, m, DIFFERENCE_OF_DIFFERENCES)


def _linear(claim: Claim, log: Log, m: Matching, weights: tuple, **more: Any) -> Linear:
    margin = log.metrics[claim.metric].margin
    return Linear(log.scores, m, weights, margin, np.unique(m.row), **more)


def _gain(claim: Claim, log: Log) -> Linear:
    """Arms: the baseline and the runs of `where`, matched on every factor that neither pins."""
    scores, over = log.scores, claim.gain.over
    sign = 1.0 if log.metrics[claim.metric].better == "higher" else -1.0
    chosen = scores.selects(claim.where)
    more = {"limit": claim.gain.at_least, "for_difference": False}
    if not isinstance(over, Mapping):
        # One value a replicate: what its configurations share is no further evidence.
        m = match(scores, claim.metric, [chosen], [scores.replicate])
        return _linear(claim, log, m, (sign,), offset=sign * over, **more)
    baseline = scores.selects(over)
    pinned = {*over, *claim.where}
    keys = [name for name in scores.factors if name not in pinned]
    m = match(scores, claim.metric, [baseline, chosen & ~baseline], [*keys, scores.replicate])
    return _linear(claim, log, m, (-sign, sign), **more)


def _anova(claim: Claim, log: Log) -> Variance:
    over = claim.anova.over
    over = CONFIGURATION if over == (CONFIGURATION,) else over[0] if len(over) == 1 else over
    design = prepare_oneway(log.scores, claim.metric, over, claim.where)
    levels = prepare_levels(log.scores, claim.metric, over, claim.where)
    margin = log.metrics[claim.metric].margin
    seed = _seeds(log.scores)
    return Variance(seed, design, levels, margin, design.row, log.scores.replicate)


def _bound(claim: Claim, log: Log) -> Limits:
    chosen = log.scores.selects(claim.where)
    cells = prepare_cells(log.scores, claim.metric, chosen)
    at_most = claim.bound.at_most is not None
    limit = claim.bound.at_most if at_most else claim.bound.at_least
    replicate = log.scores.replicate
    return Limits(_seeds(log.scores), cells, limit, at_most, cells.row, replicate)


_PREPARE = {
    "contrast": _contrast,
    "interaction": _interaction,
    "anova": _anova,
    "bound": _bound,
    "gain": _gain,
}
