"""A weighted sum of matched arms: what a contrast, an interaction and a gain measure.

In: a claim, its log, and the runs of its arms, matched. Out: a test that can be run again without
some of the runs. Promised: an arm that is compared with itself, side by side or by the weights, is
told before any score is looked at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from uphold.claims.claim import Claim
from uphold.claims.log import Log
from uphold.claims.not_run import barred, without_score
from uphold.claims.outcomes import Outcome, judged_by
from uphold.claims.training_identity import cancels
from uphold.claims.untestable import (
    Untestable,
    confounded,
    confounded_together,
    no_noise,
    no_runs,
    one_seed,
    takes_scores,
    too_few,
)
from uphold.claims.wording import condition_text
from uphold.format import name
from uphold.statistics.contrasts import hedges_g
from uphold.statistics.estimate import Estimate
from uphold.statistics.heterogeneity import contexts
from uphold.statistics.items import ItemScores, over_items
from uphold.statistics.matching import WITHIN_UNITS, Matching
from uphold.statistics.permutation import DRAWS
from uphold.statistics.scores import Scores, distinct


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
        rows=np.unique(matching.row),
        arms=tuple(map(condition_text, arms)),
        barred=barred(claim, log.scores, alike, same),
        offset=offset,
        limit=limit,
        unscored=without_score(claim, log.scores, log.scores.factors, claim.rests_on(log.scores)),
        everywhere=claim.everywhere,
        items=log.items.scores.get(claim.metric) if log.items else None,
        of_parts=claim.about == "items-like-these",
    )


@dataclass(frozen=True)
class Linear:
    """The test: a weighted sum of matched arms, less an offset.

    ``arms`` names each arm, such as ``"mixup on"``, but one of every run; ``barred`` says what is
    wrong with them whichever runs are kept; ``unscored``, what of them has no score at all, and
    ``everywhere`` whether the claim is about that as well; ``of_parts``, whether what its items add
    is asked of parts of the runs as well.
    """

    scores: Scores
    matching: Matching
    weights: tuple[float, ...]
    rows: np.ndarray
    arms: tuple[str, ...]
    barred: Untestable | None
    offset: float = 0.0
    limit: float = np.nan
    unscored: tuple[str, ...] = ()
    everywhere: bool = False
    items: ItemScores | None = None
    of_parts: bool = False

    def outcome(self, keep: np.ndarray | None = None, draws: int = DRAWS) -> Outcome:
        means = self.matching.means(keep)
        estimate = self.matching.estimate(self.weights, keep, self.offset, means)
        found = Outcome(
            **vars(estimate),
            limit=self.limit,
            nested=self.matching.nested,
            adjusted=self.matching.adjusted,
            # That contexts differ decides nothing: it is told of all runs alone.
            contexts=contexts(self.matching, self.weights, means, tested=keep is None),
        )
        if self.items is not None and (keep is None or self.of_parts):
            found = replace(found, items=over_items(self.matching, self.weights, self.items, keep))
        if keep is None:
            found = self._described(found)
        nothing = self.barred or self._untestable(estimate, keep)
        if self.unscored and nothing is None:
            takes = takes_scores(self.scores.replicate) if self.everywhere else ""
            found = replace(found, unscored=self.unscored, takes=takes)
        return judged_by(found, nothing)

    def _untestable(self, estimate: Estimate, keep: np.ndarray | None) -> Untestable | None:
        if self.matching.confounded:
            return confounded(self.matching.confounded, self.scores.replicate)
        if self.matching.together:
            return confounded_together(self.matching.together, self.scores.replicate)
        seed, shared = self.scores.replicate, estimate.method in WITHIN_UNITS
        if estimate.seeds < 2:
            return self._without_seeds(shared, keep)
        if estimate.se > 0:
            return None
        if estimate.method == "none":
            return too_few(seed)
        matched = shared and len(self.weights) > 1
        one = (
            f"every {name(seed)} shows one and the same difference"
            if matched
            else "no score varies"
        )
        return no_noise(one, seed)

    def _without_seeds(self, shared: bool, keep: np.ndarray | None) -> Untestable:
        """Say which side has no run, or which runs share one seed."""
        m, seed = self.matching, self.scores.replicate
        kept = np.ones(m.row.size, dtype=bool) if keep is None else keep[m.row]
        arm = m.arm[m.cell]
        unit = m.unit[m.cell]
        by_arm = [distinct(unit[kept & (arm == a)]) for a in range(m.arms)]
        arm_name = self.arms[by_arm.index(min(by_arm))]
        poorest = f"runs with {arm_name}" if arm_name else "runs that it is about"
        every = distinct(unit[kept])
        if min(by_arm) == 0:
            return no_runs(poorest if every else "runs that it is about", seed)
        return one_seed("runs" if every == 1 else "matched runs" if shared else poorest, seed)

    def _described(self, outcome: Outcome) -> Outcome:
        if len(self.weights) != 2:
            return outcome
        sign = np.sign(self.weights[1])
        return replace(
            outcome,
            hedges_g=float(sign * hedges_g(*self.matching.sides(self.weights))),
            unmatched=tuple(self.scores.run_names(self.matching.unmatched(self.weights))),
        )
