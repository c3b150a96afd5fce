"""Claims that can fail: the verdicts that a claim reaches when its scores are other.

In: logs and claims. Out: for each claim the verdicts that it gets as its scores are made to show
what it is about: strongly, strongly the other way, not at all, and amid noise. Promised: the design
(which runs there are) stays as it is, so that a claim with one verdict throughout cannot be decided
by its sweep, whatever the runs say. That arms were trained on the same sets is something the runs
say, and so it is forgotten.
"""

from collections.abc import Mapping
from dataclasses import replace

from uphold.claims.claim import Claim
from uphold.claims.judge import judge
from uphold.claims.judgement import Judgement
from uphold.claims.log import Log
from uphold.randomness import generator

EFFECTS = (-10.0, 0.0, 10.0)
"""In margins; the noise beside them is a hundredth of a margin, or ten."""
NOISES = (0.01, 10.0)


def reachable(logs: Mapping[str, Log], claims: Mapping[str, Claim]) -> dict[str, set[str]]:
    """Return the verdicts of each claim under perturbed scores, the claim judged by itself."""
    found: dict[str, set[str]] = {}
    for name, claim in claims.items():
        log_name = claim.sweep or next(iter(logs))
        found[name] = {
            _judged(perturbed(logs[log_name], claim, effect, noise), name, claim).verdict
            for effect in EFFECTS
            for noise in NOISES
        }
    return found


def perturbed(log: Log, claim: Claim, effect: float, noise: float) -> Log:
    """Return the log with the claim's metric made up.

    Parameters
    ----------
    log : Log
    claim : Claim
    effect : float
        What the claim is about, in margins: the change of a contrast or an interaction, the step
        from level to level of an ANOVA, how far a gain exceeds what is claimed, and how far means
        lie within a bound.
    noise : float
        The SD between runs, in margins.
    """
    scores, margin = log.scores, log.metrics[claim.metric].margin
    size = len(scores.table)
    made = generator(0, "perturbation").normal(0, noise * margin, size)
    made += effect * margin * claim.shape(log) + claim.origin(log)
    table = scores.table.assign(**{claim.metric: made})
    return replace(log, scores=replace(scores, table=table), training=())


def _judged(log: Log, name: str, claim: Claim) -> Judgement:
    alone = claim.model_copy(update={"sweep": None})
    return judge({"perturbed": log}, {name: alone})[name]
