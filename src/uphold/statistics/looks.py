"""Levels for looking at declared numbers of units, so that all looks together err as one test.

In: the numbers of units at which one looks, such as 3, 5, 8, 12. Out: the nominal level of each
look, or the p of one look as a p for the whole plan. Promised: a test that stops at its first look
with p below the nominal level rejects a true null with probability α at most.

The level is spent as Lan and DeMets' version of O'Brien and Fleming does (Lan & DeMets 1983,
Biometrika 70, 659-663): α(t) = 2 - 2 Φ(z(1 - α/2) / √t) has gone by the information t = n / n of
the last look. Little goes early, so that the last look costs little.
"""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from numbers import Integral

import numpy as np
from numpy.polynomial.legendre import leggauss
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from uphold.error_rates import ALPHA

FARTHEST = 9.0
"""Standard errors from 0 beyond which nothing is integrated."""
LEAST = 1e-12
"""Levels below this are 0: no p of a log is as small by right."""
NODES, POINTS = leggauss(12)
LAST = float(ndtri(0.1))
"""The α of a side, as a normal quantile, up to which p over looks are exact."""


def nominal_levels(looks: Sequence[int], alpha: float = ALPHA, sides: int = 1) -> np.ndarray:
    """Return the level for the p of each look, shape (looks,).

    Parameters
    ----------
    looks : sequence of int
        Numbers of units, rising; the last one ends the plan.
    alpha : float
        What all looks together may err.
    sides : {1, 2}
        The p is one-sided (equivalence, which is two tests of α each; margins and bounds) or
        two-sided (direction), where each side has α/2.

    Raises
    ------
    ValueError
        Looks that are no rising whole numbers from 1.

    Notes
    -----
    The levels are those of normal sums with independent increments: density by density from look to
    look, integrated numerically (Armitage, McPherson & Rowe 1969, J. R. Stat. Soc. A 132, 235-244;
    Jennison & Turnbull 2000, ch. 19). For a t test the same nominal p is held against them at each
    look, with the degrees of freedom of that look (Jennison & Turnbull 2000, ch. 3). That is
    exact at the first look, and else an approximation: `bench/looks.py` measures its rates.
    """
    _check(looks)
    levels: np.ndarray = ndtr(-_bounds(np.array(looks, dtype=float), alpha / sides))
    return sides * levels


def p_over_looks(p: np.ndarray, looks: Sequence[int], look: int, sides: int = 1) -> np.ndarray:
    """Return the least α, up to .1 a side, for which p would have stopped the test at this look.

    Such p (repeated p, Jennison & Turnbull 2000, ch. 9) are held against α whatever the look, and
    can be adjusted for a family as any others can: the smallest one of all looks is a p.

    Parameters
    ----------
    p : ndarray
        Of tests with the units there are at this look.
    looks : sequence of int
        The plan.
    look : int
        The number of units at this look, one of the plan.
    sides : {1, 2}
        As for `nominal_levels`.

    Raises
    ------
    ValueError
        Looks that are no rising whole numbers from 1, or do not hold this one.
    """
    _check(looks)
    if look not in looks:
        raise ValueError(f"{look} units are none of the declared looks {list(looks)}.")
    level, alpha = _curve(tuple(int(n) for n in looks), int(look))
    side = np.asarray(p, dtype=float) / sides
    # Where the curve ends, at α = .1 a side, p rises to 1 in proportion: a curve on to α = 1 would
    # reach 1 long before p does, and large p are those by which a claim leaves its family.
    whole, most, start = 1 / sides, ndtr(level[-1]), ndtr(LAST)
    beyond = start + (side - most) / (whole - most) * (whole - start)
    found = np.where(side > most, beyond, ndtr(np.interp(ndtri(side), level, alpha)))
    repeated: np.ndarray = sides * found
    return repeated


@cache
def _curve(looks: tuple[int, ...], look: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the nominal levels of one look and the α of each, as normal quantiles, rising."""
    plan = np.array(looks, dtype=float)
    alpha = np.linspace(-7.0, LAST, 70)
    level = np.array([-_bounds(plan, ndtr(z))[looks.index(look)] for z in alpha])
    there = np.isfinite(level)
    # A look so early that it never stops: no p is small enough.
    return (level[there], alpha[there]) if there.any() else (np.array([-np.inf]), alpha[-1:])


def _check(looks: Sequence[int]) -> None:
    if not len(looks):
        raise ValueError("A plan has one look at least, such as [3, 5, 8].")
    for n in looks:
        if not isinstance(n, Integral) or isinstance(n, bool) or n < 1:
            raise ValueError(f"Looks are whole numbers of units from 1, not {n!r}.")
    for before, n in pairwise(looks):
        if n <= before:
            raise ValueError(f"Looks rise from one to the next: {n} follows {before}.")


def _spent(t: np.ndarray, alpha: float) -> np.ndarray:
    spent: np.ndarray = 2 * ndtr(ndtri(alpha / 2) / np.sqrt(t))
    return spent


def _bounds(looks: np.ndarray, alpha: float) -> np.ndarray:
    """Return the z of each look above which a one-sided test stops; infinite where it cannot."""
    t = looks / looks[-1]
    step = np.diff(t, prepend=0)
    gone = np.diff(_spent(t, alpha), prepend=0)
    bounds = np.full(t.size, np.inf)
    # Places of the sum so far, and the probability of each, of not having stopped.
    place, mass = np.zeros(1), np.ones(1)
    for k, (root, sd) in enumerate(zip(np.sqrt(t), np.sqrt(step), strict=True)):
        if gone[k] > LEAST:
            more = place, mass, root, sd, gone[k]
            bounds[k] = brentq(_excess, -FARTHEST, FARTHEST, args=more)
        if k + 1 < t.size:
            top = min(bounds[k], FARTHEST) * root
            nodes, weight = _nodes(-FARTHEST * root, top, min(sd, np.sqrt(step[k + 1])))
            density = np.exp(-0.5 * ((nodes[:, None] - place) / sd) ** 2) @ mass
            place, mass = nodes, weight * density / (sd * np.sqrt(2 * np.pi))
    return bounds


def _excess(
    z: float, place: np.ndarray, mass: np.ndarray, root: float, sd: float, gone: float
) -> float:
    """Return by how much the probability of stopping above z is larger than what may go."""
    return float(mass @ ndtr((place - z * root) / sd)) - gone


def _nodes(low: float, high: float, width: float) -> tuple[np.ndarray, np.ndarray]:
    """Return places and weights that integrate what varies over widths, panel by panel."""
    edges = np.linspace(low, high, 1 + int(np.ceil((high - low) / (2 * width))))
    half = np.diff(edges) / 2
    places = edges[:-1, None] + half[:, None] * (1 + NODES)
    return places.ravel(), (half[:, None] * POINTS).ravel()
