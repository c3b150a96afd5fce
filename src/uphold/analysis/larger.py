"""The analysis of a write-up at a larger scale → what of it is kept, for git.

In: the analysis, which runs it is of, and what was set otherwise. Out: a `Larger`, with
numbers as findings have them.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from uphold.analysis.agreement import design_of, digest
from uphold.analysis.findings import plain_number, step
from uphold.analysis.model.larger import Larger, LargerClaim, LargerEffect, LargerSweep, Step
from uphold.analysis.model.runs import SweepFound
from uphold.analysis.model.writeup import Claim, Writeup


def kept(
    found: Writeup,
    keys: Mapping[str, Iterable[str]],
    settings: Mapping[str, tuple[Any, Any]],
    *,
    commit: str,
    data: str,
) -> Larger:
    """Return what is kept of a write-up that was analyzed at the larger scale.

    Parameters
    ----------
    found : Writeup
    keys : mapping of str to iterable of str
        By sweep: the keys of its runs.
    settings : mapping of str to (value, value)
        What the scales set otherwise: there, and at the larger one.
    commit, data : str
        As `Larger` has them.
    """
    return Larger(
        scale=found.scale,
        primary=found.primary,
        commit=commit,
        data=data,
        sizes={name: size.here for name, size in found.sizes.items()},
        settings={name: Step(from_=here, to=there) for name, (here, there) in settings.items()},
        sweeps={
            name: _sweep(sweep, found.primary, keys[name]) for name, sweep in found.sweeps.items()
        },
        claims={name: _claim(claim) for name, claim in found.claims.items()},
    )


def _sweep(found: SweepFound, primary: str, keys: Iterable[str]) -> LargerSweep:
    return LargerSweep(
        design=design_of(found.design),
        keys=digest(sorted(keys)),
        runs=found.runs,
        failed=len(found.failed),
        seeds=max((int(c.metrics[primary].n) for c in found.configurations), default=0),
        effects={
            step(effect): LargerEffect(
                factor=effect.factor,
                from_=effect.from_,
                to=effect.to,
                estimate=plain_number(effect.value),
                ci_low=plain_number(effect.ci_low),
                ci_high=plain_number(effect.ci_high),
                p=plain_number(effect.p),
                n=effect.n,
            )
            for effect in found.effects.get(primary, ())
        },
    )


def _claim(claim: Claim) -> LargerClaim:
    outcome = claim.outcome
    return LargerClaim(
        test=claim.test,
        verdict=claim.verdict,
        direction=claim.direction,
        beyond=claim.beyond,
        estimate=plain_number(outcome.value),
        ci_low=plain_number(outcome.ci_low),
        ci_high=plain_number(outcome.ci_high),
        p_adjusted=plain_number(claim.p_adjusted),
        units=outcome.seeds,
    )
