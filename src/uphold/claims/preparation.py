"""A claim and a log → the claim's test.

In: a claim and the log that it is about. Out: a `Test`, which gives the claim's `Outcome`.
Promised: levels that no run has, factors of one level and arms that were trained alike are found
here, before any score is looked at.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from uphold.audits.scale import PROPORTIONS, scale
from uphold.claims.claim import CONFIGURATION, Claim
from uphold.claims.log import Log
from uphold.claims.outcomes import Limits, Linear, Test, Variance
from uphold.claims.sameness import all_alike, cancels, trained_alike
from uphold.claims.untested import Untested, same_arms, without_arms
from uphold.claims.wording import condition_text
from uphold.statistics import Step
from uphold.statistics.contrasts import DIFFERENCE, match_levels
from uphold.statistics.equivalence import prepare_levels
from uphold.statistics.interactions import DIFFERENCE_OF_DIFFERENCES, match_steps
from uphold.statistics.matching import Matching, match
from uphold.statistics.oneway import prepare_oneway
from uphold.statistics.scores import codes, distinct
from uphold.statistics.simultaneous import ANYWHERE, prepare_cells


def prepare(claim: Claim, log: Log, alike: np.ndarray | None = None) -> Test:
    """Return the test of a claim about a log; ``alike`` is its `trained_alike`, where known."""
    return _PREPARE[claim.form](claim, log, trained_alike(log) if alike is None else alike)


def _barred(claim: Claim, log: Log, alike: np.ndarray, same: bool) -> Untested | None:
    """Return what is wrong with what a claim compares; ``same``: it is an arm and itself."""
    found = without_arms(claim, log.scores)
    if found is None and same:
        # Runs that are like themselves alone are on both sides.
        found = same_arms(distinct(alike) < alike.size, log.scores.replicate)
    return found


def _contrast(claim: Claim, log: Log, alike: np.ndarray) -> Linear:
    step = claim.contrast
    m = match_levels(log.scores, claim.metric, step.factor, step.from_, step.to, claim.where)
    arms = [{step.factor: level} for level in (step.from_, step.to)]
    return _linear(claim, log, alike, m, DIFFERENCE, arms)


def _interaction(claim: Claim, log: Log, alike: np.ndarray) -> Linear:
    of, by = (
        Step(s.factor, s.from_, s.to) for s in (claim.interaction.of, claim.interaction.with_)
    )
    m = match_steps(log.scores, claim.metric, of, by, claim.where)
    arms = [
        {of.factor: a, by.factor: b}
        for a in (of.from_level, of.to_level)
        for b in (by.from_level, by.to_level)
    ]
    return _linear(claim, log, alike, m, DIFFERENCE_OF_DIFFERENCES, arms)


def _gain(claim: Claim, log: Log, alike: np.ndarray) -> Linear:
    """Arms: the baseline and the runs of `where`, matched on every factor that neither pins."""
    scores, over = log.scores, claim.gain.over
    sign = 1.0 if log.metrics[claim.metric].better == "higher" else -1.0
    chosen = scores.selects(claim.where)
    more = {"limit": claim.gain.at_least, "for_difference": False}
    if not isinstance(over, Mapping):
        # One value a replicate: what its configurations share is no further evidence.
        m = match(scores, claim.metric, [chosen], [scores.replicate])
        return _linear(claim, log, alike, m, (sign,), [claim.where], offset=sign * over, **more)
    baseline = scores.selects(over)
    pinned = {*over, *claim.where}
    keys = [name for name in scores.factors if name not in pinned]
    m = match(scores, claim.metric, [baseline, chosen & ~baseline], [*keys, scores.replicate])
    return _linear(claim, log, alike, m, (-sign, sign), [over, claim.where], **more)


def _linear(
    claim: Claim,
    log: Log,
    alike: np.ndarray,
    m: Matching,
    weights: tuple[float, ...],
    arms: list[Mapping[str, Any]],
    **more: Any,
) -> Linear:
    return Linear(
        scores=log.scores,
        matching=m,
        weights=weights,
        margin=log.metrics[claim.metric].margin,
        rows=np.unique(m.row),
        arms=tuple(f"with {condition_text(arm)}" if arm else "that it is about" for arm in arms),
        barred=_barred(claim, log, alike, cancels(m, weights, alike)),
        **more,
    )


def _anova(claim: Claim, log: Log, alike: np.ndarray) -> Variance:
    over = claim.anova.over
    over = CONFIGURATION if over == (CONFIGURATION,) else over[0] if len(over) == 1 else over
    design = prepare_oneway(log.scores, claim.metric, over, claim.where)
    levels = prepare_levels(log.scores, claim.metric, over, claim.where)
    return Variance(
        seed=codes(log.scores.table, [log.scores.replicate]),
        design=design,
        levels=levels,
        margin=log.metrics[claim.metric].margin,
        rows=design.row,
        replicate=log.scores.replicate,
        barred=_barred(claim, log, alike, all_alike(levels, alike)),
    )


def _bound(claim: Claim, log: Log, alike: np.ndarray) -> Limits:
    chosen = log.scores.selects(claim.where)
    cells = prepare_cells(log.scores, claim.metric, chosen)
    at_most = claim.bound.at_most is not None
    return Limits(
        cells=cells,
        limit=claim.bound.at_most if at_most else claim.bound.at_least,
        at_most=at_most,
        extent=_extent(log, claim.metric),
        rows=cells.row,
        replicate=log.scores.replicate,
        barred=without_arms(claim, log.scores),
    )


def _extent(log: Log, name: str) -> tuple[float, float]:
    """Return the values between which a metric lies: of proportions 0 and 1, or 0 and 100."""
    kind, values = log.metrics[name].kind, log.scores.values(name)
    highest = scale(values, kind)
    # Scores beyond what their kind allows are an error, and no reason to cut what is seen.
    known = values[~np.isnan(values)]
    fits = kind in PROPORTIONS and bool(((known >= 0) & (known <= highest)).all())
    return (0.0, highest) if fits else ANYWHERE


_PREPARE = {
    "contrast": _contrast,
    "interaction": _interaction,
    "anova": _anova,
    "bound": _bound,
    "gain": _gain,
}
