"""Adjustment of the p of a family of claims.

In: for each claim the p of its null hypotheses, of which **at most one is true**: "the effect is 0"
and "the effect is as large as the margin" cannot both be. Out: an adjusted p for each null. One
that is below α is rejected. Promised: with one null a claim these are Holm's and Benjamini and
Hochberg's adjusted p.

Nulls that meet in one point, "at most x" and "at least x", are taken as if one of them were true: a
family errs by α on the wrong side, however near to x the effects lie, and at x itself by α on each.

What counts is the number m of claims and not that of their nulls (Shaffer 1986, J. Am. Stat. Assoc.
81, 826-831): no more than m nulls are true. Two claims that are one and the same test have equal
keys in ``same``: they count once and share their adjusted p. NaN is a null that could not be
tested: it stays NaN, and its claim counts all the same, since it was declared.
"""

from collections.abc import Hashable, Sequence

import numpy as np

from uphold.error_rates import ALPHA

Tests = Sequence[np.ndarray]


def step_down(tests: Tests, same: Sequence[Hashable] | None = None) -> list[np.ndarray]:
    """Return p adjusted for the family-wise error rate.

    The nulls are rejected in the order of their p. The multiplier starts at m and falls by one as a
    claim is finished: when one of its nulls is rejected and each other one is rejected as well or
    has p > 1 - α/m, which no level will reach. An effect found far beyond the margin is plainly no
    equivalent, so its claim leaves; one found near the margin stays.

    Parameters
    ----------
    tests : sequence of ndarray, shape (nulls,)
        For each claim, the p of its nulls.
    same : sequence of hashable, optional
        A key for each claim.

    Returns
    -------
    list of ndarray, shape (nulls,)

    Raises
    ------
    ValueError
        Claims with one key and different p.

    Notes
    -----
    Sequential rejection (Goeman & Solari 2010, Ann. Stat. 38, 3782-3810): until a first true null
    is rejected, a claim whose null i is true leaves only if p_i > τ = 1 - α/m. With K other such
    claims still there, p_i is held against α/(1 + K) at most. Leaving by p_i > τ is harmless where
    p_i is uniformly conservative, P(p ≤ x) ≤ x/τ · P(p ≤ τ), as those of t tests are (Zhao, Small &
    Su 2019, J. Am. Stat. Assoc. 114, 1291-1304): if the claims are independent, and however the p
    of one claim hang together, the sum over i of E[1/(1 + K)] · α/τ · P(p_i ≤ τ) is at most α/τ,
    .051 for α = .05 and two claims. Where claims go against each other, as precision and recall
    over seeds do, τ = .95 would err in .10, since one claim leaves when it looks worst and so lifts
    the level for the one that looks best; with 1 - α/m it is .061 at a correlation of -.9, and .053
    at -1. Taking a claim off after its first rejection is not valid, not even where its nulls
    cannot both be rejected: true effects at a margin of 3.5 standard errors were called equivalent
    in up to 28 % of families (`bench/families.py`).
    """
    once, back = _once(tests, same)
    p, claim = _flat(once)
    order = np.argsort(p, kind="stable")  # NaN come last.
    place = np.empty(p.size, dtype=int)
    place[order] = np.arange(p.size)
    # The place of the rejection that finishes each claim. Its first one is needed in any case.
    last = np.full(len(once), -1)
    first = np.full(len(once), p.size)
    sure = 1 - ALPHA / max(1, len(once))
    np.maximum.at(last, claim, np.where(p > sure, -1, place))
    np.minimum.at(first, claim, place)
    finished = np.maximum(first, last)
    left = np.searchsorted(np.sort(finished), np.arange(p.size), side="left")
    steps = p[order] * np.maximum(len(once) - left, 1)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(np.fmax.accumulate(steps), 1.0)
    adjusted[np.isnan(p)] = np.nan
    return _shaped(adjusted, once, back)


def step_up(tests: Tests, same: Sequence[Hashable] | None = None) -> list[np.ndarray]:
    """Return p adjusted for the false discovery rate.

    The nulls with p ≤ α r / m are rejected, r being the largest number for which r **claims** have
    such a null.

    Parameters, returns and raises: as `step_down`.

    Notes
    -----
    Benjamini & Hochberg (1995), J. R. Stat. Soc. B 57, 289-300, on the smallest p of each claim.
    A true null i is rejected where p_i ≤ α r / m, and its claim is one of the r then, so that r
    depends on the other claims only: with independent claims the share of true nulls among the r,
    no less than that among all rejected ones, is α/m on average for each of at most m true nulls.
    Ranks among the nulls instead of the claims would let a claim with two rejections lift the
    level for its own third, and give .065 instead of .05 (`bench/families.py`).
    """
    once, back = _once(tests, same)
    p, _ = _flat(once)
    smallest = np.sort([np.fmin.reduce(own, initial=np.nan) for own in once])
    smallest = smallest[~np.isnan(smallest)]
    factor = len(once) / np.arange(1, smallest.size + 1)
    # The least α that rejects: at p's own rank, or at a later one that lifts the level.
    rank = np.searchsorted(smallest, p, side="right")
    from_there = np.append(np.minimum.accumulate((smallest * factor)[::-1])[::-1], np.inf)
    own = p * np.append(np.inf, factor)[rank]
    adjusted = np.minimum(np.minimum(own, from_there[rank]), 1.0)
    adjusted[np.isnan(p)] = np.nan
    return _shaped(adjusted, once, back)


def _once(tests: Tests, same: Sequence[Hashable] | None) -> tuple[list[np.ndarray], list[int]]:
    """Return each test once, and for every claim which of them is its own."""
    tests = [np.atleast_1d(np.asarray(p, dtype=float)) for p in tests]
    if same is None:
        return tests, list(range(len(tests)))
    if len(same) != len(tests):
        raise ValueError(f"{len(tests)} claims and {len(same)} keys: each claim has one key.")
    number: dict[Hashable, int] = {}
    once: list[np.ndarray] = []
    for key, p in zip(same, tests, strict=True):
        if key not in number:
            number[key] = len(once)
            once.append(p)
        elif not _alike(once[number[key]], p):
            raise ValueError(
                f"Two claims have the key {key!r} and different p, {once[number[key]]} and {p}: "
                "give the same key to one and the same test only."
            )
    return once, [number[key] for key in same]


def _flat(tests: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return the p of all nulls and the claim of each, shape (all nulls,)."""
    claim = np.repeat(np.arange(len(tests)), [p.size for p in tests])
    return np.concatenate([*tests, np.empty(0)]), claim


def _shaped(adjusted: np.ndarray, once: list[np.ndarray], back: list[int]) -> list[np.ndarray]:
    """Return the adjusted p claim by claim."""
    parts = np.split(adjusted, np.cumsum([p.size for p in once]))[: len(once)]
    return [parts[i].copy() for i in back]


def _alike(one: np.ndarray, other: np.ndarray) -> bool:
    """Return whether two sets of p are of one test, which a step back computes with rounding."""
    return one.shape == other.shape and np.allclose(one, other, 1e-6, 1e-9, equal_nan=True)
