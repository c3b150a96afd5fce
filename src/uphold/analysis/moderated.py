"""The effects of a page, with the errors that the claims about them have.

In: what a log's runs say, each effect estimated alone, and its pools. Out: the same with moderated
errors. Promised: one question has one p on a page, in a claim's sentence and in every table.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import TypeVar

import numpy as np

from uphold.analysis.model.estimates import Additivity, Breakdown, Contrast, Estimate, Part
from uphold.analysis.model.runs import Runs, SweepFound
from uphold.claims.metric import Metric
from uphold.claims.moderation import Pools, never_alone, only_borrowed
from uphold.statistics.breakdown import OVERALL
from uphold.statistics.estimate import Estimate as Estimated

Found = TypeVar("Found", Runs, SweepFound)
One = TypeVar("One", bound=Estimate)
Change = Callable[[str, Estimate], Estimate]


def effects(
    log: str, found: Runs | SweepFound, primary: str
) -> Iterator[tuple[Hashable, Estimate]]:
    """Yield each effect that is shown of a log, with its pool."""
    for metric, moves in found.effects.items():
        yield from (((log, metric), effect) for effect in moves)
    if isinstance(found, SweepFound):
        yield from (((log, primary), step) for step in found.interactions)
        gains = {**found.together, **({primary: found.additivity} if found.additivity else {})}
        for metric, gain in gains.items():
            parts = (*gain.alone.values(), *gain.in_company.values())
            yield from (((log, metric), e) for e in (*parts, gain.joint, gain.total, gain.excess))


def with_moderated(
    log: str, found: Found, primary: str, metrics: Mapping[str, Metric], pools: Pools
) -> Found:
    """Return what was found with moderated errors."""

    def change(metric: str, effect: One) -> One:
        error = pools.error((log, metric), effect)
        if error is None or effect.value is None:
            return effect
        again = Estimated.from_t(
            effect.value, *error, n=effect.n, runs=effect.runs, seeds=effect.seeds, method=""
        )
        own = np.nan if effect.p is None else effect.p
        if only_borrowed(again.p, own):
            return effect
        update = {name: getattr(again, name) for name in ("ci_low", "ci_high", "se", "df")}
        return effect.model_copy(update=update | {"p": never_alone(again.p, own)})

    update: dict[str, object] = {
        "effects": {
            metric: tuple(change(metric, effect) for effect in moves)
            for metric, moves in found.effects.items()
        }
    }
    if isinstance(found, SweepFound):
        update |= {
            "interactions": tuple(change(primary, step) for step in found.interactions),
            "additivity": found.additivity and _gains(primary, found.additivity, change),
            "together": {m: _gains(m, gain, change) for m, gain in found.together.items()},
            "breakdowns": {
                metric: tuple(
                    _divided(b, {**metrics[metric].bands, OVERALL: metric}, change) for b in steps
                )
                for metric, steps in found.breakdowns.items()
            },
        }
    return found.model_copy(update=update)


def _gains(metric: str, gain: Additivity, change: Change) -> Additivity:
    single = {
        name: {factor: change(metric, e) for factor, e in getattr(gain, name).items()}
        for name in ("alone", "in_company")
    }
    whole = {name: change(metric, getattr(gain, name)) for name in ("joint", "total", "excess")}
    return gain.model_copy(update={**single, **whole})


def _divided(step: Breakdown, metric_of: Mapping[str, str], change: Change) -> Breakdown:
    parts = {
        name: _part(part, metric_of[name], change) if name in metric_of else part
        for name, part in step.parts.items()
    }
    return step.model_copy(update={"parts": parts})


def _part(part: Part, metric: str, change: Change) -> Part:
    """Return a band's part: what it contributes is its difference times its share."""
    difference = change(metric, part.difference)
    assert isinstance(difference, Contrast) and part.share is not None
    share = part.share

    def scaled(value: float | None) -> float | None:
        return None if value is None else value * share

    names = ("ci_low", "ci_high", "se")
    contribution = part.contribution.model_copy(
        update={name: scaled(getattr(difference, name)) for name in names}
        | {"p": difference.p, "df": difference.df}
    )
    return part.model_copy(update={"difference": difference, "contribution": contribution})
