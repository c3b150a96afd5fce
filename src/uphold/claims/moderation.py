"""The variances of all effects of one metric, moderated together.

In: effects as each was estimated alone, those that claims are about and those that stand beside
them on a page. Out: for each a standard error that has been drawn towards what the metric's effects
have in common, and more degrees of freedom: see `uphold.statistics.moderation`. Promised: nothing
is found by what others tell that the effect's own runs do not find by themselves; an effect that
occurs several times counts once, and has one error wherever it is shown, from which its interval
follows; what rests on no standard error of one contrast (bounds, analyses of variance) stays as it
is.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Protocol

import numpy as np

from uphold.claims.outcomes import Outcome
from uphold.error_rates import ALPHA
from uphold.statistics.estimate import Loading
from uphold.statistics.matching import WITHIN_UNITS
from uphold.statistics.moderation import moderated

FIGURES = 9
"""By which effects are told apart: what rounding makes of one in two places is one."""


class Effect(Protocol):
    """What an effect's error is known by; None and NaN where it has none."""

    @property
    def se(self) -> float | None: ...

    @property
    def df(self) -> float | None: ...

    @property
    def scale(self) -> float | None: ...

    @property
    def loading(self) -> Loading | None: ...

    @property
    def method(self) -> str: ...


class Pools:
    """Effects whose variances are moderated together, by pool: one metric of one log.

    Parameters
    ----------
    effects : iterable of (hashable, Effect)
        Each with its pool.
    before : Pools, optional
        Pools that hold the very same effects as in here take their errors from it.
    """

    def __init__(
        self, effects: Iterable[tuple[Hashable, Effect]], before: Pools | None = None
    ) -> None:
        self._effects: dict[Hashable, list[Effect]] = {}
        for pool, effect in effects:
            if _known(effect):
                self._effects.setdefault(_kind(pool, effect), []).append(effect)
        self._errors: dict[Hashable, dict[tuple[float, ...], tuple[float, float]]] = {
            pool: before._errors[pool]
            if before is not None and _same(found, before._effects.get(pool, []))
            else _errors(found)
            for pool, found in self._effects.items()
        }

    def error(self, pool: Hashable, effect: Effect) -> tuple[float, float] | None:
        """Return an effect's moderated standard error and df; None where it is in no pool."""
        known = _known(effect)
        return self._errors.get(_kind(pool, effect), {}).get(known) if known else None


def _same(effects: Sequence[Effect], others: Sequence[Effect]) -> bool:
    """Return whether both hold the same objects, in the same order."""
    return len(effects) == len(others) and all(map(operator.is_, effects, others))


def _errors(effects: Sequence[Effect]) -> dict[tuple[float, ...], tuple[float, float]]:
    """Return the moderated standard error and df of the effects of one pool, each effect once."""
    found = {known: effect.loading for effect in effects if (known := _known(effect))}
    se, df, scale = np.array(list(found)).T
    both = moderated(se**2 / scale, df, _correlation(list(found.values())))
    errors = zip(np.sqrt(both.s2 * scale).tolist(), both.df.tolist(), strict=True)
    return dict(zip(found, errors, strict=True))


def _kind(pool: Hashable, effect: Effect) -> Hashable:
    """Return a pool's part: what units do is noise of some effects and not of others."""
    return (pool, effect.method in WITHIN_UNITS)


def _correlation(loadings: Sequence[Loading | None]) -> np.ndarray | None:
    """Return what effects share of their noise where runs are equally noisy, shape (m, m).

    None where that is not known of all of them.
    """
    known = [one for one in loadings if one is not None and one.run.size]
    if len(known) < len(loadings):
        return None
    # Without sorting: effects of a large log are loaded on most of its runs.
    run = np.concatenate([one.run for one in known])
    run = run - run.min()
    there = np.zeros(int(run.max()) + 1, dtype=bool)
    there[run] = True
    runs, place = int(there.sum()), (np.cumsum(there) - 1)[run]
    effect = np.repeat(np.arange(len(known)), [one.run.size for one in known])
    weight = np.concatenate([one.weight for one in known])
    shape = len(known), runs
    table = np.bincount(effect * runs + place, weight, len(known) * runs).reshape(shape)
    shared = table @ table.T
    size = np.sqrt(shared.diagonal())
    return np.asarray(shared / np.outer(size, size))


def _known(effect: Effect) -> tuple[float, ...] | None:
    """Return what an effect is told from others by: rounded, whatever offset its value has."""
    return _rounded(effect.se, effect.df, effect.scale)


@lru_cache(maxsize=1 << 14)
def _rounded(*all_parts: float | None) -> tuple[float, ...] | None:
    parts = [part for part in all_parts if part is not None and part > 0]
    if len(parts) < len(all_parts):
        return None
    return tuple(round(part, FIGURES - math.floor(math.log10(part))) for part in parts)


def pooled(
    alone: Mapping[str, Outcome],
    pool: Mapping[str, Hashable],
    beside: Iterable[tuple[Hashable, Effect]],
    before: Pools | None = None,
) -> Pools:
    """Return the pools of claims' outcomes and of the effects beside them; see `moderate`."""
    tested = ((pool[name], o) for name, o in alone.items() if not o.reason)
    return Pools([*tested, *beside], before)


def moderate(
    alone: Mapping[str, Outcome],
    pool: Mapping[str, Hashable],
    beside: Iterable[tuple[Hashable, Effect]] = (),
    before: Pools | None = None,
) -> dict[str, Outcome]:
    """Return the outcomes of claims with moderated errors.

    Parameters
    ----------
    alone : mapping of str to Outcome
        By claim.
    pool : mapping of str to hashable
        The pool of each claim.
    beside : iterable of (hashable, Effect)
        Further effects of the same pools.
    before : Pools, optional
        See `Pools`.
    """
    pools = pooled(alone, pool, beside, before)
    found = dict(alone)
    for name, o in alone.items():
        error = None if o.reason else pools.error(pool[name], o)
        if error is not None:
            again = o.with_error(*error)
            if not only_borrowed(again.p, o.p):
                found[name] = replace(again, p=never_alone(again.p, o.p))
    return found


def only_borrowed(moderated: float, own: float) -> bool:
    """Return whether an effect would be found by what it borrows alone.

    Then it borrows nothing, and its error is its own: the interval of an effect noisier than its
    company would else exclude 0 too often.
    """
    return moderated < ALPHA <= own


def never_alone(moderated: float, own: float) -> float:
    """Return a p with a moderated error, which is not below .05 where the effect's own is not.

    An effect that is noisier than its company would be found too often by what it borrows. So what
    others tell may make a finding surer, but it never makes one.
    """
    return moderated if own < ALPHA else max(moderated, own)
