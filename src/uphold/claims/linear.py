"""A weighted sum of matched arms: what a contrast, an interaction and a gain measure.

In: a claim, its log, and the runs of its arms, matched. Out: a test that can be run again without
some of the runs. Promised: an arm that is compared with itself, side by side or by the weights, is
told before any score is looked at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from uphold.claims.claim import Claim
from uphold.claims.log import Log
from uphold.claims.not_run import barred
from uphold.claims.outcomes import Outcome, judged_by
from uphold.claims.training_identity import cancels
from uphold.claims.untestable import Untestable, no_noise, no_runs, one_seed
from uphold.claims.wording import condition_text
from uphold.statistics import Estimate, Scores
from uphold.statistics.contrasts import hedges_g
from uphold.statistics.matching import Matching
from uphold.statistics.permutation import DRAWS
from uphold.statistics.scores import distinct


def prepare_linear(
    claim: Claim,
    log: Log,
    alike: np.ndarray,
    matching: Matching,
    weights: tuple[float, ...],
    arms: Sequence[Mapping[str, Any]],
    offset: float = 0.0,
    limit: float = np.nan,
) -> "Linear":
    """Return the test of a claim about the sum of some arms, each named by its levels."""
    same = cancels(matching, weights, alike)
    return Linear(
        scores=log.scores,
        matching=matching,
        weights=weights,
        margin=log.metrics[claim.metric].margin,
        rows=np.unique(matching.row),
        arms=tuple(f"with {condition_text(arm)}" if arm else "that it is about" for arm in arms),
        barred=barred(claim, log.scores, alike, same),
        offset=offset,
        limit=limit,
        for_difference=claim.for_difference,
    )


@dataclass(frozen=True)
class Linear:
    """The test: a weighted sum of matched arms, less an offset.

    ``arms`` names each arm, such as ``"with mixup = true"``; ``barred`` says what is wrong with
    them whichever runs are kept.
    """

    scores: Scores
    matching: Matching
    weights: tuple[float, ...]
    margin: float
    rows: np.ndarray
    arms: tuple[str, ...]
    barred: Untestable | None
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
        return judged_by(found, self.barred or self._untestable(estimate, keep))

    def _untestable(self, estimate: Estimate, keep: np.ndarray | None) -> Untestable | None:
        seed, paired = self.scores.replicate, estimate.method == "paired t"
        if estimate.seeds < 2:
            return self._without_seeds(paired, keep)
        if estimate.se > 0:
            return None
        matched = paired and len(self.weights) > 1
        one = "every match shows one and the same difference" if matched else "no score varies"
        return no_noise(one, seed)

    def _without_seeds(self, paired: bool, keep: np.ndarray | None) -> Untestable:
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
