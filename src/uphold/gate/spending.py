"""How the error is spent over proposals.

The t-th candidate is kept once its evidence reaches 1/α_t, with

    α_t = α · share(t) · (1 + how many were kept before by this rule),

which is e-LOND (Xu and Ramdas 2024, "Online multiple testing with e-values"): the expected share
of candidates kept that gain nothing stays below α, whatever the dependence between proposals, such
as a baseline that all of them share; where none gains anything, that is the chance of keeping any.
Alpha-investing would need tests that are independent of each other, and a confidence sequence for
each candidate alone would keep one in twenty of those that gain nothing. Shares of all t add up to
1: half of the error is for the first hundred proposals, a quarter for the next two hundred, and so
on, the same for each of a stretch, so that a candidate late in a loop is not judged more harshly
than it must be.
"""

from uphold.error_rates import ALPHA

FIRST = 100
"""Proposals that half of the error is for."""


def share(proposal: int) -> float:
    """Return the part of the error that a proposal may have, the first one being 1."""
    length, left = FIRST, 0.5
    while proposal > length:
        proposal -= length
        length *= 2
        left /= 2
    return left / length


def level(proposal: int, kept: int) -> float:
    """Return the level of a proposal after ``kept`` of those before it were kept by this rule."""
    return min(ALPHA * share(proposal) * (1 + kept), ALPHA)
